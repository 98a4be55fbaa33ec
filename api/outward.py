"""Sending to addresses that somebody typed in: only outward, never into the house's own network.

The name is resolved once, every address of it must be a public one, and the connection goes to
that very address: a name that answers otherwise a moment later reaches nothing.
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass

import httpx

SECONDS = 10
NO_ADDRESS = "It is no address such as https://archive.example/heads."
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotOutward(Exception):
    """An address that nothing is sent to; the message says why."""


def is_public(address: Address) -> bool:
    """Whether an address belongs to nobody's inside: neither private, local nor reserved."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_global and not (mapped or address).is_multicast


@dataclass(frozen=True)
class Outward:
    """Posts JSON to the world outside. ``allows`` decides on addresses; tests allow their own."""

    allows: Callable[[Address], bool] = is_public
    schemes: frozenset[str] = frozenset({"https"})

    def check(self, url: str) -> None:
        """Raises :class:`NotOutward` where nothing would be sent to this address."""
        self._resolve(url)

    def post(self, url: str, body: bytes) -> int:
        """Post JSON; the HTTP status. Redirects are not followed.

        Raises :class:`NotOutward`, or httpx.HTTPError where nobody answers.
        """
        named, address, port = self._resolve(url)
        target = named.copy_with(host=str(address), port=port)
        headers = {"Host": named.netloc.decode(), "Content-Type": "application/json"}
        with httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client:
            request = client.build_request(
                "POST", target, content=body, headers=headers,
                extensions={"sni_hostname": named.raw_host.decode()},
            )  # fmt: skip
            with_body = client.send(request, stream=True)
            with_body.close()
        return with_body.status_code

    def _resolve(self, url: str) -> tuple[httpx.URL, Address, int]:
        try:
            named = httpx.URL(url)
            host = named.host
        except (httpx.InvalidURL, ValueError):
            raise NotOutward(NO_ADDRESS) from None
        port = named.port or (443 if named.scheme == "https" else 80)
        if named.scheme not in self.schemes or not host or named.userinfo or port > 65535:
            raise NotOutward(NO_ADDRESS)
        try:
            found = socket.getaddrinfo(named.raw_host.decode(), port, type=socket.SOCK_STREAM)
        except (OSError, ValueError):
            raise NotOutward(f"Nobody knows the name {host[:100]!r}.") from None
        addresses = [ipaddress.ip_address(each[4][0]) for each in found]
        if not all(self.allows(each) for each in addresses):
            raise NotOutward("It leads into a network that is not public.")
        return named, addresses[0], port
