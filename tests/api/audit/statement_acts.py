"""A statement written, released and corrected, each act done with success."""

from typing import Any

from tests.api.audit.acting import Acting

WHY = "The words say more than this."


async def write_and_release(act: Acting) -> None:
    """A draft's blocks changed in every way; then review, approval, embargo, release."""
    (found, *_) = (await act.get("statements"))["items"]
    at = {"statement_id": found["id"]}
    base = "POST api/statements/{statement_id}"
    await _count_anew(act, at)
    added = await act(f"{base}/blocks", at=at, json={"text": "We were there."})
    own = at | {"block": added.json()["block"]["id"]}
    each = f"{base}/blocks/{{block}}"
    last = (await _blocks(act, found["id"]))[-1]["id"]
    await act(f"{each}/move", at=own, json={"after": last, "version": 1})
    await act(f"{each}/hiding", at=own, json={"reason": WHY, "version": 2})
    await act(f"{each}/showing", at=own, json={"reason": WHY, "version": 3})
    await act(
        "PUT api/statements/{statement_id}/blocks/{block}",
        at=own,
        json={"text": "We were here.", "version": 4},
    )
    await act(f"{each}/restoration", at=own, json={"to": 1, "version": 5})
    composed = next(one for one in await _blocks(act, found["id"]) if one["origin"] == "composed")
    accept = {"reason": WHY, "version": composed["version"]}
    await act(f"{each}/acceptance", at=at | {"block": composed["id"]}, json=accept)
    said = (await act(f"{each}/comments", at=own, json={"text": "Which law?"})).json()
    resolved = at | {"comment": said["id"]}
    await act(f"{base}/comments/{{comment}}/resolution", at=resolved, json={})
    await act(
        "PUT api/statements/{statement_id}/sections/{section}/owner",
        at=at | {"section": composed["section"]},
        json={"member": composed["changed_by"]},
    )
    await _clean(act, found["id"])
    await act(f"{base}/place", at=at, json={"place": "Lornet"})
    await act(f"{base}/languages", at=at, json={"languages": ["en"]})
    await act(f"{base}/languages", at=at, json={"languages": ["en", "fr", "ar"]})
    await act(f"{base}/review", at=at, json={})
    await act(f"{base}/review/withdrawal", at=at)
    await act(f"{base}/review", at=at, json={})
    for language in ("fr", "ar"):
        await act(f"{base}/reading", at=at, json={"language": language})
    await act(f"{base}/authority", at=at, json={"authority": "Commission"})
    await act(f"{base}/approval", "deputy", at=at)
    await act(f"{base}/embargo", at=at, json={"until": "2099-01-01T10:00:00Z"})
    await act(f"{base}/release", at=at, json={})
    code = await _moved(act, found["id"])
    item = {"number_id": code, "effect": "withdrawn"}
    await act(f"{base}/corrections", at=at, json={"cause": "Another day.", "items": [item]})


async def _moved(act: Acting, statement: str) -> str:
    """A finding that a statement says, and that is another one after all but one of the reports
    beneath it were excluded."""
    said = {
        part["number_id"]
        for block in await _blocks(act, statement)
        for part in block["text"]
        if part["type"] == "bound"
    }
    found = (await act.get("findings?limit=1000"))["items"]
    used = [each for each in found if each["code"] in said and len(each["reports"]) > 2]
    for report in used[-1]["reports"][1:]:
        number = (await act.get(f"reports/{report}"))["versions"][-1]["number"]
        out = {"status": "quarantined", "scope": "all", "reason": "Another day.", "number": number}
        await act("POST api/reports/{report_id}/decision", at={"report_id": report}, json=out)
    return str(used[-1]["code"])


async def _count_anew(act: Acting, at: dict[str, str]) -> None:
    """A report that the statement counts is excluded; its numbers are counted anew, twice."""
    found = (await act.get("findings?limit=1000"))["items"]
    report = next(each["reports"][0] for each in found if each["reports"])
    number = (await act.get(f"reports/{report}"))["versions"][-1]["number"]
    out = {"status": "quarantined", "scope": "all", "reason": "Another day.", "number": number}
    await act("POST api/reports/{report_id}/decision", at={"report_id": report}, json=out)
    place = "api/statements/{statement_id}/snapshot"
    await act(f"POST {place}", at=at)
    await act(f"DELETE {place}", at=at)
    await act(f"POST {place}", at=at)
    await act(f"POST {place}/acceptance", at=at, json={})


async def _blocks(act: Acting, statement: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await act.get(f"statements/{statement}"))["blocks"]
    return found


def said_in_each(statement: dict[str, Any], code: str) -> dict[str, str]:
    """A finding that the rules left out, as a sentence in every language of a statement."""
    domain = (statement["snapshot"]["numbers"][code].get("domain") or {}).get("text", {})
    return {
        each: f"It was seen at {{finding:{code}}}, {domain.get(each) or domain.get('en', '')}."
        for each in statement["languages"]
    }


async def _clean(act: Acting, statement: str) -> None:
    """Write what a person has to, and hide what breaks a rule."""
    at = {"statement_id": statement}
    for _ in range(4):
        items = (await act.get(f"statements/{statement}/lint"))["items"]
        broken = {one["block"] for one in items if one["severity"] == "error" and one["block"]}
        for one in items:
            if not one["block"] and one["numbers"]:
                now = await act.get(f"statements/{statement}")
                texts = said_in_each(now, one["numbers"][0])
                body = {"section": "voting", "text": texts}
                await act("POST api/statements/{statement_id}/blocks", at=at, json=body)
        for one in await _blocks(act, statement):
            if one["id"] not in broken:
                continue
            own = at | {"block": one["id"]}
            if one["type"] in ("heading", "paragraph") and not one["text"]:
                await act(
                    "PUT api/statements/{statement_id}/blocks/{block}",
                    at=own,
                    json={"text": "Observers saw most of the day", "version": one["version"]},
                )
            else:
                await act(
                    "POST api/statements/{statement_id}/blocks/{block}/hiding",
                    at=own,
                    json={"reason": WHY, "version": one["version"]},
                )
