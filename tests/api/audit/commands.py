"""Every command of ``indelible``, each done at least once with success, on the example mission."""

import shutil
from collections.abc import Callable
from pathlib import Path

from api.commands import GROUPS
from api.commands import app as typer_app
from tests.api.commands.test_contests import CONTESTS, LAW
from tests.api.commands.test_imports import DEPLOYMENTS, OBSERVERS, STATIONS
from tests.api.commands.test_people import PEOPLE
from tests.api.commands.test_places import AREAS, CENTRES
from tests.api.commands.test_results import RESULTS
from tests.api.commands.worked import KEY, VASTRIA, report
from tests.command_line import CommandLine
from tests.mobile_forms.spreadsheets import INDICATORS, changed, spreadsheet

ESTIMATED = Path(__file__).parents[2] / "analytics" / "r"
AFTER = "vastria-later"
NOT_REACHED = {
    "serve": "it writes nothing but by the acts of its pages and its API, which are all here",
    "worker": "it writes nothing but by the acts of its pages and its API, which are all here",
    "statement approve": "it does what the API does: tests/api/statements/test_commands.py",
    "statement lint": "it writes nothing",
    "statement render": "it writes nothing but its file",
    "statement release": "it does what the API does: tests/api/statements/test_commands.py",
    "restore": "it goes into an empty database: tests/api/commands/test_backups.py",
}
"""Commands that the test leaves out, and why."""
Save = Callable[[str, str | bytes], Path]


def every_command() -> set[str]:
    """What may be typed after ``indelible``, without its arguments."""
    alone = {each.callback.__name__ for each in typer_app.registered_commands if each.callback}
    return alone | {f"{name} {verb}" for name, (_, verbs) in GROUPS.items() for verb in verbs}


class Typed:
    """Types commands and keeps which were done."""

    def __init__(self, indelible: CommandLine) -> None:
        self.indelible = indelible
        self.done: set[str] = set()

    def __call__(self, command: str, *words: object) -> None:
        """Run one command to its end; it must succeed."""
        said = self.indelible(*command.split(), *words)
        assert said.code == 0, f"{command}: {said.err}{said.out}"
        self.done.add(command)


def bring_in(typed: Typed, name: str, saved: Save) -> None:
    """Everything that a file brings into a mission, and what is worked with it."""

    def bring(noun: str, content: str, *words: str) -> None:
        typed(f"{noun} import", name, saved(f"{noun}.csv", content), *words)

    bring("areas", AREAS)
    bring("stations", STATIONS)
    bring("centres", CENTRES)
    bring("contests", CONTESTS)
    bring("standards", LAW)
    bring("observers", PEOPLE.replace("driver", "").replace(",no,no", ",yes,yes"))
    bring("observers", OBSERVERS)
    typed("code load", name, "gndem", "en", saved("code.txt", "Observe."))
    bring("pledges", "pseudonym,signed_at,language,witness\nW-3,2099-01-01,en,the trainer\n")
    bring("identities", "pseudonym,name,telephone\nW-2,Somebody,+0 1\n")
    bring("briefings", "pseudonym,subject,held_at\nW-2,law,2026-10-01\n")
    bring("accreditations", "pseudonym,state,number,issuer\nW-2,issued,7,Commission\n")
    typed("enrolment sheet", name, saved("sheet.html", ""))
    bring("deployments", DEPLOYMENTS)
    typed("sample size", name, "--round", "first", "--size", 2)
    typed("sample draw", name, "--round", "first", "--size", 2, "--seed", 5)
    bring("results", RESULTS, "--contest", "president")
    typed("reports import", name, saved("outbox.ndjson", report()))
    typed("reports export", name, saved("reports.ndjson", ""))
    typed("statement draft", name)
    typed(
        "round runoff",
        name,
        "--of",
        "first",
        "--code",
        "again",
        "--name",
        "Again",
        "--day",
        "2027-05-09",
        "--contest",
        "president=A,B",
    )


def run_the_rest(typed: Typed, name: str, saved: Save, out: Path) -> None:
    """Checklists, members, figures; then the mission's end, and the one after it."""
    form = saved("form.xlsx", spreadsheet())
    typed("checklist lint", form)
    typed("checklist adopt", form, out / "adopted.xlsx")
    typed("checklist publish", name, form)
    graver = spreadsheet(indicators=changed(INDICATORS, "CO-SEAL", severity=3))
    typed("checklist publish", name, saved("graver.xlsx", graver))
    typed("checklist export", name, "voting", out / "voting.xlsx")
    typed("member add", name, "DM-2", "--role", "data_manager")
    typed("member list", name)
    typed("member reset", name, "DM-2")
    typed("member end", name, "DM-2")
    typed("mission appearance", name, "--accent", "#0B5D3B")
    typed("estimate", ESTIMATED / "stratified.csv", "--y", "votes")
    closing = ("--to", out / "handover", "--key", KEY, "--confirm", name)
    typed("mission close", name, *closing)
    typed("mission reopen", name)
    shutil.rmtree(out / "handover")
    typed("mission close", name, *closing)
    later = VASTRIA.read_text("utf-8").replace(f'slug = "{name}"', f'slug = "{AFTER}"')
    typed("mission create", saved("later.toml", later))
    typed("mission inherit", AFTER, out / "handover")
    typed("mission retention")
    typed("backup", out / "backup.tar")
    typed("seal")
    typed("migrate")
