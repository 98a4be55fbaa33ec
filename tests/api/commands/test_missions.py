"""``mission create``: what a mission's file must say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.missions.mission_file import MissionFileProblem, read_mission_file
from tests.api.commands.conftest import VASTRIA
from tests.command_line import CommandLine

Save = Callable[[str, str | bytes], Path]
Rows = Callable[..., list[tuple[Any, ...]]]
TEXT = VASTRIA.read_text(encoding="utf-8")
EXAMPLES = sorted(VASTRIA.parent.glob("*.toml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_mission_can_be_founded(indelible: CommandLine, file: Path) -> None:
    made = indelible.done("mission", "create", file)
    assert set(made) == {"mission", "tokens"}
    assert set(made["tokens"]) == {"lead", "data_manager", "import"}
    assert indelible.done("doctor")["sound"]


def test_a_name_that_is_taken_is_refused_in_one_line(indelible: CommandLine, vastria: str) -> None:
    again = indelible("mission", "create", VASTRIA)
    assert again.code == 1
    assert again.err.count("\n") == 1
    assert "vastria.toml: mission.slug" in again.err
    assert vastria in again.err


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('kind = "domestic"                 #', 'kind = "local" #', "mission.kind"),
        ('slug = "vastria-2027"', 'slug = "Vastria 2027"', "mission.slug"),
        ('zone = "Africa/Bamako"', 'zone = "Africa/Atlantis"', "mission.zone"),
        ('zone = "Africa/Bamako"', 'zone = "../../etc/passwd"', "mission.zone"),
        ('title = "Vas', 'titel = "Vas', "mission.titel"),
        ('title = "Vas', 'title = "\\u0000Vas', "mission.title"),
        ('denominator = "valid"', 'denominator = "voters"', "contests.0.denominator"),
        ('round = "first"', 'round = "third"', "contests: president names no round 'third'"),
        ('code = "second"', 'code = "first"', "rounds: 'first' stands twice"),
        ('code = "B"', 'code = "A"', "contests.0: contestants: 'A' stands twice"),
        ('name = "President"', 'name = "P"\nareas = ["D", "D"]', "contests.0: areas: 'D' stands"),
        ("share = 0.5", "share = 50", "contests.0.thresholds.0.share"),
        ('"voting", "counting"', '"voting", "cooking"', "mission.checklists.1"),
        ('{fr = "bureau de vote"}', '{fr = "bureau"}', "mission.station_noun: fr: 'bureau'"),
        ('{fr = "bureau de vote"}', '{sw = "kituo"}', "mission.station_noun: sw: no such"),
        ('organisation = "watch"', 'organisation = "clock"', "observers: W-1"),
        ('code = "watch"', 'code = "watch"\ninstrument = "coc"', "organisations.0: instrument"),
        ('code = "abroad"', 'code = "abroad"\ninstrument = "gndem"', "organisations.1: instrument"),
        ("polling_days = [2027-04-11]", "polling_days = []", "rounds.0.polling_days"),
        ("[mission]", "[mission", "It is not TOML"),
    ],
)
def test_what_a_file_gets_wrong_is_named(old: str, new: str, field: str) -> None:
    assert old in TEXT
    with pytest.raises(MissionFileProblem) as refused:
        read_mission_file(TEXT.replace(old, new, 1).encode())
    assert str(refused.value).startswith(field)


def test_the_noun_for_polling_stations_is_the_mission_s_choice(
    indelible: CommandLine, saved: Save, rows: Rows
) -> None:
    chosen = TEXT.replace('{fr = "bureau de vote"}', '{es = "casilla", pt = "mesa de voto"}')
    file = saved("nouns.toml", chosen.replace("vastria-2027", "nouns"))
    indelible.done("mission", "create", file)
    assert rows("SELECT station_noun FROM mission WHERE slug = 'nouns'") == [
        ({"es": "casilla", "pt": "mesa de voto"},)
    ]


def test_a_mission_s_title_its_country_and_its_organisations_have_a_name_in_each_language(
    indelible: CommandLine, saved: Save, rows: Rows
) -> None:
    own = 'titles = {fr = "Vastrie 2027"}\ncountry_names = {fr = "Vastrie"}\ntitle = "Vas'
    named = TEXT.replace('title = "Vas', own, 1).replace("vastria-2027", "named")
    named = named.replace('code = "watch"', 'code = "watch"\nnames = {fr = "Veille"}', 1)
    indelible.done("mission", "create", saved("named.toml", named))
    assert rows("SELECT titles, country_names FROM mission WHERE slug = 'named'") == [
        ({"fr": "Vastrie 2027"}, {"fr": "Vastrie"})
    ]
    organisation = rows("SELECT names FROM organisation WHERE names <> '{}'")
    assert organisation == [({"fr": "Veille"},)]
    with pytest.raises(MissionFileProblem, match=r"^mission\.titles"):
        read_mission_file(named.replace('{fr = "Vastrie 2027"}', '{fr = ""}').encode())


def test_the_constituencies_of_a_contest_are_areas_that_a_later_file_names(
    indelible: CommandLine, saved: Save, rows: Rows
) -> None:
    contest = 'code = "assembly"\nname = "Assembly"\nareas = ["D1", "D2"]\nround = "first"\n'
    people = 'contestants = [{code = "X", name = "The Mill"}]\n'
    file = saved("two.toml", f"{TEXT}\n[[contests]]\n{contest}{people}")
    slug = indelible.done("mission", "create", file)["mission"]
    indelible.done("areas", "import", slug, saved("areas.csv", "code,name\nD1,Hill\n"))
    assert rows(
        "SELECT c.code, c.position, a.code, a.name FROM contest c"
        " LEFT JOIN contest_area x ON x.contest_id = c.id LEFT JOIN area a ON a.id = x.area_id"
        " JOIN round r ON r.id = c.round_id WHERE r.code = 'first' ORDER BY c.position, a.code"
    ) == [("president", 1, None, None), ("assembly", 2, "D1", "Hill"), ("assembly", 2, "D2", "D2")]


def test_a_file_that_is_not_there_is_one_line_and_no_traceback(indelible: CommandLine) -> None:
    said = indelible("mission", "create", "nowhere.toml")
    assert said.code == 1
    assert said.err == "indelible: nowhere.toml: No such file or directory.\n"
