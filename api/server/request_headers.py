"""Reading the request headers that authentication and intake need."""

import ipaddress
from collections.abc import MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

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


COOKIE = "indelible_session"


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of a request that identity and intake look at, and where it comes from."""

    values: dict[bytes, str]
    address: str = ""

    @classmethod
    def of(cls, scope: MutableMapping[str, Any]) -> "Headers":
        """The headers of an ASGI request; of repeated ones the last."""
        values = {name: value.decode("latin-1") for name, value in scope["headers"]}
        return cls(values, client_of(scope))

    def get(self, name: bytes) -> str:
        """A header's value, or an empty text."""
        return self.values.get(name, "")

    @property
    def content_type(self) -> str:
        return self.get(b"content-type")

    @property
    def bearer(self) -> str | None:
        scheme, _, token = self.get(b"authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token.strip() else None

    @property
    def session(self) -> str | None:
        try:
            morsel = SimpleCookie(self.get(b"cookie")).get(COOKIE)
        except CookieError:
            return None
        return morsel.value if morsel else None

    @property
    def same_origin(self) -> bool:
        """Whether a browser says that one of our own pages made this request."""
        site, origin = self.get(b"sec-fetch-site"), self.get(b"origin")
        if site:
            return site == "same-origin"
        return bool(origin) and urlsplit(origin).netloc == self.get(b"host")

    @property
    def cross_origin(self) -> bool:
        """Whether a browser says that another site made this request. Browsers always say for a
        form; what says nothing is a program, which nobody can make send it in their stead."""
        said = self.get(b"sec-fetch-site") or self.get(b"origin")
        return bool(said) and self.get(b"sec-fetch-site") != "none" and not self.same_origin
