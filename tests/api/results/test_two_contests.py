"""Two contests on one day: protocols as observers post them, held against official results."""

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.settings import Settings
from tests.conftest import SECRET, Database
from tests.truth.feeding import SLUG, Asking, Fed, indelible, serving

MISSION = """
[mission]
slug = "truth"
title = "Vastria"
country = "Vastria"
kind = "domestic"
languages = ["en"]
zone = "UTC"
response_threshold = 0.6
checklists = ["results"]
[[organisations]]
code = "watch"
name = "Citizens Watch"
kind = "domestic"
[election]
code = "e"
name = "Election"
[[rounds]]
code = "first"
name = "First round"
polling_days = [2026-11-08]
opens = 07:00:00
closes = 18:00:00
[[contests]]
round = "first"
code = "president"
name = "President of Vastria"
contestants = [{ code = "lantern", name = "Lantern" }, { code = "harbour", name = "Harbour" }]
[[contests]]
round = "first"
code = "council"
name = "Council of the Hills"
areas = ["H"]
contestants = [
  { code = "mill", name = "Mill" }, { code = "bridge", name = "Bridge" },
  { code = "field", name = "Field" }]
"""
PRESIDENT, COUNCIL = ("lantern", "harbour"), ("mill", "bridge", "field")
HILLS = [f"H{number:02}" for number in range(12)]
VALLEY = [f"V{number:02}" for number in range(12)]
DAY = "2026-11-08"
Votes = dict[str, dict[str, int]]
"""Of a contest: of each station the votes of each contestant."""


@dataclass(frozen=True)
class TwoContests:
    """A mission whose day is over: what was drawn, and what was counted in each contest."""

    asking: Asking
    fed: Fed
    drawn: list[str]
    president: Votes
    council: Votes

    def publish(self, contest: str, results: Votes, *words: str) -> dict[str, Any]:
        """Import the official results of a contest."""
        names = list(next(iter(results.values())))
        lines = [",".join(("station", "registered", "valid", "cast", *names))]
        for station, votes in results.items():
            valid = sum(votes.values())
            lines += [",".join(map(str, (station, 400, valid, valid, *votes.values())))]
        file = saved(self.fed.settings.home, f"{contest}.csv", "\n".join(lines) + "\n")
        said = indelible(
            self.fed.settings, "results", "import", SLUG, file, "--contest", contest, *words
        )
        found: dict[str, Any] = said
        return found

    async def published(self, contest: str, results: Votes, *words: str) -> dict[str, Any]:
        """The same, beside the server."""
        return await asyncio.to_thread(self.publish, contest, results, *words)

    async def copies(self, contest: str) -> tuple[int, int, list[tuple[str, str, int]]]:
        """Of how many stations both the observers' copy and the published result are there, how
        many are equal, and station, figure and change of every difference."""
        said = await self.asking.json(f"quick-counts/{contest}/copies")
        pair = next(
            each
            for each in said["pairs"]
            if (each["earlier"], each["later"]) == ("observed", "published")
        )
        items = [(each["station"], each["figure"], each["change"]) for each in said["items"]]
        return pair["both"], pair["equal"], items


def saved(home: Path, name: str, text: str) -> Path:
    file = home / name
    file.write_text(text, encoding="utf-8")
    return file


def read(sentence: list[dict[str, Any]]) -> str:
    return "".join(part["text"] for part in sentence)


def headed(blocks: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Of the section of the quick count each contest's heading, and all that stands beneath it."""
    found: list[tuple[str, str]] = []
    here = False
    for block in blocks:
        words = read(block.get("text") or [])
        words += "\n".join(": ".join(map(read, row)) for row in block.get("rows") or [])
        if block["type"] == "heading" and block["level"] == 2:
            here = block.get("section") == "quick_count"
        elif here and block["type"] == "heading":
            found.append((words, ""))
        elif here and found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{words}")
    return found


def counted(stations: list[str], contestants: tuple[str, ...], seed: int) -> Votes:
    """Votes that nobody would take for another contest's."""
    chance = random.Random(seed)
    return {station: {name: chance.randint(20, 60) for name in contestants} for station in stations}


def protocol(station: str, votes: dict[str, int], **members: Any) -> dict[str, Any]:
    """What an observer copied at a station."""
    valid = sum(votes.values())
    lines = [{"contestant": name, "votes": count} for name, count in votes.items()]
    answers = {
        "registered": 400,
        "in_box": valid,
        "valid": valid,
        "invalid": 0,
        "contestant_votes": lines,
    }
    report = {
        "id": str(uuid4()),
        "checklist": "results",
        "round": "first",
        "station": station,
        "observer": f"O-{station}",
        "visit": str(uuid4()),
        "arrived_at": f"{DAY}T18:30:00Z",
        "finalised_at": f"{DAY}T20:30:00Z",
        "answers": answers,
    }
    return report | members


def make(database: Database, home: Path) -> tuple[Fed, list[str]]:
    """The mission with its people, and the stations drawn."""
    settings = Settings(home=home, secret=SECRET, database_url=database.admin_url)
    made = indelible(settings, "mission", "create", saved(home, "mission.toml", MISSION))
    stations = "code,name,area_code,area_name,registered_voters\n" + "".join(
        f"{code},School {code},{code[0]},{'Hills' if code[0] == 'H' else 'Valley'},400\n"
        for code in HILLS + VALLEY
    )
    indelible(settings, "stations", "import", SLUG, saved(home, "stations.csv", stations))
    people = "pseudonym,organisation,pledged,declared\n" + "".join(
        f"O-{code},watch,yes,yes\n" for code in HILLS + VALLEY
    )
    indelible(settings, "observers", "import", SLUG, saved(home, "observers.csv", people))
    words = ("--size", 12, "--seed", 5, "--stratify-by", "area")
    drawn = indelible(settings, "sample", "draw", SLUG, *words)
    return Fed(settings, made["tokens"]), sorted(drawn["stations"])


@pytest.fixture
async def day(database: Database, tmp_path: Path) -> AsyncIterator[TwoContests]:
    """Of each station drawn a protocol of each contest that it votes in, as its observer posts
    them; every second one without its contest, which follows from its lines."""
    fed, drawn = await asyncio.to_thread(make, database, tmp_path)
    president = counted(HILLS + VALLEY, PRESIDENT, 1)
    council = counted(HILLS, COUNCIL, 2)
    async with serving(fed, database) as asking:
        reports = [protocol(code, president[code], contest="president") for code in drawn]
        for at, code in enumerate(each for each in drawn if each in council):
            named = {"contest": "council"} if at % 2 else {}
            reports.append(protocol(code, council[code], **named))
        body = b"\n".join(json.dumps(each).encode() for each in reports)
        answer = await asking.post("reports", body, "import")
        assert {each["status"] for each in answer.json()["items"]} == {201}, answer.text
        yield TwoContests(asking, fed, drawn, president, council)


async def test_exact_copies_of_the_official_results_differ_at_no_station_of_either_contest(
    day: TwoContests,
) -> None:
    hills = [each for each in day.drawn if each in day.council]
    await day.published("president", day.president)
    await day.published("council", day.council)
    assert await day.copies("president") == (12, 12, [])
    assert await day.copies("council") == (len(hills), len(hills), [])
    for contest, drawn, frame in (("president", 12, 24), ("council", len(hills), 12)):
        said = await day.asking.json(f"quick-counts/{contest}")
        assert said["contest"]["code"] == contest
        assert (said["planned"], said["received"], said["set_aside"]) == (drawn, drawn, 0)
        assert sum(each["population"] for each in said["strata"]) == frame
        assert {each["missing"] for each in said["strata"]} == {0}
        (official,) = said["official"]
        assert official["stations"] == frame
        verdicts = {each["verdict"] for each in official["shares"]}
        assert "inconsistent" not in verdicts
        assert all(each["share"] is not None for each in official["shares"])
        assert sum(each["number"]["value"] for each in said["shares"]) == pytest.approx(1)


async def test_two_planted_differences_are_found_with_station_and_list(day: TwoContests) -> None:
    first = day.drawn[0]
    last = day.drawn[-1]
    assert (first[0], last[0]) == ("H", "V")
    president = day.president | {last: day.president[last] | {"harbour": 5}}
    council = day.council | {first: day.council[first] | {"mill": 3}}
    await day.published("president", president)
    await day.published("council", council)
    lost = 5 - day.president[last]["harbour"]
    differ = [(last, name, lost) for name in ("cast", "harbour", "valid")]
    assert await day.copies("president") == (12, 11, differ)
    lost = 3 - day.council[first]["mill"]
    differ = [(first, name, lost) for name in ("cast", "mill", "valid")]
    both, equal, items = await day.copies("council")
    assert (both - equal, items) == (1, differ)
    page = (await day.asking.page("quick-count")).text
    assert "As published: at 11 of 12 stations with an observers&#39; copy" in page
    rows = [re.sub(r"<.*?>", "|", each) for each in re.findall(r"<tr>.*?</tr>", page)]
    told = [[one for one in each.split("|") if one] for each in rows if "As published" in each]
    copied, given = "As observers copied them", "As published"
    mill, harbour = str(day.council[first]["mill"]), str(day.president[last]["harbour"])
    assert [last, "Harbour", copied, harbour, given, "5"] in told
    assert [first, "Mill", copied, mill, given, "3"] in told
    assert len(told) == 6


async def test_pages_and_statement_name_the_contest_of_each_figure_in_the_rounds_own_order(
    day: TwoContests,
) -> None:
    await day.published("president", day.president)
    await day.published("council", day.council)
    page = (await day.asking.page("quick-count")).text
    heads = re.findall(r'<section class="lead"><h1><bdi>(.*?)</bdi>: (\d+) of (\d+)', page)
    hills = str(sum(each in day.council for each in day.drawn))
    assert heads == [
        ("President of Vastria", "12", "12"),
        ("Council of the Hills", hills, hills),
    ]
    for contest, name, stations in (
        ("president", "President of Vastria", 24),
        ("council", "Council of the Hills", 12),
    ):
        page = (await day.asking.page("forensics", contest=contest)).text
        assert re.search(rf"<bdi>{name}</bdi>[^<]*{stations} stations; 0 left out", page)
        page = (await day.asking.page("forensics", contest=contest, source="observed")).text
        own = 12 if contest == "president" else hills
        assert re.search(rf"<bdi>{name}</bdi>[^<]*{own} stations; 0 left out", page)
    identity = await day.asking.draft("first")
    said = await day.asking.json(f"statements/{identity}")
    sections = headed(said["blocks"])
    assert [name for name, _ in sections][:2] == ["President of Vastria", "Council of the Hills"]
    for (_, text), names, others in zip(
        sections[:2], (PRESIDENT, COUNCIL), (COUNCIL, PRESIDENT), strict=True
    ):
        assert all(f"{name.title()}: " in text for name in names)
        assert not any(name.title() in text for name in others)
        assert "lies inside our range" in text
    numbers = said["snapshot"]["numbers"]
    assert numbers["quick/president/stations"]["of"] == 12
    assert numbers["quick/council/stations"]["of"] == int(hills)


async def test_a_station_that_does_not_vote_in_a_contest_has_no_official_result_of_it(
    day: TwoContests,
) -> None:
    strange = {"V00": day.council["H00"]}
    said = await day.published("council", day.council | strange)
    assert said["added"] == len(HILLS)
    (refused,) = said["refused"]
    assert (refused["code"], refused["reason"]) == (
        "V00",
        "This contest is not voted on at this station.",
    )


async def test_a_protocol_without_its_contest_enters_none(day: TwoContests) -> None:
    station = next(each for each in HILLS if each not in day.drawn)
    report = protocol(station, {"somebody": 9})
    answer = await day.asking.post("reports", report, "import")
    assert answer.status_code == 202
    for contest in ("president", "council"):
        said = await day.asking.json(f"quick-counts/{contest}")
        assert report["id"] not in {each["report"] for each in said["reports"]}
        assert said["set_aside"] == 0


CONFINED = """round,contest,contest_name,area,contestant,name
first,president,President of Vastria,H,lantern,Lantern
first,president,President of Vastria,H,harbour,Harbour
"""


async def test_official_totals_and_copies_are_of_the_stations_that_vote_in_a_contest_now(
    day: TwoContests,
) -> None:
    await day.published("president", day.president)
    settings = day.fed.settings
    file = saved(settings.home, "contests.csv", CONFINED)
    done = await asyncio.to_thread(indelible, settings, "contests", "import", SLUG, file)
    assert done["refused"] == []
    hills = [each for each in day.drawn if each in HILLS]
    said = await day.asking.json("quick-counts/president")
    (official,) = said["official"]
    assert official["stations"] == len(HILLS)
    assert official["votes"]["lantern"] == sum(day.president[each]["lantern"] for each in HILLS)
    assert (said["planned"], said["received"]) == (len(hills), len(hills))
    assert await day.copies("president") == (len(hills), len(hills), [])
    looked = (await day.asking.json("forensics/president"))["looked"]
    assert looked["stations"] == len(HILLS)
