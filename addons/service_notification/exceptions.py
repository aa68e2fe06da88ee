"""What a channel raises when something could not be sent."""


class DeliveryError(Exception):
    """One message could not be sent.

    :param str text: why, for the people who look after the outbox
    :param bool is_permanent: trying again cannot help (a wrong address)
    """

    def __init__(self, text, is_permanent=False):
        super().__init__(text)
        self.is_permanent = is_permanent


class ChannelDown(DeliveryError):
    """The channel itself does not work at this moment (no mail server answers): no other message will get through."""
