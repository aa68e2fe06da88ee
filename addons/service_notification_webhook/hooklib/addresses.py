"""Which IP addresses a webhook may be sent to.

An own list rather than `ipaddress.is_global`: that one's answers differ between releases of Python 3.11 and 3.12, and
it calls addresses global that carry another one inside. The lists follow the IANA special-purpose registries.
"""

import ipaddress

PUBLIC, PRIVATE, NEVER = "public", "private", "never"


def _networks(text):
    return tuple(ipaddress.ip_network(part) for part in text.split())


# Somebody's own network: an administrator can have a receiver there.
INSIDE = _networks("10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 ::1/128 fc00::/7")
# Of IPv4 nobody's receiver: this network, link-local, IETF, documentation, benchmarks, 6to4, multicast, reserved.
SPECIAL_4 = _networks(
    "0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 "
    "224.0.0.0/4 240.0.0.0/4"
)
# Of IPv6 only 2000::/3 is given out; not IETF's part of it (with Teredo), documentation, and 6to4, which hides an IPv4.
GLOBAL_6 = ipaddress.ip_network("2000::/3")
SPECIAL_6 = _networks("2001::/23 2001:db8::/32 2002::/16 3fff::/20")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Where clouds tell a machine its own credentials, if they are not link-local: AWS, Alibaba, Azure.
METADATA = frozenset(
    ipaddress.ip_address(text) for text in ("fd00:ec2::254", "100.100.100.200", "168.63.129.16", "fd20:ce::254")
)


def judge(text):
    """Return what an IP address is: ``PUBLIC``, ``PRIVATE`` (may be allowed), or ``NEVER`` sent to.

    >>> [judge(text) for text in ("93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822")]
    ['public', 'public', 'public']
    >>> [judge(text) for text in ("127.0.0.1", "10.1.2.3", "100.64.0.1", "fd12::1", "64:ff9b::a01:203")]
    ['private', 'private', 'private', 'private', 'private']
    >>> [judge(text) for text in ("169.254.169.254", "::ffff:127.0.0.1", "fe80::1%eth0", "ff02::1", "0.0.0.0")]
    ['never', 'never', 'never', 'never', 'never']

    :param str text: as a resolver gives it
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return NEVER
    if address.version == 6 and address in NAT64:
        return judge(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
    if getattr(address, "scope_id", None) or address in METADATA:
        return NEVER
    if any(address in network for network in INSIDE):
        return PRIVATE
    return PUBLIC if _is_given_out(address) else NEVER


def _is_given_out(address):
    if address.version == 4:
        return not any(address in network for network in SPECIAL_4)
    return address in GLOBAL_6 and not any(address in network for network in SPECIAL_6)
