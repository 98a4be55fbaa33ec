"""HTTP Digest authentication (RFC 7616, MD5, qop auth) for ODK Collect.

The user's name is the hash that a credential is known by, its password is derived from that hash
and the installation's secret: nothing more is stored, and a revoked credential opens nothing.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass
from urllib.request import parse_http_list, parse_keqv_list

REALM = "indelible"
FRESH_SECONDS = 300
ANONYMOUS = "-"
"""What stands in the address in place of a token where the phone signs in by Digest."""


@dataclass(frozen=True)
class DigestClaim:
    """Who a request says it is from. ``stale``: rightly signed, with a nonce that is too old."""

    token_hash: bytes
    stale: bool


@dataclass(frozen=True)
class Digest:
    """Makes the challenges and checks the answers to them."""

    secret: str

    def account(self, token_hash: bytes) -> tuple[str, str]:
        """The name and password of a credential."""
        return token_hash.hex(), self._keyed("digest password", token_hash.hex())[:32]

    def challenge(self, *, stale: bool = False) -> str:
        """A value of ``WWW-Authenticate``."""
        said = f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{self._nonce()}"'
        return said + (", stale=true" if stale else "")

    def claim(self, authorization: str, method: str, target: str) -> DigestClaim | None:
        """Who signed this request for this target (path and query); None where nobody did."""
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() != "digest":
            return None
        try:
            given = parse_keqv_list(parse_http_list(rest))
            token_hash = bytes.fromhex(given["username"])
            expected = self._response(given, token_hash, method)
        except (KeyError, ValueError):
            return None
        signed = hmac.compare_digest(expected.encode(), given["response"].encode())
        if not signed or given["uri"] != target or not self._is_ours(given["nonce"]):
            return None
        age = time.time() - int(given["nonce"].partition(".")[0], 16)
        return DigestClaim(token_hash, stale=not 0 <= age <= FRESH_SECONDS)

    def _response(self, given: dict[str, str], token_hash: bytes, method: str) -> str:
        name, password = self.account(token_hash)
        first = _md5(f"{name}:{REALM}:{password}")
        second = _md5(f"{method}:{given['uri']}")
        parts = (first, given["nonce"], given["nc"], given["cnonce"], given["qop"], second)
        return _md5(":".join(parts))

    def _nonce(self) -> str:
        at = f"{int(time.time()):x}"
        return f"{at}.{self._keyed('digest nonce', at)}"

    def _is_ours(self, nonce: str) -> bool:
        at, _, keyed = nonce.partition(".")
        return hmac.compare_digest(keyed.encode(), self._keyed("digest nonce", at).encode())

    def _keyed(self, purpose: str, text: str) -> str:
        message = f"{purpose}\n{text}".encode()
        return hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
