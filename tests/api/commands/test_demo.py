"""``demo``: made or found, completed after an interruption, its people let in."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import httpx
import orjson
import pytest

from api.audit.sealed_work import CommandContext, office
from api.commands import demo
from api.commands.demo import announce_demo
from api.database.opening import running_database
from api.demonstration import rehearsal
from api.settings import Settings
from tests.api.conftest import listening
from tests.command_line import CommandLine
from tests.conftest import Database

SMALL = ("demo", "--stations", 40, "--reports", 120)
Rows = Callable[..., list[tuple[int]]]
REPORTS = "SELECT count(*) FROM report"


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[httpx.Client]:
    """A client of a server on this test's database."""
    worker = replace(settings, database_url=database.app_url)
    with listening(worker) as (address,), httpx.Client(base_url=address) as client:
        yield client


def test_it_prints_a_mission_and_five_tokens_that_work(
    indelible: CommandLine, client: httpx.Client
) -> None:
    made = indelible.done(*SMALL)
    assert set(made) == {"mission", "tokens"}
    assert list(made["tokens"]) == ["lead", "deputy", "data_manager", "observer", "partner"]
    for role, token in made["tokens"].items():
        answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert (answer.json()["role"], answer.json()["mission"]) == (role, made["mission"])


def test_it_shares_everything_once_with_its_partner(
    indelible: CommandLine, client: httpx.Client, rows: Rows
) -> None:
    made = indelible.done(*SMALL)
    indelible.done("demo")
    assert rows("SELECT count(*) FROM share") == [(1,)]
    client.headers["Authorization"] = f"Bearer {made['tokens']['partner']}"
    base = f"/api/v1/missions/{made['mission']}"
    for path in ("coverage", "irregularities"):
        assert client.get(f"{base}/{path}").status_code == 200
    for path in ("reports", "findings", "changes", "shares", "irregularities"):
        assert client.get(f"{base}/{path}").json()["items"], path


def test_the_observer_has_something_left_to_do(
    indelible: CommandLine, client: httpx.Client
) -> None:
    made = indelible.done(*SMALL)
    client.headers["Authorization"] = f"Bearer {made['tokens']['observer']}"
    own = client.get(f"/api/v1/missions/{made['mission']}/deployments").json()["items"]
    assert own[0]["station"] is not None
    assert own[0]["expected"]["counting"] == 1


def test_run_again_it_finds_the_mission_and_gives_tokens_again(
    indelible: CommandLine, rows: Rows
) -> None:
    first, second = indelible.done(*SMALL), indelible.done("demo")
    assert first["mission"] == second["mission"]
    assert set(first["tokens"].values()).isdisjoint(second["tokens"].values())
    assert rows(REPORTS) == [(120,)]
    assert rows("SELECT count(*) FROM statement") == [(1,)]


def test_the_same_seed_sends_the_same_reports(settings: Settings) -> None:
    with office(settings) as at:
        mission_id = rehearsal.stage(at, 40, 3, print)
        with at.reading(mission_id) as session:
            once, again = rehearsal.the_day(session, 90), rehearsal.the_day(session, 90)
            other = rehearsal.the_day(session, 50)
    assert once == again
    assert {each["id"] for each in other} < {each["id"] for each in once}


def test_two_at_once_make_one_mission_and_both_print_its_tokens(
    settings: Settings, client: httpx.Client, rows: Rows
) -> None:
    command = "import sys; from api.commands import main; sys.argv[0] = 'indelible'; main()"
    environment = os.environ | {
        "INDELIBLE_HOME": str(settings.home),
        "INDELIBLE_SECRET": settings.secret,
        "DATABASE_URL": str(settings.database_url),
    }
    running = [
        subprocess.Popen(
            [sys.executable, "-c", command, *map(str, SMALL), "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ended = [(*each.communicate(timeout=300), each.returncode) for each in running]
    assert [code for _, _, code in ended] == [0, 0], ended
    assert sum("Waiting" in said for _, said, _ in ended) <= 1
    for printed, _, _ in ended:
        made = orjson.loads(printed)
        for token in made["tokens"].values():
            me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
            assert me["mission"] == made["mission"] == "sarelia"
    assert rows("SELECT count(*), (SELECT count(*) FROM sample) FROM mission") == [(1, 1)]
    assert rows("SELECT count(*), (SELECT count(*) FROM statement) FROM report") == [(120, 1)]


def test_while_the_server_makes_it_the_command_waits_and_finds_it(
    settings: Settings, indelible: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    begun = threading.Event()

    def slowly(*_: object) -> UUID:
        order.append("begun")
        begun.set()
        time.sleep(1.5)
        order.append("made")
        return rehearsal.stage(at, 40, 7, lambda _: None)

    with office(settings) as at:
        monkeypatch.setattr(demo, "stage", slowly)
        server = threading.Thread(target=demo.make_or_find, args=(at, 40, 0, 7))
        server.start()
        begun.wait(20)
        monkeypatch.setattr(demo, "stage", rehearsal.stage)
        found = indelible("demo", "--reports", 0, "--json")
        order.append("found")
        server.join()
    assert found.json["mission"] == "sarelia"
    assert "Waiting" in found.err
    assert order == ["begun", "made", "found"]


class Interrupted(Exception):
    """Somebody switched the machine off."""


@pytest.mark.parametrize("when", ["after founding", "in the middle of the reports"])
def test_an_interrupted_one_is_completed(
    when: str,
    settings: Settings,
    indelible: CommandLine,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object) -> None:
        raise Interrupted

    with office(settings) as at, monkeypatch.context() as patch:
        patch.setattr(rehearsal, "REPORTS_PER_BATCH", 30)
        if when == "after founding":
            patch.setattr(rehearsal, "deploy", interrupt)
        with pytest.raises(Interrupted):
            begin(at, interrupt)
    assert rows(REPORTS) == [(30 if "reports" in when else 0,)]
    indelible.done(*SMALL)
    assert rows(REPORTS) == [(120,)]
    assert rows("SELECT count(*) FROM statement") == [(1,)]
    assert indelible.done("doctor")["sound"]


def begin(at: CommandContext, say: Callable[[str], None]) -> None:
    """Make the demonstration; ``say`` hears of every batch of reports."""
    mission_id = rehearsal.stage(at, 40, 7, print)
    rehearsal.play(at, mission_id, 120, say)


def test_its_links_let_a_lead_in_once_and_enrol_a_phone(
    indelible: CommandLine,
    settings: Settings,
    client: httpx.Client,
    capsys: pytest.CaptureFixture[str],
) -> None:
    indelible.done(*SMALL)
    with running_database(settings) as database:
        announce_demo(settings, database, "")
    printed = capsys.readouterr().out
    lead, deputy, manager = re.findall(r"/sign-in/\S+", printed)
    for link in (lead, deputy, manager):
        assert client.get(link).status_code == 200
        answer = client.post(link)
        assert (answer.status_code, answer.headers["location"]) == (303, "/missions/sarelia/")
    assert client.get(lead).status_code == 410
    (code,) = re.findall(r"/field/#enrol=(\S+)", printed)
    enrolled = client.post("/api/v1/enrol", json={"code": code}).json()
    assert enrolled["mission"] == "sarelia"
    assert enrolled["pseudonym"].startswith("S-")
