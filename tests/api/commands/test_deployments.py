"""Deployments by file: quotas, centres, states; twice is nothing; what is refused, and why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine

Save = Callable[[str, str | bytes], Path]
Rows = Callable[..., list[tuple[Any, ...]]]
STATIONS = "code,name,district_code\n001,School 1,07\n002,School 2,07\n"
PEOPLE = "pseudonym,organisation\nW-2,watch\nW-3,watch\nA-1,abroad\nA-2,abroad\n"
PLAN = """round;kind;station;area;centre;team;expect voting;expect counting;state;reason
first;;001;;;W-2;3;1;;
first;mobile;;07;;A-1 A-2;9;1;planned;
first;;;;C-1;W-3;;2;;
first;;002;;;W-3;1;;Withdrawn (security);shots were heard
"""
PLACE = """INSERT INTO place (mission_id, id, kind, code, name, address, attributes)
SELECT mission_id, gen_random_uuid(), %s, %s, 'Hall', '', '{}' FROM mission RETURNING code"""


@pytest.fixture
def plan(indelible: CommandLine, vastria: str, saved: Save, rows: Rows) -> Callable[..., Any]:
    """Imports a plan into a mission with two stations, a centre and four observers."""
    indelible.done("stations", "import", vastria, saved("stations.csv", STATIONS))
    indelible.done("observers", "import", vastria, saved("people.csv", PEOPLE))
    rows(PLACE, "counting_centre", "C-1")

    def bring(text: str, *options: str) -> Any:
        file = saved("plan.csv", text)
        return indelible.done("deployments", "import", vastria, file, *options)

    return bring


def test_a_plan_of_stations_areas_and_centres_is_taken(
    plan: Callable[..., Any], rows: Rows
) -> None:
    said = plan(PLAN)
    assert (said["added"], said["refused"]) == (4, [])
    read = "SELECT kind, expected, state, state_reason, state_since IS NULL FROM deployment"
    assert rows(f"{read} ORDER BY kind, state") == [
        ("centre", {"counting": 2}, "planned", "", True),
        ("mobile", {"voting": 9, "counting": 1}, "planned", "", True),
        ("static", {"voting": 3, "counting": 1}, "planned", "", True),
        ("static", {"voting": 1}, "withdrawn_security", "shots were heard", False),
    ]


def test_the_same_plan_twice_changes_nothing_and_a_dry_run_never_does(
    plan: Callable[..., Any], rows: Rows
) -> None:
    clock = "SELECT max(seq) FROM mission_clock"
    assert plan(PLAN, "--dry-run")["added"] == 4
    assert rows("SELECT count(*) FROM deployment") == [(0,)]
    plan(PLAN)
    before = rows(clock)
    again = plan(PLAN)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 4)
    assert again["refused"] == []
    assert rows(clock) == before


def test_a_second_file_changes_only_the_quotas_it_has_columns_for(
    plan: Callable[..., Any], rows: Rows
) -> None:
    plan(PLAN)
    more = "round,station,team,expect counting\nfirst,001,W-2,2\n"
    assert plan(more)["changed"] == 1
    at = "SELECT expected FROM deployment JOIN place ON place.id = place_id AND code = '001'"
    assert rows(at) == [({"voting": 3, "counting": 2},)]
    plan(more.replace("W-2,2", "W-2,0"))
    assert rows(at) == [({"voting": 3},)]
    assert plan(more.replace("W-2,2", "W-2,"))["unchanged"] == 1


def test_a_quota_may_name_a_stage_that_one_checklist_is_of(
    plan: Callable[..., Any], rows: Rows
) -> None:
    stage = """UPDATE rules SET definition = jsonb_set(definition, '{stage}', '"closing"')
    WHERE definition ->> 'name' = 'counting' RETURNING 1"""
    assert rows(stage)
    assert plan("round,station,team,quota closing\nfirst,001,W-2,1\n")["added"] == 1
    assert rows("SELECT expected FROM deployment") == [({"counting": 1},)]
    assert rows(stage.replace("'counting'", "'voting'"))
    (refused,) = plan("round,station,team,quota closing\nfirst,002,W-2,1\n")["refused"]
    assert "of this stage are counting, voting: name one" in refused["reason"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("static,,07,,W-2,1,,", "a team sent to an area is not static"),
        ("tour,001,,,W-2,1,,", "'tour' is not static, mobile or centre"),
        (",001,07,,W-2,1,,", "a station, a centre or an area"),
        (",001,,,,1,,", "A team is needed"),
        (",001,,,W-2 A-1,1,,", "of one organisation"),
        (",,,C-9,W-2,1,,", "Not known: centre C-9"),
        (",001,,,W-2,101,,", "column expect voting: at most 100"),
        (",001,,,W-2,1,closed,", "column state: 'closed' is none of planned, cancelled"),
        (",001,,,W-2,1,cancelled,", "column reason: cancelled needs a reason"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_with_its_reason(
    plan: Callable[..., Any], cells: str, reason: str
) -> None:
    header = "round,kind,station,area,centre,team,expect voting,state,reason\n"
    said = plan(f"{header}first,{cells}\nfirst,,002,,,W-3,1,,\n")
    assert said["added"] == 1
    ((line, told),) = [(each["row"], each["reason"]) for each in said["refused"]]
    assert line == 2
    assert reason in told


def test_a_code_of_a_centre_that_counts_and_one_that_tabulates_is_asked_about(
    plan: Callable[..., Any], rows: Rows
) -> None:
    rows(PLACE, "tabulation_centre", "C-1")
    (refused,) = plan("round,centre,team\nfirst,C-1,W-2\n")["refused"]
    assert "which centre C-1" in refused["reason"]


def test_a_team_that_stands_twice_stops_the_file(
    indelible: CommandLine, vastria: str, saved: Save, plan: Callable[..., Any], rows: Rows
) -> None:
    twice = "round,area,team,expect voting\nfirst,07,A-1 A-2,3\nfirst,07,A-2 A-1,5\n"
    said = indelible("deployments", "import", vastria, saved("plan.csv", twice))
    assert (said.code, "in rows 2 and 3" in said.err) == (1, True)
    assert rows("SELECT count(*) FROM deployment") == [(0,)]


def test_nobody_suspended_is_sent_out_anew_but_a_standing_plan_stays(
    plan: Callable[..., Any], rows: Rows
) -> None:
    sent = "round,station,team\nfirst,001,W-2\n"
    plan(sent)
    suspend = "UPDATE observer SET state = 'suspended' WHERE pseudonym = 'W-2' RETURNING 1"
    assert rows(suspend)
    assert plan(sent)["unchanged"] == 1
    (refused,) = plan(sent.replace("001", "002"))["refused"]
    assert refused["reason"] == "Not active: observer W-2."


def test_a_plan_repeated_after_a_swap_of_members_sends_nobody_twice(
    plan: Callable[..., Any], rows: Rows
) -> None:
    plan(PLAN)
    gone = """UPDATE deployed_observer SET left_at = now() FROM observer o
    WHERE o.id = observer_id AND pseudonym = 'A-2' RETURNING 1"""
    assert rows(gone)
    again = plan(PLAN)
    assert (again["added"], again["unchanged"], again["refused"]) == (0, 4, [])


def test_what_a_later_deployment_replaced_is_not_revived_by_the_old_file(
    plan: Callable[..., Any], rows: Rows
) -> None:
    plan(PLAN)
    assert rows("""WITH old AS (UPDATE deployment SET state = 'cancelled' WHERE kind = 'mobile'
      RETURNING *)
    INSERT INTO deployment (mission_id, id, round_id, organisation_id, kind, place_id, expected,
      state, state_reason, replaces_id)
    SELECT mission_id, gen_random_uuid(), round_id, organisation_id, 'static',
      (SELECT id FROM place WHERE code = '002'), expected, 'planned', '', id FROM old
    RETURNING 1""")
    again = plan(PLAN)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 3)
    assert "A later deployment replaced this one" in again["refused"][0]["reason"]
