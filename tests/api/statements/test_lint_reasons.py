"""A warning of the lint stands with a reason of ten words, kept by name; an error never does."""

from typing import Any

import httpx
import pytest

from schemas.statement import Statement
from tests.api.figures.conftest import SmallCountry
from tests.api.statements.conftest import first, shown

WHY = "The head of mission wishes this word to stand, as agreed with all who signed."


async def test_a_reason_is_kept_listed_and_replaced_without_losing_the_first(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    block = first(await shown(asking, drafted.id), "paragraph")["id"]
    place = f"statements/{drafted.id}/lint"
    answer = await asking.put(f"{place}/word.banned", json={"block": block, "reason": WHY})
    assert answer.status_code == 200, answer.text
    later = f"{WHY} It was read again."
    await asking.put(f"{place}/word.banned", json={"block": block, "reason": later})
    await asking.put(f"{place}/number.stale", json={"reason": WHY})
    items = (await asking.get(f"{place}/reasons")).json()["items"]
    assert [(each["rule"], each["block"], each["reason"]) for each in items] == [
        ("number.stale", "", WHY),
        ("word.banned", block, later),
    ]
    assert {each["by"] for each in items} == {"lead of the test"}


@pytest.mark.parametrize(
    ("rule", "given", "status", "field"),
    [
        ("word.banned", {"reason": "It may stand."}, 422, "reason"),
        ("word.banned", {"reason": WHY, "block": "no-such"}, 422, "block"),
        ("number.unbound", {"reason": WHY}, 422, "rule"),
        ("no.such.rule", {"reason": WHY}, 404, None),
        ("word.banned", {"reason": WHY, "extra": 1}, 422, "extra"),
    ],
)
async def test_what_is_no_reason_is_refused_naming_the_field(
    asking: httpx.AsyncClient,
    drafted: Statement,
    rule: str,
    given: dict[str, Any],
    status: int,
    field: str | None,
) -> None:
    answer = await asking.put(f"statements/{drafted.id}/lint/{rule}", json=given)
    assert answer.status_code == status, answer.text
    assert field is None or field in answer.text
    assert (await asking.get(f"statements/{drafted.id}/lint/reasons")).json()["items"] == []


async def test_the_same_reason_again_changes_nothing_and_says_so(
    asking: httpx.AsyncClient, drafted: Statement
) -> None:
    place, given = f"statements/{drafted.id}/lint/balance", {"reason": WHY}
    assert (await asking.put(place, json=given)).status_code == 200
    assert (await asking.put(place, json=given)).status_code == 422


async def test_a_report_that_is_excluded_after_the_freeze_warns_of_the_numbers_it_changes(
    asking: httpx.AsyncClient, drafted: Statement, country: SmallCountry
) -> None:
    query = (
        "SELECT body->'reports'->>0 FROM finding WHERE snapshot_id = %s"
        " AND jsonb_array_length(body->'reports') BETWEEN 1 AND 40 ORDER BY code LIMIT 1"
    )
    ((report,),) = country.execute(query, drafted.snapshot_id)
    for status in ("quarantined", "received"):
        given = {"status": status, "reason": "The team looked again."}
        answer = await asking.post(f"reports/{report}/decision", json=given)
        assert answer.status_code == 200, answer.text
        items = (await asking.get(f"statements/{drafted.id}/lint")).json()["items"]
        stale = [each for each in items if each["rule"] == "number.stale"]
        assert [each["severity"] for each in stale] == ["warning"] * (status == "quarantined")
        assert all(each["numbers"] for each in stale)
