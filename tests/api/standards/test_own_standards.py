"""The mission's own standards are named like those of the catalogue, all the way to a finding."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from api.checklists.publishing import library_workbook
from api.missions.mission_file import MissionFileProblem, read_mission_file
from tests.api.commands.conftest import VASTRIA
from tests.api.standards.conftest import SLUG, Walked
from tests.api.standards.test_claims import drafted


def voting_by_the_law(standard: str) -> bytes:
    """The library's voting checklist under another version; intimidation names ``standard``."""
    book = load_workbook(BytesIO(library_workbook("voting")))
    settings, indicators = book["settings"], book["indicators"]
    columns = {cell.value: cell.column for cell in indicators[1]}
    settings.cell(2, _column(settings, "version"), "2")
    for row in range(2, indicators.max_row + 1):
        if indicators.cell(row, columns["code"]).value == "VO-INTIM":
            indicators.cell(row, columns["standards"], standard)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _column(sheet: Any, name: str) -> int:
    return int(next(cell.column for cell in sheet[1] if cell.value == name))


async def published(walked: Walked, standard: str) -> Any:
    """Hand the checklist in and publish it; the answers to both."""
    at = f"/api/v1/missions/{SLUG}/checklists"
    made = await walked.client.post(
        at, content=voting_by_the_law(standard), headers=walked.bearer("lead")
    )
    if made.status_code >= 400:
        return made
    return await walked.client.post(
        f"{at}/voting/versions/2/publish", headers=walked.bearer("lead")
    )


async def test_an_article_of_national_law_reaches_the_statement_and_its_pages(
    walked: Walked,
) -> None:
    assert (await published(walked, "law:45")).status_code < 300
    sent = await walked.send("M-1", "voting", {"access_given": "freely", "intimidation": "yes"})
    assert sent["status"] == 201
    assert "law:45" in await drafted(walked)
    page = (await walked.get(f"/missions/{SLUG}/irregularities/VO-INTIM")).text
    assert "The count is open." in page
    assert "Election law" in page


async def test_a_standard_that_nobody_holds_is_an_error_of_the_checklist(walked: Walked) -> None:
    refused = await published(walked, "law:46")
    assert refused.status_code == 422
    assert "law:46" in refused.text
    assert "law:45" in refused.text


@pytest.mark.parametrize("code", ["dop:4", "no id", "Law:45", "law:"])
async def test_an_own_standard_takes_no_id_of_the_catalogue_and_has_the_shape_of_one(
    walked: Walked, code: str
) -> None:
    row = {"code": code, "instrument": "Law", "says": "Something else."}
    refused = await walked.post("registers/standards", row)
    assert (refused.status_code, refused.json()["field"]) == (422, "code")
    standard = f'\n[[standards]]\ncode = "{code}"\ninstrument = "Law"\nsays = {{ en = "x" }}\n'
    with pytest.raises(MissionFileProblem, match=r"^standards\.0\.code"):
        read_mission_file(VASTRIA.read_bytes() + standard.encode())
