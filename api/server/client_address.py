"""The client address of a request behind trusted proxies, for rate limits.

The server itself puts it into the request: the peer's own or, where the peer is a proxy named in
``INDELIBLE_TRUSTED_PROXIES``, what that proxy says in ``X-Forwarded-For``. No header of a client
is read here.
"""

import ipaddress
from collections.abc import MutableMapping
from typing import Any

PREFIX = 64
"""Of IPv6 the network that one subscriber is given: whoever has it has all its addresses."""


def client_of(scope: MutableMapping[str, Any]) -> str:
    """Where an ASGI request comes from; an empty text where the server does not say."""
    client = scope.get("client")
    return network_of(client[0]) if client else ""


def network_of(host: str) -> str:
    """An IPv4 address as it is, of an IPv6 address its /64; anything else stays as written."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, PREFIX), strict=False))
