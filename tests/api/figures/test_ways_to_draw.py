"""A quick count of every way to draw, over HTTP and on its page."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from markupsafe import escape

from analytics.results.sampled_results import WHY, Classes
from analytics.survey.methods import RULES, Method
from tests.api.figures.conftest import SmallCountry

Draw = Callable[[str], None]
AS_SIZES = """
UPDATE stratum SET code = (400 + n)::text
FROM (SELECT id AS of, row_number() OVER (ORDER BY id) AS n FROM stratum) x WHERE id = of"""
NOTE = """
INSERT INTO audit_entry (mission_id, id, sequence, at, act, subject, salt, digest, note)
VALUES (%s, gen_random_uuid(), %s, now(), 'station.closed', 'x', '', '', '')"""


@pytest.fixture
def drawn_by(country: SmallCountry) -> Iterator[Draw]:
    """The sample as if another rule had drawn it: its strata are then areas, or sizes."""
    method, codes = (
        country.execute("SELECT method FROM sample"),
        country.execute("SELECT code, id FROM stratum"),
    )

    def draw(rule: str) -> None:
        if rule == RULES["pps"]:
            country.execute(AS_SIZES)
        country.execute("UPDATE sample SET method = %s", rule)
        country.execute(NOTE, country.mission_id, country.tick())

    yield draw
    for each in codes:
        country.execute("UPDATE stratum SET code = %s WHERE id = %s", *each)
    draw(method[0][0])


@pytest.mark.parametrize(
    ("method", "classes"),
    [("stratified", "strata"), ("systematic", "none"), ("two-stage", "areas"), ("pps", "sizes")],
)
async def test_a_quick_count_is_made_of_every_draw_and_says_what_its_classes_are(
    asking: httpx.AsyncClient,
    country: SmallCountry,
    speaking: None,
    drawn_by: Draw,
    method: Method,
    classes: Classes,
) -> None:
    drawn_by(RULES[method])
    counted = (await asking.get("quick-counts/president")).json()
    why = WHY[classes]
    assert counted["design"] == {"method": method, "classes": classes, "why": why or None}
    assert abs(sum(each["number"]["value"] for each in counted["shares"]) - 1) < 1e-9
    assert all(each["number"]["se"] > 0 for each in counted["shares"])
    for figure in ("planned", "received"):
        assert sum(each[figure] for each in counted["strata"]) == counted[figure]
    page = await asking.get(f"http://indelible/missions/{country.slug}/quick-count")
    assert page.status_code == 200
    assert "No sample was drawn" not in page.text
    assert escape(why) in page.text


async def test_results_without_a_denominator_are_no_quick_count_yet(
    asking: httpx.AsyncClient, country: SmallCountry
) -> None:
    country.execute("UPDATE contest SET denominator = 'registered'")
    country.execute(
        "UPDATE report_version SET answers = answers || '{\"was\": 1}'"
        " || jsonb_build_object('kept', answers -> 'registered')"
        ' || \'{"registered": 0, "supplementary": 0}\''
        " WHERE answers ? 'contestant_votes'"
    )
    country.execute(NOTE, country.mission_id, country.tick())
    counted = await asking.get("quick-counts/president")
    country.execute(
        "UPDATE report_version SET answers = answers"
        " || jsonb_build_object('registered', answers -> 'kept') - 'was' - 'kept'"
        " WHERE answers ? 'was'"
    )
    country.execute("UPDATE contest SET denominator = 'valid'")
    country.execute(NOTE, country.mission_id, country.tick())
    assert counted.status_code == 200
    assert (counted.json()["shares"], counted.json()["may_speak"]) == ([], False)
