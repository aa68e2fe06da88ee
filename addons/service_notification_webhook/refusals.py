"""What people read when a URL is refused."""


def explain(env, refused):
    """Return the sentence for a `hooklib.refused.Refused`, in the user's language: what is wrong, and what to do."""
    return _explain_url(env, refused) or _explain_host(env, refused)


def _explain_url(env, refused):
    return {
        "characters": env._("The URL holds blanks, a backslash or invisible characters, or it is too long."),
        "url": env._("This is no URL. Write one like https://shop.example.com/hooks."),
        "scheme": env._(
            "The URL must begin with https://. Without encryption it works only for a host that the administrator "
            "allows as http://host in the settings."
        ),
        "userinfo": env._("The URL must not hold a user name or a password. The signature proves who sends."),
        "fragment": env._("The URL must not hold a #."),
    }.get(refused.code)


def _explain_host(env, refused):
    detail = refused.detail
    return {
        "host": env._("“%(host)s” is no host name.", host=detail),
        "numeric": env._(
            "“%(host)s” is no address in its usual form. Write the name of the host, or an address like 198.51.100.7.",
            host=detail,
        ),
        "port": env._(
            "Port %(port)s is not used: 443 and 8443 are. The administrator can allow a host with another port in the "
            "settings.",
            port=detail,
        ),
        "lookup": env._("There is no host “%(host)s”, or its name server does not answer.", host=detail),
        "private": env._(
            "%(address)s is inside a private network. The administrator can allow the host by name in the settings.",
            address=detail,
        ),
        "never": env._("%(address)s is no address of a receiver; it cannot be allowed either.", address=detail),
        "allowed": env._(
            "“%(entry)s” is no host. Write names like erp.lan, erp.lan:8069 or http://erp.lan.", entry=detail
        ),
    }[refused.code]
