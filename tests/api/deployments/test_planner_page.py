"""The planner: where nobody goes, who is sent nowhere, and sending them; within one's own area."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine
from sqlmodel import Session, select

from schemas.columns import now
from schemas.credential import Purpose, Role
from schemas.deployment import DeployedObserver, Deployment
from schemas.election import Round
from schemas.mission import Member, Organisation
from schemas.place import Area, Place
from schemas.sample import Sample, SampledStation, Stratum
from tests.api.small import SmallMission, credential
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
ACT = """
WITH moved AS (UPDATE mission_clock SET seq = seq + 1 RETURNING mission_id, seq)
INSERT INTO audit_entry (mission_id, id, sequence, at, act, subject, salt, digest, note)
SELECT mission_id, gen_random_uuid(), seq, now(), 'sample.draw', 'x', '', '', '' FROM moved
RETURNING 1"""
"""What the log holds of whoever changes the setting."""


@pytest.fixture
def planned(database: Database, mission: SmallMission) -> SmallMission:
    """001 (in N1 in N) and 002 (in S) are sampled; O-1 stays at 001; a coordinator for N."""
    of: dict[str, Any] = {"mission_id": mission.mission_id}
    engine = create_engine(database.admin_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with Session(engine) as session:
        north, south = (Area(**of, code=each, name=f"Area {each}", level="region") for each in "NS")
        session.add_all([north, south])
        session.flush()
        district = Area(**of, code="N1", name="Low", level="district", parent_id=north.id)
        session.add(district)
        session.flush()
        places = {each.code: each for each in session.exec(select(Place))}
        places["001"].area_id, places["002"].area_id = district.id, south.id
        polled = session.exec(select(Round)).one()
        _sample(session, of, polled, [places["001"], places["002"]])
        sent = Deployment(
            **of,
            round_id=polled.id,
            kind="static",
            place_id=places["001"].id,
            organisation_id=session.exec(select(Organisation)).one().id,
            expected={"voting": 3},
        )
        lead = mission.holders["lead"]
        coordinator = Member(**of, handle="c", role=Role.COORDINATOR, area_id=north.id)
        session.add_all([sent, coordinator])
        session.flush()
        session.add_all(
            [
                DeployedObserver(
                    **of, deployment_id=sent.id, observer_id=mission.holders["observer"]
                ),
                credential(mission, "planner", Role.LEAD, Purpose.SESSION, lead),
                credential(mission, "bounded", Role.COORDINATOR, Purpose.SESSION, coordinator.id),
                credential(
                    mission, "bounded_key", Role.COORDINATOR, Purpose.BEARER, coordinator.id
                ),
            ]
        )
        session.commit()
    engine.dispose()
    return mission


def _sample(session: Session, of: dict[str, Any], polled: Round, places: list[Place]) -> None:
    drawn = Sample(
        **of,
        round_id=polled.id,
        code="s",
        seed=1,
        size=2,
        frame_size=3,
        frame_sha256="0" * 64,
        method="srs",
        drawn_at=now(),
    )
    session.add(drawn)
    session.flush()
    whole = Stratum(**of, sample_id=drawn.id, code="all", population=3, drawn=2)
    session.add(whole)
    session.flush()
    session.add_all(
        SampledStation(**of, sample_id=drawn.id, place_id=each.id, stratum_id=whole.id, drawn=True)
        for each in places
    )


class Planner:
    """Somebody before the planner's pages."""

    def __init__(self, client: httpx.AsyncClient, mission: SmallMission, persona: str) -> None:
        self._client, self._base = client, f"/missions/{mission.slug}/deployments"
        self._headers = {
            "Cookie": f"indelible_session={mission.tokens[persona]}",
            "Sec-Fetch-Site": "same-origin",
        }

    async def see(self, rest: str = "", status: int = 200) -> str:
        answer = await self._client.get(self._base + rest, headers=self._headers)
        assert answer.status_code == status, answer.text
        return answer.text

    async def do(
        self, rest: str, status: int = 303, quota: dict[str, int] | None = None, **given: str
    ) -> str:
        """Where a form leads; or, where it is not taken, the page that says why."""
        data = given | {f"expect.{name}": str(count) for name, count in (quota or {}).items()}
        answer = await self._client.post(self._base + rest, data=data, headers=self._headers)
        assert answer.status_code == status, answer.text
        where = answer.headers.get("location", "")
        return where.removeprefix(self._base) if status == 303 else answer.text


@pytest.fixture
def lead(client: httpx.AsyncClient, planned: SmallMission) -> Planner:
    return Planner(client, planned, "planner")


@pytest.fixture
def coordinator(client: httpx.AsyncClient, planned: SmallMission) -> Planner:
    return Planner(client, planned, "bounded")


async def test_sampled_stations_with_nobody_and_people_sent_nowhere_stand_first(
    lead: Planner,
) -> None:
    shown = await lead.see()
    assert "1 of 2 sampled stations are not covered; 3 observers are not deployed" in shown
    nobody, rest = shown.split("Observers sent nowhere</h2>")
    assert "School 002" in nobody
    assert "School 003" not in nobody  # it is of no sample
    assert shown.index("Area S") < shown.index("Area N")  # most in need first
    assert rest.index("O-2") < rest.index("Who goes where") < rest.index("School 001")
    assert "O-suspended" not in shown


async def test_a_sampled_station_is_covered_by_observers_of_the_sample_s_own_kind_alone(
    lead: Planner, rows: Rows
) -> None:
    rows("UPDATE sample SET kind = 'international' RETURNING 1")
    rows(ACT)
    assert "2 of 2 sampled stations are not covered" in await lead.see()
    rows("UPDATE sample SET kind = 'domestic' RETURNING 1")
    rows(ACT)
    assert "1 of 2 sampled stations are not covered" in await lead.see()


async def test_a_deployment_is_found_by_station_region_or_observer(lead: Planner) -> None:
    for words in ("001", "school 001", "low", "o-1"):
        assert "School 001" in await lead.see(f"?q={words}"), words
    assert "No deployment fits" in await lead.see("?q=O-2")
    assert "School 001" in await lead.see("?area=N")
    assert "School 001" not in await lead.see("?area=S")


async def test_what_is_asked_of_the_planner_and_is_not_there_is_said(lead: Planner) -> None:
    for asked in ("?show=x", "?area=Z", "?round=ninth", "?after=nonsense", "?q=%00"):
        await lead.see(asked, 422)
    await lead.see("/nothing", 404)


async def test_a_team_sent_covers_its_station_and_is_in_the_log(lead: Planner, rows: Rows) -> None:
    at = await lead.do(
        "/new", round="first", sort="station", code="002", team="O-2", quota={"voting": 2}
    )
    assert "School 002" in await lead.see(at)
    assert "All sampled stations are covered; 2 observers" in await lead.see()
    assert rows("SELECT count(*) FROM audit_entry WHERE act = 'deployment.assign'") == [(1,)]
    assert rows("SELECT kind, expected FROM deployment WHERE planned_by IS NOT NULL") == [
        ("static", {"voting": 2})
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"code": "009"}, "you have no station &#39;009&#39;"),
        ({"team": "O-9"}, "you have no observer &#39;O-9&#39;"),
        ({"team": "O-suspended"}, "O-suspended is suspended"),
        ({"team": "O-1"}, "O-1 stays at another station all day"),
        ({"team": "O-1", "code": "001"}, "O-1 is sent there already"),
        ({"team": " "}, "1 to 20 observers"),
        ({"kind": "centre"}, "a team is not centre there"),
        ({"sort": "moon"}, "a station, a centre or an area"),
        ({"round": "ninth"}, "no such round"),
        ({"expect.voting": "many"}, "A whole number"),
        ({"expect.voting": "101"}, "0 to 100"),
    ],
)
async def test_a_team_that_cannot_be_sent_comes_back_with_the_reason(
    lead: Planner, rows: Rows, given: dict[str, str], says: str
) -> None:
    usual = {"round": "first", "sort": "station", "code": "002", "team": "O-2"}
    shown = await lead.do("/new", 422, None, **(usual | given))
    assert says in shown
    assert "Nothing was written." in shown
    assert rows("SELECT count(*) FROM deployment") == [(1,)]


async def test_a_closed_station_takes_no_team_and_its_team_is_shown_to_be_moved(
    lead: Planner, rows: Rows
) -> None:
    rows("UPDATE place SET closed_on = '2026-11-01' RETURNING 1")
    rows(ACT)
    shown = await lead.do("/new", 422, round="first", sort="station", code="002", team="O-2")
    assert "is closed since 2026-11-01" in shown
    assert "School 001" in await lead.see("?show=closed")


async def test_a_team_sent_elsewhere_by_telephone_leaves_its_old_plan(
    lead: Planner, rows: Rows
) -> None:
    (old,) = rows("SELECT id::text FROM deployment")[0]
    new = await lead.do(f"/{old}/redeploy", sort="station", code="002", reason="road cut")
    assert "an earlier deployment" in await lead.see(new)
    assert "road cut" in await lead.see(f"/{old}")
    assert "road cut" in await lead.see("?show=ended")
    assert "1 of 2 sampled stations are not covered" in await lead.see()  # now it is 001
    again = await lead.do(f"/{old}/redeploy", 422, sort="area", code="S", reason="again")
    assert "ended already" in again


async def test_a_withdrawal_needs_a_reason_and_a_call_is_noted(lead: Planner, rows: Rows) -> None:
    (old,) = rows("SELECT id::text FROM deployment")[0]
    await lead.do(f"/{old}/calls", outcome="no_answer", note="twice")
    assert "twice" in await lead.see(f"/{old}")
    await lead.do(f"/{old}/calls", 422, outcome="sang")
    await lead.do(f"/{old}/end", 422, state="withdrawn_security", reason=" ")
    await lead.do(f"/{old}/end", state="withdrawn_security", reason="shots")
    assert rows("SELECT state, state_reason FROM deployment") == [("withdrawn_security", "shots")]


async def test_a_team_may_swap_members_of_its_own_organisation(
    lead: Planner, planned: SmallMission, rows: Rows
) -> None:
    (old,) = rows("SELECT id::text FROM deployment")[0]
    await lead.do(f"/{old}/team", leave="O-1", join="O-2")
    assert ": <bdi>O-2</bdi></h1>" in await lead.see(f"/{old}")
    assert rows("SELECT count(*), count(left_at) FROM deployed_observer") == [(2, 1)]
    for given in ({"leave": "O-1"}, {"join": "O-2"}, {"join": "O-suspended"}, {"join": ""}):
        await lead.do(f"/{old}/team", 422, None, **given)
    rows("""WITH o AS (INSERT INTO organisation (mission_id, id, code, name, kind)
      SELECT mission_id, gen_random_uuid(), 'x', 'X', 'international' FROM mission RETURNING *)
    UPDATE observer SET organisation_id = o.id FROM o WHERE pseudonym = 'O-unpledged'
    RETURNING 1""")
    assert "of one organisation" in await lead.do(f"/{old}/team", 422, join="O-unpledged")


async def test_what_ended_is_no_longer_on_the_observers_phone(
    client: httpx.AsyncClient, lead: Planner, planned: SmallMission, rows: Rows
) -> None:
    (old,) = rows("SELECT id::text FROM deployment")[0]
    new = await lead.do(f"/{old}/redeploy", sort="station", code="002", reason="road cut")
    address = f"/api/v1/missions/{planned.slug}/deployments"
    (own,) = (await client.get(address, headers=planned.bearer("observer"))).json()["items"]
    assert (own["station"]["code"], own["replaces"], "/" + own["id"]) == ("002", old, new)
    every = (await client.get(address, headers=planned.bearer("lead"))).json()["items"]
    assert {each["state"] for each in every} == {"planned", "cancelled"}


async def test_a_coordinator_plans_its_own_area_and_nothing_else(
    client: httpx.AsyncClient,
    coordinator: Planner,
    lead: Planner,
    planned: SmallMission,
    rows: Rows,
) -> None:
    shown = await coordinator.see()
    assert "School 001" in shown
    assert "School 002" not in shown
    assert "O-2" not in shown
    there = await coordinator.do("/new", 422, round="first", sort="station", code="002", team="O-1")
    assert "you have no station" in there
    (own,) = rows("SELECT id::text FROM deployment")[0]
    away = await coordinator.do(f"/{own}/redeploy", 422, sort="station", code="002", reason="x")
    assert "you have no station" in away
    answer = await client.post(
        f"/api/v1/missions/{planned.slug}/deployments/{own}/redeploy",
        json={"station": "002"},
        headers=planned.bearer("bounded_key"),
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "station")
    south = await lead.do("/new", round="first", sort="station", code="002", team="O-2")
    await coordinator.see(south, 404)
    await coordinator.do(f"{south}/end", 404, state="cancelled", reason="x")
    await coordinator.do(f"/{own}/end", state="cancelled", reason="x")


async def test_a_coordinator_hears_and_settles_the_alarms_of_its_own_people(
    client: httpx.AsyncClient, planned: SmallMission, rows: Rows
) -> None:
    raised = rows("""INSERT INTO alarm (mission_id, id, kind, subject, detail, raised_at)
      SELECT mission_id, gen_random_uuid(), 'second_use', pseudonym, 'used', now() FROM observer
      WHERE pseudonym IN ('O-1', 'O-2') RETURNING subject, id::text""")
    alarms, base = dict(raised), f"/api/v1/missions/{planned.slug}/alarms"
    bounded = planned.bearer("bounded_key")
    heard = (await client.get(base, headers=bounded)).json()["items"]
    assert [each["subject"] for each in heard] == ["O-1"]
    cookie = {
        "Cookie": f"indelible_session={planned.tokens['bounded']}",
        "Sec-Fetch-Site": "same-origin",
    }
    page = f"/missions/{planned.slug}/people/alarms/{alarms['O-2']}/settle"
    assert (await client.post(page, headers=cookie)).status_code == 404
    for subject, status in (("O-2", 404), ("O-1", 204)):
        where = f"{base}/{alarms[subject]}/settle"
        assert (await client.post(where, headers=bounded)).status_code == status
    assert rows("SELECT subject FROM alarm WHERE settled_at IS NULL") == [("O-2",)]


async def test_a_plan_of_many_pages_is_walked_through_once(
    lead: Planner, planned: SmallMission, rows: Rows
) -> None:
    rows("""INSERT INTO deployment (mission_id, id, round_id, organisation_id, kind, place_id,
      expected, state, state_reason)
    SELECT mission_id, gen_random_uuid(), round_id, organisation_id, kind, place_id, '{}',
      state, '' FROM deployment, generate_series(1, 119) RETURNING 1""")
    seen, address = [], "?"
    while address:
        shown = await lead.see(address)
        seen += [
            each.partition('"')[0]
            for each in shown.split(f"{planned.slug}/deployments/")[1:]
            if each[:3] != "new"
        ]
        _, _, after = shown.partition('<p><a class="btn" href="')
        address = after.partition('"')[0].replace("&amp;", "&") if after else ""
    assert len(seen) == len(set(seen)) == 120


async def test_a_centre_takes_a_team_of_its_own_kind(lead: Planner, rows: Rows) -> None:
    rows("""INSERT INTO place (mission_id, id, kind, code, name, address, attributes)
    SELECT mission_id, gen_random_uuid(), sort, 'C', 'Hall', '', '{}' FROM mission,
      unnest('{counting_centre,tabulation_centre}'::text[]) sort RETURNING 1""")
    at = await lead.do("/new", round="first", sort="tabulation_centre", code="C", team="O-2")
    assert "at a centre" in await lead.see(at)
    assert rows("""SELECT p.kind, d.kind FROM deployment d JOIN place p ON p.id = d.place_id
    WHERE p.code = 'C'""") == [("tabulation_centre", "centre")]
