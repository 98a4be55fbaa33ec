"""``member`` and ``seal``: who may enter, and what a command wrote is sealed when it ends."""

import psycopg

from api.settings import Settings
from tests.command_line import CommandLine


def test_a_member_is_invited_listed_and_let_go(indelible: CommandLine, vastria: str) -> None:
    made = indelible.done("member", "add", vastria, "DM-2", "--role", "data_manager")
    assert "/invitation/" in made["invitation"]
    anew = indelible.done("member", "reset", vastria, "dm-2")
    assert anew["invitation"] != made["invitation"]
    assert indelible.done("member", "end", vastria, "DM-2")["ended"]
    (row,) = [
        each
        for each in indelible.done("member", "list", vastria)["items"]
        if each["member"] == "DM-2"
    ]
    assert (row["role"], row["ended"]) == ("data_manager", True)
    assert indelible("member", "reset", vastria, "DM-2").code == 1


def test_a_key_is_printed_for_a_machine(indelible: CommandLine, vastria: str) -> None:
    made = indelible.done("member", "add", vastria, "A newspaper", "--role", "partner")
    assert len(made["key"]) == 43


def test_a_member_that_cannot_be_is_refused_in_one_line(
    indelible: CommandLine, vastria: str
) -> None:
    for words in (
        ("O-9", "--role", "observer"),
        ("C-1", "--role", "coordinator"),
        ("C-1", "--role", "coordinator", "--area", "nowhere"),
        ("A-1", "--role", "analyst", "--sections", "voting"),
    ):
        refused = indelible("member", "add", vastria, *words)
        assert refused.code == 1
        assert refused.err.count("\n") == 1


def test_what_a_command_wrote_is_sealed_and_the_doctor_ends_with_1_where_it_was_altered(
    indelible: CommandLine, vastria: str, settings: Settings
) -> None:
    assert indelible.done("seal")["rows"] == 0
    assert indelible.done("doctor")["sound"]
    with psycopg.connect(str(settings.database_url)) as connection:
        row = connection.execute("UPDATE contestant SET name = 'x' RETURNING id").fetchone()
    ill = indelible("doctor")
    assert ill.code == 1
    assert row
    assert f"contestant {row[0]}: altered" in ill.out
