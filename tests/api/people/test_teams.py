"""A team of several countries: one form, one visit; it counts once all of it have pledged."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.intake.accept import Intake
from api.intake.candidate import Candidate
from api.people.texts import sha256_of
from api.review.release_held import Release
from tests.api.people.test_gates import code
from tests.api.people.test_release import held
from tests.api.small import SmallMission
from tests.conftest import Database

Rows = Callable[..., list[tuple[Any, ...]]]
TEAM = ["O-2", "O-unpledged"]
CITIZENSHIPS = {"O-1": ["PT"], "O-2": ["KE", "FR"], "O-unpledged": ["GE"]}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register looks at every report whether anything changed, not twice a second."""
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    monkeypatch.setattr("api.review.release_held.EVERY_SECONDS", 3600.0)


@pytest.fixture
def abroad(mission: SmallMission, rows: Rows) -> SmallMission:
    """The mission, its people citizens of several countries."""
    for pseudonym, countries in CITIZENSHIPS.items():
        rows(
            "UPDATE observer SET citizenships = array_to_json(%s::text[])::jsonb"
            " WHERE pseudonym = %s RETURNING 1",
            countries,
            pseudonym,
        )
    return mission


async def test_citizens_of_several_countries_send_one_form_of_one_visit(
    as_observer: httpx.AsyncClient, abroad: SmallMission, rows: Rows
) -> None:
    report = abroad.report(**{"with": ["O-2"]})
    sent = await as_observer.post(abroad.reports, json=report)
    assert sent.status_code == 201
    second = abroad.report(observer="O-2", visit=report["visit"], **{"with": ["O-1"]})
    other = await as_observer.post(abroad.reports, json=second, headers=abroad.bearer("observer2"))
    assert other.status_code == 201
    assert rows("SELECT count(*), count(DISTINCT visit_id) FROM report") == [(2, 1)]
    assert rows("SELECT count(*) FROM visit") == [(1,)]
    place = f"/api/v1/missions/{abroad.slug}/composition"
    found = (await as_observer.get(place, headers=abroad.bearer("lead"))).json()["citizenship"]
    assert found == {"": 2, "FR": 1, "GE": 1, "KE": 1, "PT": 1}


async def test_a_form_waits_for_the_last_of_its_team_to_pledge_and_says_for_whom(
    client: httpx.AsyncClient, abroad: SmallMission, rows: Rows
) -> None:
    report = await held(client, abroad, "observer", **{"with": TEAM})
    ((reasons,),) = rows("SELECT reasons FROM report WHERE id = %s", report)
    assert [(each["field"], each["code"]) for each in reasons] == [("with", "no_pledge")]
    assert reasons[0]["message"].startswith("O-unpledged: ")


async def test_the_last_pledge_lets_the_whole_team_s_form_out_at_once(
    client: httpx.AsyncClient, abroad: SmallMission, database: Database, rows: Rows
) -> None:
    report = await held(client, abroad, "observer", **{"with": TEAM})
    code(database, abroad, "Observe.")
    for person in ("O-1", "O-2"):
        rows(
            "UPDATE pledge SET text_sha256 = %s WHERE observer_id ="
            " (SELECT id FROM observer WHERE pseudonym = %s) RETURNING 1",
            sha256_of("Observe."),
            person,
        )
    pledged = await client.post(
        f"/api/v1/missions/{abroad.slug}/pledge",
        json={"text_sha256": sha256_of("Observe.")},
        headers=abroad.bearer("unpledged"),
    )
    assert (pledged.status_code, pledged.json()["released"]) == (201, 1)
    query = "SELECT status, reasons, visit_id IS NULL FROM report WHERE id = %s"
    assert rows(query, report) == [("received", [], False)]


async def test_a_form_that_waits_is_judged_again_only_when_somebody_passed_a_gate(
    client: httpx.AsyncClient,
    abroad: SmallMission,
    database: Database,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = await held(client, abroad, "observer", **{"with": TEAM})
    release, judged = release_of(client), []
    judge = Intake.judge

    async def counted(self: Intake, *given: Any, **named: Any) -> Candidate:
        judged.append(given)
        return await judge(self, *given, **named)

    monkeypatch.setattr(Intake, "judge", counted)
    for _ in range(3):
        assert (await release.of_mission(abroad.mission_id)).released == ()
    assert len(judged) == 1
    await held(client, abroad, "observer", **{"with": TEAM})
    judged.clear()
    for _ in range(3):
        assert (await release.of_mission(abroad.mission_id)).released == ()
    assert len(judged) == 1, "only the one that came since"
    code(database, abroad, "Observe.")
    for person in TEAM:
        rows(
            "UPDATE pledge SET text_sha256 = %s WHERE observer_id ="
            " (SELECT id FROM observer WHERE pseudonym = %s) RETURNING 1",
            sha256_of("Observe."),
            person,
        )
    await release.of_mission(abroad.mission_id)
    assert rows("SELECT status FROM report WHERE id = %s", report) == [("held",)]
    rows(
        "INSERT INTO pledge SELECT (jsonb_populate_record(p, jsonb_build_object("
        "'id', gen_random_uuid(), 'text_sha256', %s::text, 'observer_id', o.id))).*"
        " FROM observer o, (SELECT p FROM pledge p LIMIT 1) AS one(p)"
        " WHERE o.pseudonym = ANY (%s) RETURNING 1",
        sha256_of("Observe."),
        ["O-1", "O-unpledged"],
    )
    assert len((await release.of_mission(abroad.mission_id)).released) == 2
    assert rows("SELECT status FROM report WHERE id = %s", report) == [("received",)]


def release_of(client: httpx.AsyncClient) -> Release:
    """The release of the application that a client speaks to."""
    app: Any = client._transport
    app = app.app
    while not hasattr(app, "framework"):
        app = app._app
    release: Release = app.framework.state.release
    return release


async def test_a_member_of_another_organisation_is_named(
    client: httpx.AsyncClient, abroad: SmallMission, rows: Rows
) -> None:
    rows("""WITH o AS (INSERT INTO organisation (mission_id, id, code, name, kind)
      SELECT mission_id, gen_random_uuid(), 'x', 'X', 'international' FROM mission RETURNING *)
    UPDATE observer SET organisation_id = o.id FROM o WHERE pseudonym = 'O-2' RETURNING 1""")
    report = await held(client, abroad, "observer", **{"with": ["O-2"]})
    ((reasons,),) = rows("SELECT reasons FROM report WHERE id = %s", report)
    assert ("with", "contradicts", "O-2: a team is of one organisation.") in [
        (each["field"], each["code"], each["message"]) for each in reasons
    ]
