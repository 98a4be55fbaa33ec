"""``mission appearance``: the mission's sign and colour, and how they stand in its documents."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.commands.worked import report
from tests.command_line import CommandLine
from tests.pictures import png

TEXT = ("--logo-text", "en=A bridge over a river", "--logo-text", "fr=Un pont")


def test_sign_and_colour_stand_in_the_documents_and_in_the_audit_log(
    indelible: CommandLine, vastria: str, saved: Any, rows: Any, tmp_path: Path
) -> None:
    sign = saved("sign.png", png())
    indelible.done("mission", "appearance", vastria, "--accent", "#0B5D3B")
    indelible.done("mission", "appearance", vastria, "--logo", sign, *TEXT)
    assert rows("SELECT count(*) FROM audit_entry WHERE act = 'mission.appearance'") == [(2,)]
    indelible.done("stations", "import", vastria, saved("stations.csv", "code\n001\n"))
    indelible.done("reports", "import", vastria, saved("outbox.ndjson", report()))
    made = indelible.done("statement", "draft", vastria)["id"]
    out = tmp_path / "statement.html"
    indelible.done("statement", "render", vastria, made, "--to", "html", "--out", out)
    page = out.read_text("utf-8")
    assert "--accent:#0B5D3B" in page
    assert 'alt="A bridge over a river"' in page


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--accent", "#FFFF00"), "accent"),
        (("--accent", "green"), "accent"),
        ((), "accent"),
        (("--logo", "sign.png"), "logo-text"),
        (("--logo", "sign.png", "--logo-text", "xx=A bridge"), "logo-text"),
        (("--logo", "sign.png", "--logo-text", "a bridge"), "--logo-text"),
        (("--logo", "half.png", *TEXT), "logo"),
        (("--logo", "large.png", *TEXT), "logo"),
    ],
)
def test_what_no_document_could_show_is_refused_by_its_field(
    indelible: CommandLine, vastria: str, saved: Any, words: tuple[str, ...], field: str
) -> None:
    files = {"sign.png": png(), "half.png": png()[:40], "large.png": png() + b"\0" * 50_000}
    given = [saved(each, files[each]) if each in files else each for each in words]
    said = indelible("mission", "appearance", vastria, *given)
    assert (said.code, said.err.startswith(f"indelible: {field}: ")) == (1, True), said.err
