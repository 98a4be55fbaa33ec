"""Each kind of held report leaves by its named act and then counts; what cannot leave says why."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.people.gates import REASONS as GATES
from api.review.held_reasons import OF_ANSWERS, REASONS, By, act_for, is_known
from tests.api.intake.test_openrosa import instance, parts
from tests.api.people.test_teams import release_of
from tests.api.review.desk import Rows, accept, act, place, sent, standing
from tests.api.review.test_decide import seen
from tests.api.routes.people import get
from tests.api.small import SmallMission
from tests.api.two_contests import hold_two_contests, protocol, votes

ROOT = Path(__file__).parents[3]
WHERE = ("api/intake", "api/people", "mobile_forms")
GIVES = {"Reason", "_hold", "blame", "_Wrong", "_gate"}
PLAN = "round,station,observers,kind,expect voting\nfirst,003,O-1 O-2,static,1\n"
UNSEALED = {"queue": 4, "sealed": "no"}

PLACED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "station/unknown": ({"station": "0746"}, {"station": "003"}, "observer"),
    "station/absent": ({"station": ...}, {"station": "003"}, "observer"),
    "station/wrong_type": ({"station": 3}, {"station": "003"}, "observer"),
    "place/contradicts": ({"place": {"kind": "other"}}, {"station": "003"}, "observer"),
    "place.kind/wrong_type": (
        {"station": ..., "place": {"kind": "school"}},
        {"station": "003"},
        "observer",
    ),
    "place.code/unknown": (
        {"station": ..., "place": {"kind": "commission", "code": "C"}},
        {"station": "003"},
        "observer",
    ),
    "place.code/absent": (
        {"station": ..., "place": {"kind": "commission"}},
        {"station": "003"},
        "observer",
    ),
    "round/unknown": ({"station": "003", "round": "third"}, {"round": "first"}, "observer"),
    "round/wrong_type": ({"station": "003", "round": 1}, {"round": "first"}, "observer"),
    "observer/not_own": (
        {"station": "003", "observer": "O-2"},
        {"observer": "O-2"},
        "observer",
    ),
    "observer/unknown": (
        {"station": "003", "observer": "O-9"},
        {"observer": "O-1"},
        "data_manager",
    ),
    "observer/absent": (
        {"station": "003", "observer": ...},
        {"observer": "O-1"},
        "data_manager",
    ),
    "observer/wrong_type": (
        {"station": "003", "observer": 1},
        {"observer": "O-1"},
        "data_manager",
    ),
}
"""What holds a report: how it is sent, how it is placed, by whom it came."""

ACCEPTED: dict[str, dict[str, Any]] = {
    "version/unknown": {"version": "9"},
    "version/wrong_type": {"version": 9},
    "visit/wrong_type": {"visit": "the second"},
    "with/unknown": {"with": ["O-9"]},
    "with/wrong_type": {"with": "O-2"},
    "replaces/unknown": {"replaces": "019a0000-0000-7000-8000-000000000000"},
    "replaces/wrong_type": {"replaces": "the first"},
    "arrived_at/wrong_type": {"arrived_at": "in the morning"},
    "departed_at/wrong_type": {"departed_at": 9},
    "finalised_at/wrong_type": {"finalised_at": "2026-11-08"},
    "device/wrong_type": {"device": "mine"},
    "device.sequence/wrong_type": {"device": {"id": "d", "sequence": "one"}},
    "position/wrong_type": {"position": "here"},
    "position.lat/wrong_type": {"position": {"lat": 91, "lon": 1}},
    "observed/wrong_type": {"observed": "all"},
    "observed.sealed/wrong_type": {"observed": {"sealed": "perhaps"}},
    "observed.nothing/unknown_question": {"observed": {"nothing": "personally"}},
    "observed.sealed/contradicts": {
        "answers": UNSEALED | {"sealed__known": "saw"},
        "observed": {"sealed": "reported"},
    },
    "weather/unknown_question": {"answers": UNSEALED | {"weather": "fine"}},
    "mood/unknown_member": {"mood": "good"},
}
"""What holds a report and may be accepted: how it is sent."""

CORRECTED = {
    "queue/wrong_type": {"queue": "many", "sealed": "no"},
    "queue/too_large": {"queue": 10**12, "sealed": "no"},
    "sealed/unknown_option": {"queue": 4, "sealed": "perhaps"},
}
"""Answers that cannot be read: nobody accepts them."""


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register looks at every report whether anything changed, not twice a second."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 3600.0)


@pytest.fixture
async def planned(client: httpx.AsyncClient, mission: SmallMission) -> SmallMission:
    """The mission with a team planned at station 003."""
    address = f"/api/v1/missions/{mission.slug}/tables/deployments"
    done = await client.post(address, content=PLAN, headers=mission.bearer("lead"))
    assert done.status_code < 300, done.text
    return mission


async def counts(client: httpx.AsyncClient, mission: SmallMission) -> tuple[Any, Any]:
    """Stations received of the plan, and the one irregularity: seen, of how many."""
    coverage = (await get(client, mission, "coverage")).json()["nation"]
    return coverage["received"], await seen(client, mission)


@pytest.mark.parametrize("name", PLACED)
async def test_what_lacks_its_place_counts_once_it_is_placed(
    client: httpx.AsyncClient, planned: SmallMission, rows: Rows, name: str
) -> None:
    members, given, who = PLACED[name]
    report = (await sent(client, planned, who, answers=UNSEALED, **members))["id"]
    before = standing(rows, report)
    assert (before[0], name in before[2]) == ("held", True), before
    assert await seen(client, planned) == []
    answer = await place(client, planned, report, **given)
    assert answer.status_code == 200, answer.text
    assert standing(rows, report) == ("received", 2, [], "003")
    assert await counts(client, planned) == (1, [(1, 1)])


@pytest.mark.parametrize("name", ACCEPTED)
async def test_what_may_be_accepted_counts_once_it_is_and_stays_so(
    client: httpx.AsyncClient, planned: SmallMission, rows: Rows, name: str
) -> None:
    members = {"station": "003", "answers": UNSEALED} | ACCEPTED[name]
    first = await sent(client, planned, **members)
    report = first["id"]
    before = standing(rows, report)
    assert (before[0], before[2]) == ("held", [name])
    answer = await accept(client, planned, report, name)
    assert answer.status_code == 200, answer.text
    assert standing(rows, report) == ("received", 2, [], "003")
    assert await counts(client, planned) == (1, [(1, 1)])
    again = await client.post(planned.reports, json=first, headers=planned.bearer("observer"))
    assert (again.status_code, again.json()["items"][0]["receipt"]["id"]) == (200, report)
    moved = await place(client, planned, report, station="002")
    assert (moved.status_code, moved.json()["status"]) == (200, "received"), moved.text


@pytest.mark.parametrize("name", CORRECTED)
async def test_an_answer_that_cannot_be_read_is_not_accepted_and_the_answer_says_what_lifts_it(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, name: str
) -> None:
    report = (await sent(client, mission, answers=CORRECTED[name]))["id"]
    assert standing(rows, report)[2] == [name]
    answer = await accept(client, mission, report, name)
    told = answer.json()
    assert (answer.status_code, told["field"]) == (409, "reasons")
    assert name in told["detail"]
    assert "Correct the answer" in told["detail"]
    assert standing(rows, report)[:2] == ("held", 1)
    question = name.partition("/")[0]
    done = await act(client, mission, report, "corrections", answers={question: None})
    assert (done.status_code, done.json()["status"]) == (200, "received"), done.text


@pytest.mark.parametrize("who", ["unpledged", "undeclared", "suspended"])
async def test_nobody_is_accepted_past_a_gate(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows, who: str
) -> None:
    report = (await sent(client, mission, who, observer=..., station="0746"))["id"]
    (gate,) = [each for each in standing(rows, report)[2] if each.startswith("observer/")]
    answer = await accept(client, mission, report, gate)
    assert (answer.status_code, answer.json()["field"]) == (409, "reasons")
    told = answer.json()["detail"]
    assert told.endswith("It is released then."), told
    placed = await place(client, mission, report, station="003")
    assert (placed.status_code, placed.json()["status"]) == (200, "held")
    assert standing(rows, report) == ("held", 2, [gate], "003")


async def test_a_report_of_a_visit_that_is_elsewhere_counts_as_a_visit_of_its_own(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    first = await sent(client, mission)
    second = await sent(client, mission, visit=first["visit"], station="002", answers=UNSEALED)
    assert standing(rows, second["id"])[2] == ["visit/contradicts"]
    answer = await accept(client, mission, second["id"], "visit/contradicts")
    assert answer.status_code == 200, answer.text
    assert standing(rows, second["id"]) == ("received", 2, [], "002")
    assert standing(rows, first["id"])[0] == "received"
    assert await seen(client, mission) == [(1, 2)]


async def test_a_team_of_two_organisations_is_accepted(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    rows("""WITH o AS (INSERT INTO organisation (mission_id, id, code, name, kind)
      SELECT mission_id, gen_random_uuid(), 'x', 'X', 'domestic' FROM mission RETURNING *)
    UPDATE observer SET organisation_id = o.id FROM o WHERE pseudonym = 'O-2' RETURNING 1""")
    report = (await sent(client, mission, **{"with": ["O-2"]}))["id"]
    assert standing(rows, report)[2] == ["with/contradicts"]
    assert (await accept(client, mission, report, "contradicts")).status_code == 200
    assert standing(rows, report)[0] == "received"


async def test_a_protocol_of_several_contests_counts_once_its_contest_is_said(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    await hold_two_contests(client, mission, rows)
    answers = votes(A=3) | {"contestant_votes": [{"contestant": "Q", "votes": 3}]}
    unsaid = protocol(mission, answers)
    wrong = protocol(mission, votes(X=3), station="003", contest="council")
    for report, name in ((unsaid, "contest/absent"), (wrong, "contest/contradicts")):
        await client.post(mission.reports, json=report, headers=mission.bearer("observer"))
        assert name in standing(rows, report["id"])[2]
        refused = await accept(client, mission, report["id"], name)
        assert (refused.status_code, refused.json()["field"]) == (409, "reasons")
        unknown = await place(client, mission, report["id"], contest="mayor")
        assert (unknown.status_code, unknown.json()["field"]) == (422, "contest")
        placed = await place(client, mission, report["id"], contest="president")
        assert (placed.status_code, placed.json()["status"]) == (200, "received"), placed.text


async def test_what_names_a_station_that_is_entered_later_is_released_by_that(
    client: httpx.AsyncClient, mission: SmallMission, rows: Rows
) -> None:
    report = (await sent(client, mission, station="0746"))["id"]
    release = release_of(client)
    assert (await release.of_mission(mission.mission_id)).released == ()
    address = f"/api/v1/missions/{mission.slug}/tables/stations"
    content = "code,name,registered_voters\n0746,School behind the mill,812\n"
    done = await client.post(address, content=content, headers=mission.bearer("lead"))
    assert done.status_code < 300, done.text
    assert len((await release.of_mission(mission.mission_id)).released) == 1
    assert standing(rows, report) == ("received", 1, [], "0746")


ARRIVED = "2026-11-08T09:10:00.000+02:00"
OVER_OPENROSA: dict[str, tuple[str, str, dict[str, Any]]] = {
    "station/unknown": ("<station>003<", "<station>0746<", {"station": "003"}),
    "station/absent": ("<station>003<", "<station><", {"station": "003"}),
    "round/unknown": ("<observer/>", "<round>third</round>", {"round": "first"}),
    "observer/not_own": ("<observer/>", "<observer>O-2</observer>", {"observer": "O-2"}),
    "version/unknown": ('version="2"', 'version="9"', {"reasons": ["version/unknown"]}),
    "arrived_at/wrong_type": (ARRIVED, "early", {"reasons": ["arrived_at/wrong_type"]}),
    "mood/unknown_member": ("<observer/>", "<mood>good</mood>", {"reasons": ["unknown_member"]}),
    "weather/unknown_question": (
        "<queue>",
        "<weather>fine</weather><queue>",
        {"reasons": ["weather/unknown_question"]},
    ),
}
"""What holds a report that Collect sends: what of it is other, and how it leaves."""


@pytest.mark.parametrize("name", OVER_OPENROSA)
async def test_the_same_over_openrosa(
    client: httpx.AsyncClient, planned: SmallMission, rows: Rows, name: str
) -> None:
    usual, other, given = OVER_OPENROSA[name]
    xml = instance(sealed="no", station="003").decode().replace(usual, other).encode()
    door = f"/openrosa/{planned.tokens['observer']}/submission"
    assert (await client.post(door, files=parts(xml))).status_code == 202
    ((report,),) = rows("SELECT id::text FROM report")
    assert standing(rows, report)[2] == [name]
    what = "acceptance" if "reasons" in given else "placement"
    answer = await act(client, planned, report, what, **given)
    assert (answer.status_code, answer.json()["status"]) == (200, "received"), answer.text
    assert standing(rows, report) == ("received", 2, [], "003")
    assert await counts(client, planned) == (1, [(1, 1)])
    answers = "SELECT answers ->> 'queue', jsonb_typeof(answers -> 'queue') FROM report_version"
    assert rows(f"{answers} WHERE number = 2") == [("4", "number")]
    assert (await client.post(door, files=parts(xml))).status_code == 201
    assert rows("SELECT count(*) FROM report") == [(1,)]


def given_by_intake() -> Iterator[tuple[str | None, str]]:
    """Field (None where it is not written out) and code of every reason in the code of intake."""
    for folder in WHERE:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" in file.parts:
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _called(node) in GIVES and node.args:
                    yield from _said(node)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _said(node: ast.Call) -> Iterator[tuple[str | None, str]]:
    written = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
    texts = [
        each if isinstance(each, str) and each.replace("_", "").isalpha() else None
        for each in written
    ]
    if _called(node) == "_Wrong" and texts[0]:
        yield None, texts[0]
    elif len(texts) >= 2 and texts[1] and texts[1].islower():
        field = written[0] if isinstance(written[0], str) else None
        yield field, texts[1]


def test_every_reason_that_intake_gives_is_in_the_table_with_its_act() -> None:
    found = {*given_by_intake()} | {("observer", code) for code in GATES}
    assert len(found) > 30, sorted(map(str, found))
    codes = {code for _, code in REASONS} | {*OF_ANSWERS}
    unknown = {
        (field, code)
        for field, code in found
        if code not in codes
        or (not is_known({"field": field or "x", "code": code}) and field is not None)
    }
    assert not unknown


def test_the_table_of_the_documents_is_the_table_of_the_code() -> None:
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8").partition("## Held reports")[2]
    told = [line for line in text.partition("## ")[0].splitlines() if line.startswith("| ")][1:]
    named = [(*key, each) for key, each in REASONS.items()]
    named += [("(a question)", code, each) for code, each in OF_ANSWERS.items()]
    assert told == [f"| {field} | {code} | {each.by} | {each.act} |" for field, code, each in named]


def test_what_must_be_settled_is_never_a_matter_of_acceptance() -> None:
    for each in (*REASONS.values(), *OF_ANSWERS.values()):
        assert each.must is (each.by is not By.ACCEPT)
        assert each.words.endswith(".")
        assert each.act.endswith(".")
    for code in GATES:
        assert act_for({"field": "observer", "code": code}).by is By.GATE
