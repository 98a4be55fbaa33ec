"""An OpenID provider on a loopback socket: answers as told, and keeps what it was asked."""

import hashlib
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

import orjson
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, CLIENT_SECRET = "indelible-client", "a secret shared with the provider"


@dataclass
class Provider:
    """What the provider says: ``claims`` are added to its token, ``facts`` to its document."""

    issuer: str = ""
    subject: str = "person-1"
    nonce: str = ""
    code_challenge: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None
    algorithm: str = "ES256"
    published: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))
    signs_with: ECKey | OctKey | None = None
    problem: str = ""

    def document(self) -> dict[str, Any]:
        """``/.well-known/openid-configuration``."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?a=b",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.facts

    def token(self) -> str:
        """A signed account of who was recognised, as ``claims`` bend it."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 60,
        } | self.claims
        said = {name: value for name, value in claims.items() if value is not ...}
        header = {"alg": self.algorithm, "kid": "1"}
        key = self.signs_with or self.published
        return jwt.encode(header, said, key, algorithms=[self.algorithm])

    def exchange(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        """The token for a code, where the client proves itself and its verifier."""
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        client, _, secret = b64decode(authorization.partition(" ")[2]).decode().partition(":")
        if (unquote(client), unquote(secret)) != (CLIENT, CLIENT_SECRET):
            self.problem = "client"
        elif challenge != self.code_challenge or form["code"] != "good":
            self.problem = "code"
        else:
            return {"access_token": "unused", "token_type": "Bearer", "id_token": self.token()}
        return {"error": "invalid_grant"}

    def answer(self, path: str, form: dict[str, str], authorization: str) -> Any:
        """What it answers at a path."""
        if path == "/token":
            return self.exchange(form, authorization)
        if path == "/keys":
            return {"keys": [self.published.as_dict(private=False)]}
        return self.document()


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that listens until the test is over."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._say({name: values[0] for name, values in parse_qs(body).items()})

        def _say(self, form: dict[str, str]) -> None:
            found = provider.answer(self.path, form, self.headers.get("authorization", ""))
            body = provider.body if provider.body is not None else orjson.dumps(found)
            self.send_response(provider.status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
