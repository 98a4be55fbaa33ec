"""From draft to published: who may do what, what is refused, and what is frozen."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from schemas.statement import Statement
from tests.api.audit.statement_acts import said_in_each
from tests.api.figures.conftest import SmallCountry
from tests.api.statements.conftest import first, shown

WHY = "The words say more than this."


HEADLINE = {
    "en": "Observers were let in and saw the day",
    "fr": "Les observateurs ont été admis et ont suivi la journée",
    "ar": "سُمح للمراقبين بالدخول وتابعوا اليوم",
}


async def cleaned(
    asking: httpx.AsyncClient, statement: UUID, writer: dict[str, str]
) -> list[dict[str, Any]]:
    """Write what a person has to write, and hide what else breaks a rule; the errors left."""
    errors: list[dict[str, Any]] = []
    for _ in range(4):
        items = (await asking.get(f"statements/{statement}/lint")).json()["items"]
        errors = [each for each in items if each["severity"] == "error"]
        blocks = {each["id"]: each for each in (await shown(asking, statement))["blocks"]}
        for name in {_to_mend(each, blocks) for each in errors if each["block"]}:
            place, version = f"statements/{statement}/blocks/{name}", blocks[name]["version"]
            empty = not any(part["text"].strip() for part in blocks[name]["text"])
            if empty and blocks[name]["type"] in ("heading", "paragraph"):
                body = {"text": HEADLINE, "version": version}
                answer = await asking.put(place, json=body, headers=writer)
            else:
                body = {"reason": WHY, "version": version}
                answer = await asking.post(f"{place}/hiding", json=body, headers=writer)
            assert answer.status_code == 200, answer.text
        for each in errors:
            if not each["block"] and each["numbers"]:
                await added(asking, statement, each["numbers"][0], writer)
        if not errors:
            break
    return errors


def _to_mend(error: dict[str, Any], blocks: dict[str, dict[str, Any]]) -> str:
    """The block at which an error is mended: of an empty section the paragraph to be written."""
    if error["rule"] == "section.silent":
        for name, each in blocks.items():
            if (each["section"], each["type"]) == (error["section"], "paragraph"):
                return name
    return str(error["block"])


async def added(
    asking: httpx.AsyncClient, statement: UUID, code: str, writer: dict[str, str]
) -> None:
    """Say a finding that the rules left out, in every language."""
    texts = said_in_each(await shown(asking, statement), code)
    body = {"section": "voting", "text": texts}
    answer = await asking.post(f"statements/{statement}/blocks", json=body, headers=writer)
    assert answer.status_code == 201, answer.text


@pytest.fixture
async def clean(asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry) -> UUID:
    """A draft without errors, whose text the data manager finished."""
    writer = country.bearer("data_manager")
    placed = await asking.post(
        f"statements/{drafted.id}/place", json={"place": "Ilmar City"}, headers=writer
    )
    assert placed.status_code == 200, placed.text
    assert await cleaned(asking, drafted.id, writer) == []
    return drafted.id


async def test_what_the_lint_finds_keeps_a_draft_from_review_and_is_listed(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    answer = await asking.post(f"statements/{drafted.id}/review", json={})
    assert answer.status_code == 409
    found = answer.json()["items"]
    assert found == (await asking.get(f"statements/{drafted.id}/lint")).json()["items"]
    assert {"severity", "rule", "block", "text"} <= found[0].keys()
    assert found[0]["text"] in answer.json()["detail"]
    assert found[0]["severity"] == "error"
    assert (await shown(asking, drafted.id))["state"] == "draft"


async def test_a_statement_is_reviewed_approved_by_another_and_released_by_a_third_step(
    asking: httpx.AsyncClient, clean: UUID, country: SmallCountry
) -> None:
    place = f"statements/{clean}"
    lead, deputy, manager = (country.bearer(each) for each in ("lead", "deputy", "data_manager"))

    async def post(step: str, who: dict[str, str], **given: Any) -> httpx.Response:
        return await asking.post(f"{place}/{step}", json=given, headers=who)

    assert (await post("approval", deputy)).status_code == 409
    assert (await post("release", lead)).status_code == 409
    assert (await post("review", manager)).json()["state"] == "review"
    assert (await post("review", manager)).status_code == 409
    assert (await post("approval", manager)).status_code == 404
    # An edit in review has to be read over again, and says so.
    block = first(await shown(asking, clean), "heading")
    edit = {"text": "Observers were let in everywhere", "version": block["version"]}
    edited = await asking.put(f"{place}/blocks/{block['id']}", json=edit, headers=deputy)
    assert (edited.json()["state"], edited.json()["back_to_draft"]) == ("draft", True)
    assert (await post("review", manager)).status_code == 200
    refused = await post("approval", deputy)
    assert (refused.status_code, "wrote in it" in refused.json()["detail"]) == (409, True)
    nowhere = await post("approval", lead, read=["pt"])
    assert (nowhere.status_code, nowhere.json()["field"]) == (422, "read")
    approved = await post("approval", lead)
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    again = {"text": "Too late", "version": block["version"] + 1}
    late = await asking.put(f"{place}/blocks/{block['id']}", json=again, headers=manager)
    assert late.status_code == 409
    over = await post("embargo", lead, until="2026-01-01T10:00:00Z")
    assert (over.status_code, over.json()["field"]) == (422, "until")
    until = datetime.now(UTC) + timedelta(hours=2)
    odd = await post("embargo", lead, until=until.isoformat(), zone="Mars/Base")
    assert (odd.status_code, odd.json()["field"]) == (422, "zone")
    kept = await post("embargo", lead, until=until.isoformat(), zone="Europe/Lisbon")
    assert kept.json()["embargo_zone"] == "Europe/Lisbon"
    alone = await post("release", lead)
    assert (alone.status_code, "approved it" in alone.json()["detail"]) == (409, True)
    await _every_language_is_read_by_somebody(post, deputy, manager)
    assert "No copy to the authority" in (await post("release", deputy)).json()["detail"]
    released = await post("release", deputy, authority="Central Commission")
    assert (released.status_code, released.json()["state"]) == (200, "published"), released.text
    partner = country.bearer("partner")
    assert (await asking.get(place, headers=partner)).status_code == 404
    country.execute("UPDATE statement SET embargo_until = now() WHERE id = %s", clean)
    out = await asking.get(place, headers=partner)
    assert (out.status_code, out.json()["sha256"]) == (200, released.json()["sha256"])
    assert not any(each["hidden"] for each in out.json()["blocks"])
    logged = country.execute(
        "SELECT authority, copied_at, sha256, kind FROM publication WHERE statement_id = %s", clean
    )
    assert logged == [("Central Commission", None, released.json()["sha256"], "preliminary")]
    await _nothing_changes(asking, clean, country)
    acts = country.execute(
        "SELECT act FROM audit_entry WHERE subject = %s AND act LIKE 'statement.%%'"
        " ORDER BY sequence",
        str(clean),
    )
    assert [act for (act,) in acts][-6:] == [
        "statement.review", "statement.approve", "statement.embargo", "statement.read",
        "statement.read", "statement.release",
    ]  # fmt: skip


async def _every_language_is_read_by_somebody(
    post: Callable[..., Awaitable[httpx.Response]], deputy: dict[str, str], manager: dict[str, str]
) -> None:
    """Approval marks the language that the approver read; the release names those left."""
    refused = await post("release", deputy, authority="Central Commission")
    assert refused.status_code == 409
    (item,) = [each for each in refused.json()["items"] if each["severity"] == "error"]
    assert item["text"] == "Nobody has read this text in: Français, العربية."
    assert (await post("reading", manager, language="xx")).status_code == 422
    marked = await post("reading", manager, language="fr")
    assert set(marked.json()["readers"]) == {"en", "fr"}
    assert (await post("reading", manager, language="fr")).status_code == 422
    assert (await post("reading", deputy, language="ar")).status_code == 200


async def _nothing_changes(
    asking: httpx.AsyncClient, statement: UUID, country: SmallCountry
) -> None:
    """Whatever is tried on what is out, not one byte of it is another."""
    read = "SELECT to_jsonb(s)::text FROM statement s WHERE id = %s"
    before = country.execute(read, statement)
    place = f"statements/{statement}"
    tried = [
        ("PUT", "blocks/b1", {"text": "Other", "version": 1}),
        ("POST", "blocks", {"text": "More"}),
        ("POST", "blocks/b1/hiding", {"reason": "No", "version": 1}),
        ("POST", "review", {}),
        ("POST", "review/withdrawal", None),
        ("POST", "approval", None),
        ("POST", "embargo", {"until": None}),
        ("POST", "place", {"place": "Other"}),
        ("POST", "languages", {"languages": ["en"]}),
        ("POST", "reading", {"language": "en"}),
        ("POST", "authority", {"authority": "Other"}),
        ("POST", "release", {}),
    ]
    for method, path, body in tried:
        answer = await asking.request(method, f"{place}/{path}", json=body)
        assert answer.status_code == 409, (path, answer.text)
    assert country.execute(read, statement) == before


async def test_a_joint_statement_needs_two_approvals_of_two_people(
    asking: httpx.AsyncClient, clean: UUID, country: SmallCountry
) -> None:
    place = f"statements/{clean}"
    lead, deputy, manager = (country.bearer(each) for each in ("lead", "deputy", "data_manager"))
    await asking.post(f"{place}/review", json={"joint": True}, headers=manager)
    first_one = await asking.post(f"{place}/approval", headers=lead)
    assert first_one.json()["state"] == "review"
    assert (await asking.post(f"{place}/approval", headers=lead)).status_code == 409
    assert (await asking.post(f"{place}/approval", headers=deputy)).json()["state"] == "approved"
    withdrawn = await asking.post(f"{place}/review/withdrawal", headers=manager)
    assert (withdrawn.json()["state"], withdrawn.json()["approvals"]) == ("draft", [])


async def test_a_mark_of_reading_holds_for_the_very_text_that_was_read(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    place, lead = f"statements/{drafted.id}", country.bearer("lead")
    for language in ("en", "fr"):
        marked = await asking.post(f"{place}/reading", json={"language": language}, headers=lead)
        assert marked.status_code == 200, marked.text
    assert await said_to_be_unread(asking, drafted.id, lead) == {"en": False, "fr": False}
    block = first(await shown(asking, drafted.id), "heading")
    edit = {"text": {"fr": "Un autre titre"}, "version": block["version"]}
    await asking.put(f"{place}/blocks/{block['id']}", json=edit, headers=lead)
    assert await said_to_be_unread(asking, drafted.id, lead) == {"en": False, "fr": True}


async def test_a_language_that_was_left_unchanged_is_named_until_it_is_changed_or_read_too(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    place, lead = f"statements/{drafted.id}", country.bearer("lead")

    async def behind() -> list[list[str]]:
        items = (await asking.get(f"{place}/lint")).json()["items"]
        return [each["languages"] for each in items if "was changed after" in each["text"]]

    async def write(**text: str) -> None:
        block = first(await shown(asking, drafted.id), "paragraph")
        given = {"text": text, "version": block["version"]}
        written = await asking.put(f"{place}/blocks/{block['id']}", json=given, headers=lead)
        assert written.status_code == 200, written.text

    await write(en="Observers say so.", fr="Les observateurs le disent.", ar="يقول المراقبون ذلك.")
    assert await behind() == []
    await write(en="Observers say otherwise.")
    assert await behind() == [["fr", "ar"]]
    counted = await asking.post(f"{place}/snapshot", headers=lead)
    assert counted.status_code in (201, 409), counted.text
    assert await behind() == [["fr", "ar"]]
    await write(fr="Les observateurs disent autre chose.")
    assert await behind() == [["en", "ar"]]
    for language in ("en", "ar"):
        read = await asking.post(f"{place}/reading", json={"language": language}, headers=lead)
        assert read.status_code == 200, read.text
    assert await behind() == []


async def test_a_statement_is_issued_in_the_languages_that_people_set_and_a_text_comes_back(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    place = f"statements/{drafted.id}"

    async def issued_in(*languages: str) -> httpx.Response:
        given = {"languages": list(languages)}
        lead = country.bearer("lead")
        return await asking.post(f"{place}/languages", json=given, headers=lead)

    assert (await shown(asking, drafted.id))["languages"] == ["en", "fr", "ar"]
    assert (await issued_in("en")).json()["languages"] == ["en"]
    assert (await shown(asking, drafted.id))["languages"] == ["en"]
    assert (await asking.get(f"{place}/document?language=fr&to=html")).status_code == 422
    for refused, named in ((["fr"], "which stays"), (["en"], "already"), (["en", "es"], "no text")):
        answer = await issued_in(*refused)
        assert (answer.status_code, answer.json()["field"]) == (422, "languages")
        assert named in answer.json()["detail"]
    assert (await issued_in("en", "ar")).json()["languages"] == ["en", "ar"]
    texts = (await shown(asking, drafted.id))["blocks"][0]["texts"]
    assert set(texts) >= {"en", "ar"}


async def said_to_be_unread(
    asking: httpx.AsyncClient, statement: UUID, who: dict[str, str]
) -> dict[str, bool]:
    """Whether the document in each language says that nobody has read it."""
    found = {}
    for language, words in (("en", "Nobody has read this text"), ("fr", "Personne n’a encore lu")):
        at = f"statements/{statement}/document?language={language}"
        found[language] = words in (await asking.get(at, headers=who)).text
    return found


async def test_the_authority_s_copy_is_planned_before_and_given_once_it_is_approved(
    asking: httpx.AsyncClient, clean: UUID, country: SmallCountry
) -> None:
    place = f"statements/{clean}"
    lead, deputy, manager = (country.bearer(each) for each in ("lead", "deputy", "data_manager"))

    async def log(**given: Any) -> httpx.Response:
        return await asking.post(f"{place}/authority", json=given, headers=deputy)

    given = {"authority": "Commission", "copied_at": datetime.now(UTC).isoformat()}
    nobody = await log(authority=" ")
    assert (nobody.status_code, nobody.json()["field"]) == (422, "authority")
    assert (await log(**given)).status_code == 409
    assert (await log(authority="Commission")).json()["copied_at"] is None
    assert (await log(authority="Commission")).status_code == 422
    await asking.post(f"{place}/review", json={}, headers=manager)
    read = {"read": ["en", "fr", "ar"]}
    assert (await asking.post(f"{place}/approval", json=read, headers=lead)).status_code == 200
    late = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert (await log(authority="Commission", copied_at=late)).json()["field"] == "copied_at"
    assert (await log(**given, copied_how="By hand")).status_code == 200
    document = (await asking.get(f"{place}/document", headers=deputy)).text
    assert "Ilmar City" in document
    assert "Copy given to Commission, " in document
    assert (await asking.post(f"{place}/release", json={}, headers=deputy)).status_code == 200
    logged = country.execute(
        "SELECT authority, copied_how FROM publication WHERE statement_id = %s", clean
    )
    assert logged == [("Commission", "By hand")]
