"""Feeds a generated mission to the product by its own commands and its own HTTP addresses.

This is the one module of the oracle, beside the comparison, that knows the product: it makes a
mission in a database of its own, posts what came in its order, and asks. It counts nothing.
"""

import asyncio
import contextlib
import io
import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from api.app import create_app
from api.commands import main
from api.settings import Settings
from tests.api.conftest import awake
from tests.conftest import SECRET, Database
from tests.truth.mission import Correction, Decision, Mission, Post, Step

CHECKLISTS = ("voting", "results", "incident", "access_denied")
SLUG = "truth"
UNSAFE = "withdrawn (security),Shots were heard."


class RefusedStep(Exception):
    """The product did not do what a person decided or asked for: it refused a statement, say, whose
    sentences break its own rules."""


@dataclass(frozen=True)
class Fed:
    """An installation that a mission was fed to."""

    settings: Settings
    tokens: dict[str, str]


def indelible(settings: Settings, *words: object) -> Any:
    """Run one command in this process; its JSON."""
    environment = {
        "INDELIBLE_HOME": str(settings.home),
        "INDELIBLE_SECRET": settings.secret,
        "DATABASE_URL": str(settings.database_url),
    }
    before, argv = dict(os.environ), sys.argv
    os.environ.update(environment)
    sys.argv = ["indelible", *map(str, words), "--json"]
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = argv
        os.environ.clear()
        os.environ.update(before)
    if code:
        raise RefusedStep(f"{' '.join(map(str, words))}: {err.getvalue()}")
    return json.loads(out.getvalue())


def found(database: Database, home: Path, mission: Mission) -> Fed:
    """Make the mission: its file, stations, observers, sample and plan."""
    settings = Settings(home=home, secret=SECRET, database_url=database.admin_url)
    made = indelible(settings, "mission", "create", _saved(home, "mission.toml", _toml(mission)))
    stations = "code,name,area_code,area_name,registered_voters\n" + "".join(
        f"{each.code},School {each.code},{each.area},Area {each.area},{each.registered}\n"
        for each in mission.stations
    )
    indelible(settings, "stations", "import", SLUG, _saved(home, "stations.csv", stations))
    people = "pseudonym,organisation,pledged,declared\n" + "".join(
        f"{each.pseudonym},{each.kind},{'yes' if each.pledged else 'no'},yes\n"
        for each in mission.observers
    )
    indelible(settings, "observers", "import", SLUG, _saved(home, "observers.csv", people))
    for each in mission.samples:
        drawing = ("--size", each.size, "--seed", each.seed, "--kind", each.kind)
        words = ("--round", each.round, "--stratify-by", "area")
        indelible(settings, "sample", "draw", SLUG, *drawing, *words)
    plan = "round,station,team,expect voting,expect results,state,reason\n" + "".join(
        f"{each.round},{each.station},{' '.join(each.team)},{each.expects.get('voting', 0)},"
        f"{each.expects.get('results', 0)},{UNSAFE if each.unsafe else ','}\n"
        for each in mission.plans
    )
    indelible(settings, "deployments", "import", SLUG, _saved(home, "plan.csv", plan))
    return Fed(settings, made["tokens"])


def _saved(home: Path, name: str, text: str) -> Path:
    file = home / name
    file.write_text(text, encoding="utf-8")
    return file


def _toml(mission: Mission) -> str:
    lines = [
        "[mission]",
        f'slug = "{SLUG}"',
        'title = "Vastria, a generated mission"',
        'country = "Vastria"',
        'kind = "domestic"',
        'languages = ["en"]',
        'zone = "UTC"',
        f"response_threshold = {mission.threshold}",
        f"checklists = {json.dumps(CHECKLISTS)}",
    ]
    for kind in ("domestic", "international"):
        lines += ["[[organisations]]", f'code = "{kind}"', f'name = "{kind} observers"']
        lines += [f'kind = "{kind}"']
    lines += ["[election]", 'code = "election"', 'name = "Election"']
    for each in mission.rounds:
        lines += ["[[rounds]]", f'code = "{each.code}"', f'name = "The {each.code} round"']
        lines += [f"polling_days = [{each.day}]", "opens = 07:00:00", "closes = 18:00:00"]
    for contest in mission.contests:
        lines += ["[[contests]]", f'round = "{contest.round}"', f'code = "{contest.code}"']
        lines += [f'name = "Contest {contest.code}"', 'denominator = "valid"']
        if contest.areas:
            lines += [f"areas = {json.dumps(contest.areas)}"]
        names = ", ".join(
            f'{{ code = "{each}", name = "List {each}" }}' for each in contest.contestants
        )
        lines += [f"contestants = [{names}]"]
    return "\n".join(lines) + "\n"


class Asking:
    """The product's addresses of one mission, for its lead and its data manager."""

    def __init__(self, client: httpx.AsyncClient, fed: Fed) -> None:
        self._client, self._fed = client, fed

    def _bearer(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._fed.tokens[role]}"}

    async def get(self, address: str, **asked: Any) -> httpx.Response:
        """What is answered at an address of the mission's API."""
        base = f"/api/v1/missions/{SLUG}/"
        return await self._client.get(base + address, params=asked, headers=self._bearer("lead"))

    async def json(self, address: str, **asked: Any) -> Any:
        """The same, as JSON, which there must be."""
        answer = await self.get(address, **asked)
        assert answer.status_code == 200, (address, asked, answer.text[:500])
        return answer.json()

    async def page(self, address: str, **asked: Any) -> httpx.Response:
        """A page of the lead's."""
        base = f"/missions/{SLUG}/"
        return await self._client.get(base + address, params=asked, headers=self._bearer("lead"))

    async def post(self, address: str, body: Any, role: str = "lead") -> httpx.Response:
        """Post to the mission's API."""
        base = f"/api/v1/missions/{SLUG}/"
        headers = self._bearer(role)
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/x-ndjson"
            return await self._client.post(base + address, content=body, headers=headers)
        return await self._client.post(base + address, json=body, headers=headers)

    async def draft(self, round_code: str) -> str:
        """Draft a statement of a round; its id."""
        words = ("statement", "draft", SLUG, "--round", round_code)
        said = await asyncio.to_thread(indelible, self._fed.settings, *words)
        return str(said["id"])

    async def feed(self, mission: Mission) -> None:
        """What was closed, all that came and was done in its order, and what was published."""
        first = mission.rounds[0].day
        for code in mission.closed:
            body = {"kind": "closed", "on": first, "authority": "The commission"}
            answer = await self.post(f"stations/{code}/changes", body)
            assert answer.status_code in (200, 201), answer.text
        for step in mission.steps:
            await self.do(step)
        for (round_code, contest), stations in mission.official.items():
            names = next(each for each in mission.contests if each.code == contest).contestants
            rows = ["station,valid," + ",".join(names)] + [
                ",".join(map(str, (code, sum(votes.values()), *(votes[name] for name in names))))
                for code, votes in stations.items()
            ]
            settings = self._fed.settings
            file = _saved(settings.home, f"{round_code}-{contest}.csv", "\n".join(rows) + "\n")
            words = ("--contest", contest, "--round", round_code)
            await asyncio.to_thread(indelible, settings, "results", "import", SLUG, file, *words)

    async def do(self, step: Step) -> httpx.Response:
        """One step of the mission."""
        if isinstance(step, Post):
            lines = b"\n".join(json.dumps(each).encode() for each in step.reports)
            return await self.post("reports", lines, "import")
        if isinstance(step, Decision):
            body = {"status": step.status, "reason": "As the oracle's mission says."}
            answer = await self.post(f"reports/{step.report}/decision", body)
        else:
            assert isinstance(step, Correction)
            corrected = {"answers": step.answers, "reason": "As the oracle's mission says."}
            answer = await self.post(f"reports/{step.report}/corrections", corrected)
        if answer.status_code != 200:
            raise RefusedStep(f"{step}: {answer.text}")
        return answer


@contextlib.asynccontextmanager
async def serving(fed: Fed, database: Database) -> Any:
    """The product in this process, on the mission's database."""
    app: Any = create_app(replace(fed.settings, database_url=database.app_url))
    problem: Exception | None = None
    async with awake(app):
        transport = httpx.ASGITransport(app=app)
        base = "http://indelible"
        async with httpx.AsyncClient(transport=transport, base_url=base, timeout=60) as client:
            try:
                yield Asking(client, fed)
            except Exception as found:
                problem = found  # told when the application has shut down
    if problem is not None:
        raise problem
