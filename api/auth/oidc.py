"""OpenID Connect: signing in with an account at the organisation's provider, once linked.

The code flow with PKCE (RFC 7636), a nonce and a state bound to the browser. The provider is the
operator's choice, in the environment; whether it asks for a second factor is its own matter.
"""

import asyncio
import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlmodel import Session, col, select

from api.audit.unit_of_work import Work
from api.auth.challenges import spend, spent_in
from api.auth.principal import issue_credential, session_expiry
from api.database.clock import ENTER
from api.database.sessions import Pool
from api.problems import UNAUTHENTICATED, UNAVAILABLE, Problem
from api.server.outbound_http import AddressNotPublic, OutboundHttp
from api.settings import OpenIdProvider
from schemas.columns import now
from schemas.credential import LinkedAccount, Purpose, Role
from schemas.problems import Refusal

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures by the provider's private key: never ``none``, never our shared secret."""
LEEWAY = 60
"""Seconds by which the provider's clock may differ."""
SECONDS = 10.0
MAX_RESPONSE_BYTES = 1_000_000
KNOWN_SECONDS = 300.0
"""How long what the provider says of itself is believed."""
REFUSED = "The provider did not confirm who you are. Try again."
NO_ANSWER = "The provider does not answer. Sign in with password and code."


class OpenId:
    """The provider of this installation. ``back`` is where it sends the browser afterwards.

    The issuer's own host is the operator's word, on an inner network too. Where the issuer names
    another host for its keys or its tokens, that must be a public one.
    """

    def __init__(self, provider: OpenIdProvider, outward: OutboundHttp) -> None:
        self._provider, self._outward = provider, outward
        self._known: Mapping[str, Any] = {}
        self._known_at = 0.0

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def issuer(self) -> str:
        return self._provider.issuer

    async def address(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to be recognised. Problem: 503 where the provider is silent."""
        async with _client() as client:
            facts = await self._facts(client)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "scope": "openid",
            "redirect_uri": back,
            "state": state,
            "nonce": nonce,
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        endpoint = facts["authorization_endpoint"]
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def subject(self, back: str, code: str, nonce: str, verifier: str) -> str:
        """Whom the provider recognised: its lasting name for them.

        Problems: 401 where it did not confirm, 503 where it is silent.
        """
        async with _client() as client:
            facts = await self._facts(client)
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": back,
                "code_verifier": verifier,
                "client_id": self._provider.client_id,
            }
            token = await self._token(client, facts["token_endpoint"], form)
            keys = await self._asked(client, "GET", facts["jwks_uri"])
        return self._read(token, keys, nonce)

    async def _facts(self, client: httpx.AsyncClient) -> Mapping[str, Any]:
        """What the provider says of itself, kept for a while: not each page asks."""
        if not self._known or time.monotonic() - self._known_at > KNOWN_SECONDS:
            self._known, self._known_at = await self._asked_facts(client), time.monotonic()
        return self._known

    async def _asked_facts(self, client: httpx.AsyncClient) -> Mapping[str, Any]:
        issuer = self._provider.issuer
        facts = await self._asked(client, "GET", f"{issuer}/.well-known/openid-configuration")
        named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if str(facts.get("issuer", "")).rstrip("/") != issuer or not all(
            _is_as_safe(facts.get(name), issuer) for name in named
        ):
            raise Problem(UNAVAILABLE, NO_ANSWER)
        return facts

    async def _token(self, client: httpx.AsyncClient, endpoint: str, form: dict[str, str]) -> str:
        who = (self._provider.client_id, self._provider.client_secret)
        given = await self._asked(client, "POST", endpoint, data=form, auth=who)
        if not isinstance(given.get("id_token"), str):
            raise Problem(UNAUTHENTICATED, REFUSED)
        return str(given["id_token"])

    async def _asked(
        self, client: httpx.AsyncClient, method: str, url: str, **values: Any
    ) -> Mapping[str, Any]:
        """The provider's answer to one question; one that refuses confirms nobody."""
        try:
            request = await self._request(client, method, url, values)
            answer = await client.send(request, auth=values.get("auth"))
        except (httpx.HTTPError, httpx.InvalidURL, AddressNotPublic) as problem:
            raise Problem(UNAVAILABLE, NO_ANSWER) from problem
        return _read_answer(answer)

    async def _request(
        self, client: httpx.AsyncClient, method: str, url: str, values: Mapping[str, Any]
    ) -> httpx.Request:
        sent = {name: value for name, value in values.items() if name != "auth"}
        if urlsplit(url).netloc == urlsplit(self._provider.issuer).netloc:
            return client.build_request(method, url, **sent)
        aim = await asyncio.to_thread(self._outward.aim, url)
        request: httpx.Request = aim.request(client, method, **sent)
        return request

    def _read(self, token: str, keys: Mapping[str, Any], nonce: str) -> str:
        """OpenID Connect Core 1.0, section 3.1.3.7."""
        mine = self._provider.client_id
        try:
            found = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            claims = found.claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                aud={"essential": True, "value": mine},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as problem:
            raise Problem(UNAUTHENTICATED, REFUSED) from problem
        if str(claims.get("iss", "")).rstrip("/") != self._provider.issuer:
            raise Problem(UNAUTHENTICATED, REFUSED)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else mine) != mine:
            raise Problem(UNAUTHENTICATED, REFUSED)
        subject = claims["sub"]
        if not (isinstance(subject, str) and subject.isascii() and subject.isprintable()):
            raise Problem(UNAUTHENTICATED, REFUSED)
        return subject


def _is_as_safe(address: object, issuer: str) -> bool:
    """Whether an address is https; or http like the issuer, which is then of this machine."""
    return isinstance(address, str) and address.startswith(
        ("https://", f"{urlsplit(issuer).scheme}://")
    )


def fresh() -> str:
    """A random text of 256 bits: a nonce, or a PKCE verifier."""
    return secrets.token_urlsafe(32)


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=SECONDS, follow_redirects=False)


def _read_answer(answer: httpx.Response) -> Mapping[str, Any]:
    if answer.status_code >= 500 or len(answer.content) > MAX_RESPONSE_BYTES:
        raise Problem(UNAVAILABLE, NO_ANSWER)
    try:
        found = answer.json() if answer.status_code == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Problem(UNAUTHENTICATED, REFUSED)
    return found


UNLINKED = (
    "No member of this mission has linked that account. Sign in with password and code, then link "
    "it under Your sessions."
)
FIND_MISSION = "SELECT find_mission(%s)"
USE = """
UPDATE linked_account l SET used_at = %s FROM member m
WHERE l.mission_id = %s AND l.issuer = %s AND l.subject = %s
  AND m.mission_id = l.mission_id AND m.id = l.member_id AND m.ended_at IS NULL
RETURNING m.id, m.role"""


@dataclass(frozen=True)
class Sent:
    """What a browser was sent out to the provider with; it comes back once."""

    issuer: str
    challenge: bytes
    said: dict[str, Any]


def of_member(session: Session, member: UUID) -> list[LinkedAccount]:
    """The accounts that a member linked, the newest first."""
    query = select(LinkedAccount).where(LinkedAccount.member_id == member)
    return list(session.exec(query.order_by(col(LinkedAccount.added_at).desc())))


def link(work: Work, sent: Sent, subject: str) -> None:
    """Link an account to who acts. Raises :class:`Refusal` where it is another member's; Problem:
    401 where the browser came back before."""
    assert work.actor is not None
    issuer = sent.issuer
    if not spent_in(work.session, sent.challenge, sent.said):
        raise Problem(UNAUTHENTICATED, REFUSED)
    query = select(LinkedAccount).where(
        LinkedAccount.mission_id == work.mission_id,
        LinkedAccount.issuer == issuer,
        LinkedAccount.subject == subject,
    )
    known = work.session.exec(query).first()
    if known is not None and known.member_id != work.actor:
        raise Refusal("That account is linked to another member of this mission.")
    if known is None:
        work.session.add(
            LinkedAccount(
                mission_id=work.mission_id,
                member_id=work.actor,
                issuer=issuer,
                subject=subject,
                added_at=now(),
            )
        )
        work.log("account.link", work.actor, issuer)


def unlink(work: Work, member: UUID, wanted: str) -> bool:
    """End a link by its id; whether there was one."""
    for each in of_member(work.session, member):
        if str(each.id) == wanted:
            work.session.delete(each)
            work.log("account.unlink", member, each.issuer)
            return True
    return False


async def sign_in(pool: Pool, sent: Sent, subject: str, label: str) -> str:
    """The token of a new session for whom the provider named. Problem: 401."""
    async with pool.connection() as connection, connection.transaction():
        slug = (sent.said["mission"],)
        row = await (await connection.execute(FIND_MISSION, slug)).fetchone()
        mission = row[0] if row else None
        await connection.execute(ENTER, (str(mission or ""),))
        named = (now(), mission, sent.issuer, subject)
        found = await (await connection.execute(USE, named)).fetchone()
        if mission is None or found is None:
            raise Problem(UNAUTHENTICATED, UNLINKED)
        if not await spend(connection, sent.challenge, sent.said):
            raise Problem(UNAUTHENTICATED, REFUSED)
        return await issue_credential(
            connection, mission, Role(found[1]), Purpose.SESSION, found[0], session_expiry(), label
        )
