"""A statement written, released and corrected, each act done with success."""

from typing import Any

from tests.api.audit.acting import Acting

WHY = "The words say more than this."


async def write_and_release(act: Acting) -> None:
    """A draft's blocks changed in every way; then review, approval, embargo, release."""
    (found, *_) = (await act.get("statements"))["items"]
    at = {"statement_id": found["id"]}
    base = "POST api/statements/{statement_id}"
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
    await _clean(act, found["id"])
    await act(f"{base}/review", at=at, json={})
    await act(f"{base}/review/withdrawal", at=at)
    await act(f"{base}/review", at=at, json={})
    await act(f"{base}/approval", "deputy", at=at)
    await act(f"{base}/embargo", at=at, json={"until": "2099-01-01T10:00:00Z"})
    await act(f"{base}/release", at=at, json={"authority": "Commission"})


async def _blocks(act: Acting, statement: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await act.get(f"statements/{statement}"))["blocks"]
    return found


async def _clean(act: Acting, statement: str) -> None:
    """Write what a person has to, and hide what breaks a rule."""
    at = {"statement_id": statement}
    for _ in range(4):
        items = (await act.get(f"statements/{statement}/lint"))["items"]
        broken = {one["block"] for one in items if one["severity"] == "error" and one["block"]}
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
