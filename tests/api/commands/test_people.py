"""Papers of observers, brought in by the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine

Rows = Callable[..., list[tuple[Any, ...]]]
Save = Callable[[str, str], Path]
PEOPLE = (
    "pseudonym,organisation,function,pledged,declared\nW-2,watch,,yes,yes\nW-3,watch,driver,no,no\n"
)
STANDING = """SELECT o.pseudonym, count(DISTINCT p.id), count(DISTINCT d.id) FROM observer o
LEFT JOIN pledge p ON p.observer_id = o.id LEFT JOIN interest_declaration d ON d.observer_id = o.id
WHERE o.pseudonym LIKE 'W-%%' AND o.pseudonym IN ('W-2', 'W-3') GROUP BY 1 ORDER BY 1"""


def test_pledged_and_declared_bring_both_papers_once(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    file = saved("people.csv", PEOPLE)
    assert indelible.done("observers", "import", vastria, file)["added"] == 2
    assert indelible.done("observers", "import", vastria, file)["unchanged"] == 2
    assert rows(STANDING) == [("W-2", 1, 1), ("W-3", 0, 0)]


def test_a_pledge_on_paper_is_to_the_text_in_force_when_it_was_signed(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    indelible.done("observers", "import", vastria, saved("people.csv", PEOPLE))
    code = indelible.done("code", "load", vastria, "gndem", "en", saved("code.txt", "Observe."))
    signed = "pseudonym,signed_at,language,witness\nW-3,{},en,the trainer\n"
    early = indelible.done(
        "pledges", "import", vastria, saved("early.csv", signed.format("2001-01-01"))
    )
    assert [each["row"] for each in early["refused"]] == [2]
    late = saved("late.csv", signed.format("2099-01-01"))
    assert indelible.done("pledges", "import", vastria, late)["added"] == 1
    assert indelible.done("pledges", "import", vastria, late)["unchanged"] == 1
    found = "SELECT text_sha256, means FROM pledge WHERE witness = 'the trainer'"
    assert rows(found) == [(code["sha256"], "paper")]


def test_identities_briefings_and_accreditations_are_recorded(
    indelible: CommandLine, vastria: str, saved: Save, rows: Rows
) -> None:
    indelible.done("observers", "import", vastria, saved("people.csv", PEOPLE))
    who = saved("who.csv", "pseudonym,name,telephone\nW-2,Somebody,+0 1\nW-9,Nobody,\n")
    answer = indelible.done("identities", "import", vastria, who)
    assert (answer["added"], len(answer["refused"])) == (1, 1)
    assert indelible.done("identities", "import", vastria, who)["unchanged"] == 1
    briefed = saved(
        "b.csv", "pseudonym,subject,held_at\nW-2,law,2026-10-01\nW-2,lunch,2026-10-01\n"
    )
    assert len(indelible.done("briefings", "import", vastria, briefed)["refused"]) == 1
    badge = saved("a.csv", "pseudonym,state,number,issuer\nW-2,issued,7,Commission\n")
    assert indelible.done("accreditations", "import", vastria, badge)["added"] == 1
    assert rows("SELECT name, telephone FROM identity") == [("Somebody", "+0 1")]
    assert rows("SELECT count(*) FROM observer WHERE identified_at IS NOT NULL") == [(1,)]


def test_the_sheet_has_a_page_for_each_observer_with_an_account(
    indelible: CommandLine, vastria: str, saved: Save, tmp_path: Path
) -> None:
    indelible.done("observers", "import", vastria, saved("people.csv", PEOPLE))
    out = tmp_path / "sheet.html"
    indelible.done("enrolment", "sheet", vastria, str(out))
    text = out.read_text("utf-8")
    assert "W-2" in text
    assert "W-3" not in text
    assert text.count("<svg") == text.count("/field/#enrol=")


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ({"INDELIBLE_PUBLIC_URL": "https://mission.example/"}, "https://mission.example"),
        ({"PORT": "8123"}, "http://127.0.0.1:8123"),
    ],
)
def test_the_sheet_and_an_invitation_begin_with_the_same_address(
    indelible: CommandLine,
    vastria: str,
    saved: Save,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: dict[str, str],
    address: str,
) -> None:
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    indelible.done("observers", "import", vastria, saved("people.csv", PEOPLE))
    out = tmp_path / "sheet.html"
    indelible.done("enrolment", "sheet", vastria, str(out))
    assert f"{address}/field/#enrol=" in out.read_text("utf-8")
    made = indelible.done("member", "add", vastria, "DM-2", "--role", "data_manager")
    assert made["invitation"].startswith(f"{address}/invitation/")
