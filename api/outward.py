"""Sending to addresses that somebody typed in: only outward, never into the house's own network.

The name is resolved once, every address of it must be a public one, and the connection goes to
that very address: a name that answers otherwise a moment later reaches nothing.
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

SECONDS = 10
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
        host, address, port = self._resolve(url)
        parts = urlsplit(url)
        named = f"[{address}]" if address.version == 6 else str(address)
        target = parts._replace(netloc=f"{named}:{port}").geturl()
        headers = {"Host": parts.netloc, "Content-Type": "application/json"}
        with httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client:
            request = client.build_request(
                "POST", target, content=body, headers=headers,
                extensions={"sni_hostname": host},
            )  # fmt: skip
            with_body = client.send(request, stream=True)
            with_body.close()
        return with_body.status_code

    def _resolve(self, url: str) -> tuple[str, Address, int]:
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise NotOutward("It is no address such as https://archive.example/heads.") from None
        if parts.scheme not in self.schemes or not parts.hostname or parts.username:
            raise NotOutward("It is no address such as https://archive.example/heads.")
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NotOutward(f"Nobody knows the name {parts.hostname[:100]!r}.") from None
        addresses = [ipaddress.ip_address(each[4][0]) for each in found]
        if not all(self.allows(each) for each in addresses):
            raise NotOutward("It leads into a network that is not public.")
        return parts.hostname, addresses[0], port
