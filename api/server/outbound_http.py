"""Outbound HTTP to addresses that somebody typed in, never into private networks (SSRF).

The name is resolved once, every address of it must be a public one, and the connection goes to
that very address: a name that answers otherwise a moment later reaches nothing.
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

SECONDS = 10
NO_ADDRESS = "It is no address such as https://archive.example/heads."
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressNotPublic(Exception):
    """An address that nothing is sent to; the message says why."""


_UNICAST = ipaddress.ip_network("2000::/3")
_NOT_ENDS = tuple(
    ipaddress.ip_network(each)
    for each in (
        "192.88.99.0/24",  # relays of 6to4
        "192.0.0.0/24",  # IETF protocol assignments, those said to be global too
        "2001::/23",  # the same; Teredo and ORCHID among them
        "2002::/16",  # 6to4: an IPv4 address inside
        "2001:db8::/32",
        "3fff::/20",  # documentation
    )
)
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
HTTPS = 443


def is_public(address: Address) -> bool:
    """Whether an address is global unicast, and none that a gateway turns into another.

    What is not named here is not public: of IPv6 only 2000::/3 is, so neither NAT64
    (64:ff9b::/96, 64:ff9b:1::/48) nor IPv4 mapped into or compatible with IPv6.
    """
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if any(address.version == each.version and address in each for each in _NOT_ENDS):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    return address in _UNICAST and (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP


@dataclass(frozen=True)
class CheckedAddress:
    """What a request is sent to: the checked address itself, under the name that was asked for."""

    url: httpx.URL
    host: str
    name: str

    def request(self, client: httpx.Client | httpx.AsyncClient, method: str, **values: Any) -> Any:
        """A request of this client; TLS asks for the certificate of the name."""
        headers = {"Host": self.host} | values.pop("headers", {})
        extensions = {"sni_hostname": self.name}
        return client.build_request(
            method, self.url, headers=headers, extensions=extensions, **values
        )


@dataclass(frozen=True)
class OutboundHttp:
    """Posts JSON to the world outside. ``allows`` decides on addresses; tests allow their own."""

    allows: Callable[[Address], bool] = is_public
    schemes: frozenset[str] = frozenset({"https"})

    def check(self, url: str) -> None:
        """Raises :class:`AddressNotPublic` where nothing would be sent to this address."""
        self.aim(url)

    def post(self, url: str, body: bytes) -> int:
        """Post JSON; the HTTP status. Redirects are not followed.

        Raises :class:`AddressNotPublic`, or httpx.HTTPError where nobody answers.
        """
        aim = self.aim(url)
        with httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client:
            headers = {"Content-Type": "application/json"}
            request = aim.request(client, "POST", content=body, headers=headers)
            with_body: httpx.Response = client.send(request, stream=True)
            with_body.close()
        return with_body.status_code

    def aim(self, url: str) -> CheckedAddress:
        """Where a request to this address is sent. Raises :class:`AddressNotPublic`."""
        named, port = self._read(url)
        try:
            found = socket.getaddrinfo(named.raw_host.decode(), port, type=socket.SOCK_STREAM)
        except (OSError, ValueError):
            raise AddressNotPublic(f"Nobody knows the name {named.host[:100]!r}.") from None
        addresses = [ipaddress.ip_address(each[4][0]) for each in found]
        if not addresses or not all(self.allows(each) for each in addresses):
            raise AddressNotPublic("It leads into a network that is not public.")
        target = named.copy_with(host=str(addresses[0]), port=port)
        return CheckedAddress(target, named.netloc.decode(), named.raw_host.decode())

    def _read(self, url: str) -> tuple[httpx.URL, int]:
        try:
            named = httpx.URL(url)
            host = named.host
        except (httpx.InvalidURL, ValueError):
            raise AddressNotPublic(NO_ADDRESS) from None
        port = named.port or (HTTPS if named.scheme == "https" else 80)
        if named.scheme not in self.schemes or not host or named.userinfo or port > 65535:
            raise AddressNotPublic(NO_ADDRESS)
        if named.scheme == "https" and port != HTTPS:
            raise AddressNotPublic("Only port 443 is sent to.")
        return named, port
