"""Acts on deployments, reports, figures, statements and accounts, each done with success."""

import hashlib
import re
from base64 import b64decode
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pyotp

from api.auth import totp as codes
from api.auth.principal import token_hash
from schemas.columns import now
from tests.api.audit.acting import Acting
from tests.api.auth.authenticator import Authenticator
from tests.api.auth.provider import Provider
from tests.api.auth.test_openid import BACK

ORIGIN, HOST = "https://observers.example", "observers.example"
OUTSIDE = "https://93.184.216.34/heads"
DAY = f"{now():%Y-%m-%d}"
MEMBER = re.compile(r"Deputy</bdi>.*?/accounts/members/([0-9a-f-]{36})/invite", re.S)
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


async def keep_deployments(act: Acting) -> None:
    """A team sent, called, changed, sent elsewhere, taken back; by the pages and by the API."""
    people = "".join(f"X-{each},civic,yes,yes\n" for each in range(1, 6))
    await act(
        "POST api/tables/{noun}",
        at={"noun": "observers"},
        content=f"pseudonym,organisation,pledged,declared\n{people}",
    )
    own = {"id": await _sent(act, "9001", "X-1 X-2")}
    base = "POST page/deployments/{id}"
    await act(f"{base}/calls", at=own, data={"outcome": "reached"})
    await act(f"{base}/contacts", at=own)
    person, told = {"pseudonym": "X-1"}, {"coordinator": "A", "deputy_telephone": "+000 55"}
    await act("PUT api/observers/{pseudonym}/contacts", at=person, json=told)
    await act("POST page/people/{pseudonym}/contacts", at=person, data={"deputy": "B"})
    await act("POST page/people/{pseudonym}/contacts/open", at=person)
    await act(f"{base}/team", at=own, data={"leave": "X-2", "join": "X-3"})
    elsewhere = {"sort": "station", "code": "9002", "reason": "closed"}
    sent = await act(f"{base}/redeploy", at=own, data=elsewhere)
    own = {"id": sent.headers["location"].rsplit("/", 1)[-1]}
    await act(f"{base}/end", at=own, data={"state": "cancelled", "reason": "done"})
    of = {"deployment_id": await _sent(act, "9003", "X-4 X-2")}
    base = "POST api/deployments/{deployment_id}"
    await act(f"{base}/calls", at=of, json={"outcome": "reached"})
    await act(f"{base}/team", at=of, json={"leave": "X-2", "join": "X-5"})
    sent = await act(f"{base}/redeploy", at=of, json={"station": "9004", "reason": "closed"})
    of = {"deployment_id": sent.json()["id"]}
    await act(f"{base}/end", at=of, json={"state": "withdrawn_security", "reason": "shots"})


async def _sent(act: Acting, station: str, people: str) -> str:
    team = {"sort": "station", "code": station, "team": people, "kind": "static"}
    made = await act("POST page/deployments/new", data=team | {"round": "first"})
    return made.headers["location"].rsplit("/", 1)[-1]


async def work_with_reports(act: Acting) -> None:
    """Reports sent with photos, held, released, decided on."""
    sha256 = hashlib.sha256(PIXEL).hexdigest()
    report = {
        "id": str(uuid4()),
        "checklist": "voting",
        "round": "first",
        "station": "0001",
        "observer": "S-2001",
        "arrived_at": f"{DAY}T09:00:00Z",
        "answers": {"access_given": "freely", "remarks": "ça va"},
    }
    await act("POST api/reports/check", "data_manager", json=report)
    await act("POST api/exports", "data_manager", json={"checklist": "voting"})
    await act("POST api/reports", "data_manager", json=report)
    act.client.headers.update({"Upload-Offset": "0", "Upload-Length": str(len(PIXEL))})
    await act("PATCH api/media/{sha256}", "data_manager", at={"sha256": sha256}, content=PIXEL)
    at = {"report_id": report["id"]}
    moved = {"station": "0002", "reason": "the sign"}
    placed = await act("POST api/reports/{report_id}/placement", at=at, json=moved)
    await act("POST api/acts/{act}/undo", at={"act": placed.json()["act"]})
    unknown = report | {"id": str(uuid4()), "version": "of another day"}
    await act("POST api/reports", "data_manager", json=unknown)
    accepted = {"reasons": ["version/unknown"], "reason": "the same questions"}
    of = {"report_id": unknown["id"]}
    await act("POST api/reports/{report_id}/acceptance", at=of, json=accepted)
    corrected = {"answers": {"remarks": "ça va bien"}, "reason": "read again"}
    await act("POST api/reports/{report_id}/corrections", at=at, json=corrected)
    decided = {"status": "verified", "reason": "seen"}
    await act("POST api/reports/{report_id}/decision", at=at, json=decided)
    decided = {"status": "quarantined", "reason": "doubted"}
    await act("POST page/reports/{id}/decision", at={"id": report["id"]}, data=decided)
    await act("POST api/reports/release", json={"observer": "S-2002", "reason": "read"})
    await _type_twice(act, report)
    nowhere = report | {"id": str(uuid4()), "station": "nowhere"}
    await act("POST api/reports", "data_manager", json=nowhere)
    violence = {"nature": "conflict", "danger": "yes", "source": "observed", "violence": "yes"}
    case = report | {"id": str(uuid4()), "checklist": "incident", "answers": violence}
    await act("POST api/reports", "data_manager", json=case)
    of = {"report_id": case["id"]}
    said = {"state": "verified", "reason": "two were asked", "note": "in the queue"}
    await act("POST api/incidents/{report_id}/events", at=of, json=said)
    at = {"id": case["id"]}
    noted = await act("POST page/incidents/{id}/events", at=at, data={"note": "the police came"})
    made = parse_qs(urlsplit(noted.headers["location"]).query)["did"][0]
    await act("POST page/incidents/{id}/undo/{act}", at=at | {"act": made}, data={})
    said = {"danger_over": True, "visible_to": ["data_manager"], "reason": "they are safe"}
    await act("POST api/incidents/{report_id}/events", at=of, json=said)
    item = {"name": "held", "item": nowhere["id"]}
    await act("POST api/queues/{name}/items/{item}/hold", at=item)
    await act("DELETE api/queues/{name}/items/{item}/hold", at=item)
    at = {"queue": "held", "item": nowhere["id"], "panel": "place"}
    await act("POST page/desk/{queue}/{item}/hold", at=at)
    placed = {"station": "0003", "reason": "the sign"}
    await act("POST page/desk/{queue}/{item}/effect/{panel}", at=at, data=placed)
    done = await act("POST page/desk/{queue}/{item}/acts/{panel}", at=at, data=placed)
    undone = {"act": done.headers["location"].rpartition("did=")[2]}
    await act("POST page/desk/undo/{act}", at=undone, data={"queue": "held"})
    await act("POST page/desk/{queue}/{item}/leave", at=at)


async def _type_twice(act: Acting, report: dict[str, Any]) -> None:
    """A protocol's figures typed by an observer's sender, then by the lead; another team's that
    contradict them."""
    figures = {"in_box": 200, "valid": 200, "invalid": 0}
    protocol = report | {
        "id": str(uuid4()),
        "checklist": "results",
        "contest": "president",
        "station": "0003",
        "answers": figures,
    }
    await act("POST api/reports", "data_manager", json=protocol)
    at = {"report_id": protocol["id"]}
    await act("POST api/reports/{report_id}/typing", at=at, json={"answers": figures})
    other = protocol | {"id": str(uuid4()), "observer": "S-2002"}
    other["answers"] = figures | {"invalid": 3}
    await act("POST api/reports", "data_manager", json=other)
    resolved = {"answers": {"invalid": other["id"]}, "reason": "on the photograph"}
    conflict = {"conflict": "results~president~0003"}
    await act("POST api/conflicts/{conflict}/resolution", at=conflict, json=resolved)


async def ask_observers(act: Acting) -> None:
    """A question about a report, answered by the phone; a message seen; a call for safety."""
    me = await act.client.get("/api/v1/me", headers=act.headers("observer"))
    observer = me.json()["pseudonym"]
    report = {
        "id": str(uuid4()),
        "checklist": "voting",
        "station": "0001",
        "observer": observer,
        "arrived_at": f"{DAY}T10:00:00Z",
        "answers": {"access_given": "freely"},
    }
    await act("POST api/reports", "data_manager", json=report)
    of, question = {"report_id": report["id"]}, "api/reports/{report_id}/questions"
    asked = (await act(f"POST {question}", at=of, json={"text": "Were you there?"})).json()
    at = {"question_id": asked["id"]}
    await act("POST api/tasks/{question_id}/seen", "observer", at=at)
    await act("POST api/tasks/{question_id}/answer", "observer", at=at, json={"answer": "right"})
    await act(f"DELETE {question}/{{question_id}}", at=of | at)
    again = (await act(f"POST {question}", at=of, json={"question": "access_given"})).json()
    own = {"id": report["id"], "question": again["id"]}
    await act("POST page/reports/{id}/questions/{question}/close", at=own)
    sent = (await act("POST api/messages", json={"text": "Polls close at eight."})).json()
    at = {"message_id": sent["id"]}
    await act("POST api/messages/{message_id}/seen", "observer", at=at)
    await act("DELETE api/messages/{message_id}", at=at)
    called = {"kind": "safety", "to": {"observers": [observer]}}
    at = {"message_id": (await act("POST api/messages", json=called)).json()["id"]}
    await act("POST api/messages/{message_id}/answer", "observer", at=at, json={"answer": "help"})
    sent = await act("POST page/messages", data={"text": "Thank you."})
    at = {"id": sent.headers["location"].rsplit("/", 1)[-1]}
    await act("POST page/messages/{id}/contacts", at=at)
    await act("POST page/messages/{id}/close", at=at)


async def conclude(act: Acting) -> None:
    """Quick counts frozen and released by two people; statements; who keeps the heads."""
    at = {"contest": "president"}
    made = await act("POST api/quick-counts/{contest}/releases", "data_manager", at=at)
    release = "POST api/quick-counts/{contest}/releases/{release_id}/release"
    await act(release, at=at | {"release_id": made.json()["id"]})
    await act("POST page/quick-count/{contest}/releases", at=at)
    for language in ("en", "fr"):
        await act("POST page/statements", data={"language": language})
    statement = (await act.get("statements"))["items"][0]["id"]
    why = "These reports are of one team and were decided upon after the freeze."
    at = {"statement_id": statement, "rule": "number.stale"}
    await act("PUT api/statements/{statement_id}/lint/{rule}", at=at, json={"reason": why})
    kept = (await act("POST api/audit/recipients", json={"url": OUTSIDE})).json()["id"]
    await act("DELETE api/audit/recipients/{recipient}", at={"recipient": kept})
    await act("POST page/audit/recipients", data={"url": OUTSIDE})


async def recommend(act: Acting) -> None:
    """Recommendations made, and followed up, by the API and by the page."""
    given = {"number": "P1", "texts": {"en": "Post every result."}, "addressee": "The Commission"}
    await act("POST api/recommendations", json=given)
    status = {"status": "partially", "was": "not_assessed"}
    at = {"recommendation": "P1"}
    await act("PATCH api/recommendations/{recommendation}", at=at, json=status)
    typed = {"number": "P2", "text-en": "Print more ballots.", "addressee": "The Commission"}
    await act("POST page/recommendations", data=typed)
    await act("POST page/recommendations/status", data=status | {"number": "P2"})


async def keep_sources(act: Acting) -> None:
    """Sources with their files, and figures bound to cells, by the API and by the page."""
    source = {"title": "Media monitoring", "kind": "table", "owner": "Media unit"}
    at = {"source": (await act("POST api/sources", json=source)).json()["id"]}
    await act("PUT api/sources/{source}/file", at=at, content=b"party,share\nA,61\nB,39\n")
    figure = {"name": "a", "label": "News time of A", "unit": "percent", "cell": "B2"}
    await act("POST api/sources/{source}/figures", at=at, json=figure)
    await act(
        "POST page/sources/{source}/figures", at=at, data=figure | {"name": "b", "cell": "B3"}
    )
    file = {"file": ("law.pdf", b"%PDF-1.7 a law", "application/pdf")}
    await act("POST page/sources", data=source | {"kind": "document"}, files=file)


async def choose_findings(act: Acting) -> None:
    """Findings chosen, merged, said apart and put in an order."""
    found = (await act.get("findings/current"))["items"]
    first, second = next(
        (one["code"], other["code"])
        for one in found
        for other in found
        if one["code"] != other["code"]
        and (one["kind"], one["stage"]) == (other["kind"], other["stage"])
    )
    at, chosen = {"code": first}, {"chosen": True, "reason": "It was seen.", "version": 0}
    await act("PUT api/findings/choices/{code}", at=at, json=chosen)
    await act("POST api/findings/merges", json={"codes": [first, second], "version": 1})
    await act("DELETE api/findings/merges/{code}", at=at, params={"version": 2})
    await act("PUT api/findings/choices/{code}", at={"code": second}, json=chosen)
    order = {"codes": [second, first], "was": [first, second]}
    await act("PUT api/findings/order", json=order)
    own = {"stage": "campaign", "origin": "person", "words": {"en": "Officials campaigned."}}
    await act("POST api/findings/added", json=own)
    typed = {"stage": "campaign", "origin": "person", "words-en": "Officials campaigned again."}
    await act("POST page/findings/add", data=typed)
    page = {"code": first, "chosen": "yes", "reason": "It was seen again.", "version": "3"}
    await act("POST page/findings/choose", data=page)
    third = _third(found, first, second)
    await act("POST page/findings/merge", data={"code": first, "with": third, "version": "4"})
    await act("POST page/findings/split", data={"code": first, "version": "5"})
    await act("POST page/findings/undo", data={"code": first, "version": "6"})
    await act("POST page/findings/move", data={"code": first, "to": "up", "was": [second, first]})


def _third(found: list[dict[str, Any]], first: str, second: str) -> str:
    """A finding that goes with the first and is not the second."""
    alike = {(each["kind"], each["stage"]) for each in found if each["code"] == first}
    return next(
        each["code"]
        for each in found
        if (each["kind"], each["stage"]) in alike and each["code"] not in (first, second)
    )


async def keep_accounts(act: Acting, secret: str, provider: Provider) -> None:
    """Members, keys, sessions, passkeys, linked accounts."""
    await act("POST page/accounts/members", data={"name": "Deputy", "role": "lead"})
    await act("POST page/accounts/keys", data={"name": "A paper", "role": "partner"})
    own = MEMBER.findall(await _page(act, "accounts"))[0]
    invited = await act("POST page/accounts/members/{id}/invite", at={"id": own})
    await _come_in(act, invited.text, secret)
    device = Authenticator(ORIGIN, HOST)
    options = (await act("POST page/passkeys/options", "self")).json()
    await act("POST page/passkeys", "self", data={"answer": device.make(options)})
    await _link(act, provider)
    shown = await _page(act, "sessions", "self")
    for what in ("passkeys", "linked", "sessions"):
        found = re.findall(rf"/{what}/([^/\"]+)/end", shown)
        await act(f"POST page/{what}/{{id}}/end", "self", at={"id": found[0]})
    act.client.cookies.clear()
    opened = re.findall(
        r"/accounts/members/([^/\"]+)/sessions/([^/\"]+)/end", await _page(act, "accounts")
    )
    holder, key = opened[-1]
    ended = "POST page/accounts/members/{id}/sessions/{session}/end"
    await act(ended, at={"id": holder, "session": key})
    await act("POST page/accounts/members/{id}/end", at={"id": own})


async def share_and_close(act: Acting) -> None:
    """What partners read, and the mission's end."""
    asked = {"what": ["coverage", "irregularities", "reports", "findings"], "reason": "At noon."}
    await act("POST api/shares", json=asked)
    await act("POST page/shares", data=asked)
    await act("POST page/closing", data={"name": act.slug})


async def _page(act: Acting, path: str, who: str = "lead") -> str:
    answer = await act.client.get(f"/missions/{act.slug}/{path}", headers=act.headers(who))
    assert answer.status_code == 200, answer.text
    return answer.text


async def _come_in(act: Acting, page: str, secret: str) -> None:
    """Take an invitation up; from then on the browser has its session."""
    found = re.search(r"/invitation/([A-Za-z0-9_-]+)", page)
    assert found
    totp = codes.secret_of_invitation(secret, token_hash(found[1]))
    typed = {
        "password": "correct horse battery",
        "again": "correct horse battery",
        "code": pyotp.TOTP(codes.spelled(totp)).now(),
    }
    await act("POST /invitation/{token}", "self", at={"token": found[1]}, data=typed)


async def _link(act: Acting, provider: Provider) -> None:
    """Link an account elsewhere: out to the provider, and back."""
    page = await act("POST page/linked", "self")
    found = re.search(r'href="([^"]+/authorize[^"]+)"', page.text)
    assert found
    asked = parse_qs(urlsplit(unescape(found[1])).query)
    provider.nonce, provider.code_challenge = asked["nonce"][0], asked["code_challenge"][0]
    back = {"state": asked["state"][0], "code": "good"}
    await act(f"GET {BACK}", "self", params=back)
