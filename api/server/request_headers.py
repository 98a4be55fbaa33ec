"""Reading the request headers that authentication and intake need."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from api.server.client_address import client_of

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
