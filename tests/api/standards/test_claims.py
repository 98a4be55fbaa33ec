"""Cases are counted by themselves: they are no share of anything, and a claim is no finding."""

from typing import Any

import pytest

from tests.api.standards.conftest import SLUG, Walked

CLAIM = {"nature": "conflict", "source": "contestant", "violence": "yes"}
SEEN = CLAIM | {"source": "observed"}
CALM = {"access_given": "freely", "intimidation": "no"}


async def drafted(walked: Walked) -> str:
    """The newest draft, as its page says it."""
    made = await walked.client.post(f"/missions/{SLUG}/statements", headers=walked.bearer("lead"))
    assert made.status_code == 303
    return (await walked.get(made.headers["location"])).text


async def test_what_is_sent_only_where_something_happened_has_no_rate(walked: Walked) -> None:
    await walked.send("W-1", "incident", CLAIM)
    await walked.send("W-1", "access_denied", {"access": "denied", "refused_by": "police"})
    await walked.send("W-1", "complaint", {"by": "voter", "complaint_refused": "yes"})
    await walked.send("M-1", "voting", CALM)
    rows = (await walked.get("irregularities")).json()["items"]
    assert {each["checklist"] for each in rows} == {"voting"}
    by_area = (await walked.get("irregularities?by=area")).json()["items"]
    assert {each["checklist"] for each in by_area} == {"voting"}
    for view in ("hour", "setting", "sort"):
        found = (await walked.get(f"breakdowns/{view}")).json()["items"]
        assert {each["checklist"] for each in found} <= {"voting"}


async def test_access_denied_is_counted_by_itself_and_is_no_visit(walked: Walked) -> None:
    await walked.send("W-1", "access_denied", {"access": "denied", "refused_by": "police"})
    found = await walked.get("incidents")
    assert found.status_code == 200
    assert found.json()["access_denied"]["reports"] == 1
    again = await walked.client.get(
        found.request.url, headers=walked.bearer("lead") | {"If-None-Match": found.headers["etag"]}
    )
    assert again.status_code == 304


async def test_a_claim_is_not_the_headline_of_a_statement(walked: Walked) -> None:
    await walked.send("W-1", "incident", CLAIM)
    await walked.send("M-1", "voting", CALM)
    page = await drafted(walked)
    assert "violence" not in page


async def test_an_incident_says_whom_it_befell_from_whom_it_is_known_and_whether_danger_lasts(
    walked: Walked,
) -> None:
    more = {"danger": "yes", "affected": ["women", "youth"]}
    claim = await walked.send("W-1", "incident", CLAIM | more)
    seen = await walked.send("M-1", "incident", SEEN, station="S2")
    listed = (await walked.get("incidents")).json()["items"]
    found: dict[str, Any] = {each["report"]: each for each in listed}
    told = found[claim["id"]]
    assert (told["evidence"], told["source"], told["danger"]) == ("reported", "contestant", True)
    assert told["affected"] == ["women", "youth"]
    own = found[seen["id"]]
    assert (own["evidence"], own["danger"], own["affected"]) == ("observed", False, [])
    page = (await walked.get(f"/missions/{SLUG}/incidents")).text
    for words in ("Women", "Young people", "Somebody is in danger", "A contestant or agent"):
        assert words in page


@pytest.mark.parametrize(
    ("source", "answers", "evidence", "words"),
    [
        ("observed", {}, "observed", "Observed by us"),
        ("observed", {"violence": "no", "intimidation": "not_observed"}, "observed", None),
        ("observed", {"violence": "yes", "violence__known": "told"}, "observed", None),
        (
            "citizen",
            {"violence": "yes", "violence__known": "saw"},
            "reported",
            "Reported to observers",
        ),
        ("media", {}, "reported", None),
    ],
)
async def test_evidence_is_what_the_observer_says_of_the_source_whatever_the_indicators_say(
    walked: Walked, source: str, answers: dict[str, str], evidence: str, words: str | None
) -> None:
    sent = await walked.send("W-1", "incident", {"nature": "control", "source": source} | answers)
    (told,) = (await walked.get("incidents")).json()["items"]
    assert (told["report"], told["evidence"]) == (sent["id"], evidence)
    grades = (await walked.get("incidents")).json()["summary"]["by_nature"][0]["evidence"]
    assert {grade for grade, count in grades.items() if count} == {evidence}
    if words is not None:
        page = (await walked.get(f"/missions/{SLUG}/incidents")).text
        assert words in page[page.index(sent["id"]) :].split("</tr>")[0]


async def decide(walked: Walked, report: dict[str, Any], status: str) -> None:
    """What the lead decides on a report."""
    given = {"status": status, "reason": "Two of the team were called."}
    answer = await walked.post(f"reports/{report['id']}/decision", given)
    assert answer.status_code == 200, answer.text


async def test_a_verified_incident_stands_in_the_statement_by_its_nature(walked: Walked) -> None:
    case = await walked.send("W-1", "incident", CLAIM)
    await walked.send("M-1", "voting", CALM)
    assert "no case had been verified" in await drafted(walked)
    await decide(walked, case, "verified")
    page = await drafted(walked)
    assert "no case had been verified" not in page
    assert "Conflict" in page
    (nature,) = (await walked.get("incidents")).json()["summary"]["by_nature"]
    assert (nature["cases"], nature["verified"]) == (1, 1)
    await decide(walked, case, "quarantined")
    assert "no case had been verified" in await drafted(walked)


async def test_a_grave_incident_is_told_where_the_lead_looks_first(walked: Walked) -> None:
    room = f"/missions/{SLUG}/"
    await walked.send("M-1", "voting", CALM)
    quiet = "that await a decision"
    assert quiet not in (await walked.get(room)).text
    await walked.send("M-1", "incident", {"nature": "conflict", "danger": "no", "violence": "no"})
    assert quiet not in (await walked.get(room)).text
    await walked.send("W-2", "incident", {"nature": "conflict", "danger": "yes"})
    assert f"{quiet}: 1." in (await walked.get(room)).text
    case = await walked.send("W-1", "incident", {"nature": "hate_speech", "violence": "yes"})
    assert f"{quiet}: 2." in (await walked.get(room)).text
    await decide(walked, case, "verified")
    assert f"{quiet}: 1." in (await walked.get(room)).text
    await decide(walked, case, "received")
    assert f"{quiet}: 2." in (await walked.get(room)).text
    listed = (await walked.get(f"{room}incidents")).text
    assert f'href="/missions/{SLUG}/reports/{case["id"]}"' in listed


async def test_no_rule_writes_a_headline_and_few_stations_conclude_nothing_on_page_and_in_json(
    walked: Walked,
) -> None:
    """Grave, and at one of one polling station: it stands in its section alone."""
    await walked.send("M-1", "voting", CALM | {"intimidation": "yes"})
    page = await drafted(walked)
    assert "The headline is left for a person to write" in page
    assert "There is not yet enough to conclude." in page
    (head,) = (await walked.get("statements")).json()["items"]
    blocks = (await walked.get(f"statements/{head['id']}")).json()["blocks"]
    sections = [each.get("section") for each in blocks]
    assert blocks[sections.index("headline")]["text"] == []
    after = blocks[sections.index("conclusions") + 1 :]
    leads = [each for each in after if each.get("role") == "lead"]
    said = ["".join(part["text"] for part in each["text"]) for each in leads]
    assert said == ["There is not yet enough to conclude."]
    assert not any("judg" in str(each) or "orderly" in str(each) for each in blocks)
