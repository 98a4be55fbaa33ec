"""The table of standards leaves none out, and names no address and no test that is not there."""

import csv
import re

from schemas.standards import catalogue
from tests.house.test_house import HOUSE

PAGE = (HOUSE / "docs" / "standards.md").read_text(encoding="utf-8")
SERVED = HOUSE / "tests" / "api" / "authorisation" / "approved.csv"
OPEN = {"/field/", "/missions/{slug}/"}


def test_every_paragraph_of_the_declaration_the_code_and_the_consensus_has_its_row() -> None:
    ours = [each for each in catalogue() if each.split(":")[0] in ("dop", "coc", "gndem", "bamako")]
    rows = "\n".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("|"))
    assert [each for each in ours if not re.search(rf"\b{each}\b", rows)] == []


def test_every_test_that_the_table_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", PAGE))
    assert named
    assert [each for each in sorted(named) if not (HOUSE / each).is_file()] == []


def test_every_address_that_the_table_names_is_served() -> None:
    with SERVED.open(encoding="utf-8") as file:
        served = {row["operation"].split(" ")[1] for row in csv.DictReader(file)}
    named = {
        each.replace("/api/…/", "/api/v1/missions/{slug}/").replace("…", "{slug}")
        for each in re.findall(r"`(/[^`]+)`", PAGE)
    }
    assert named
    assert sorted(named - served - OPEN) == []
