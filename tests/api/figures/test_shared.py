"""What partners read of a country: frozen with small cells withheld, and drawn from that alone."""

import re
from uuid import uuid4

import httpx

from analytics.wording import FORMATS
from api.auth.principal import Principal
from api.figures.follower import Follower
from api.figures.irregularities import By, IrregularityFilter, irregularity_rows
from api.sharing.freezing import PAGE, freeze, freeze_round
from api.sharing.reading import SharedFigure, shared_rates, told
from schemas.columns import now
from schemas.credential import Purpose, Role
from tests.api.figures.conftest import SmallCountry, share_everything

Client = httpx.AsyncClient
PAGES = "http://indelible/missions/sarelia"
NONCE = re.compile(r"nonce[-=]\"?[\w-]+")
READ = (
    "coverage",
    "coverage?round=first",
    "irregularities",
    "irregularities?by=area",
    "irregularities.csv",
    "findings?limit=1000",
    "reports?limit=1000",
    "changes?limit=1000",
    "shares",
    f"{PAGES}/coverage",
    f"{PAGES}/irregularities",
    f"{PAGES}/coverage.csv",
    f"{PAGES}/irregularities/VO-INTIM",
)


async def read(asking: Client, country: SmallCountry) -> dict[str, tuple[int, str, str]]:
    """What a partner reads."""
    found = {}
    for path in READ:
        answer = await asking.get(path, headers=country.bearer("partner"))
        tag = answer.headers.get("etag", "")
        found[path] = answer.status_code, tag, NONCE.sub("", answer.text)
    return found


async def test_one_report_of_a_large_area_moves_nothing_that_a_partner_reads(
    asking: Client, country: SmallCountry
) -> None:
    await share_everything(asking, country)
    before = await read(asking, country)
    assert {status for status, *_ in before.values()} == {200}
    kept = (await asking.get("reports?status=received&limit=1")).json()["items"][0]
    names = {"checklist", "version", "round", "station", "observer", "arrived_at", "answers"}
    again = {name: value for name, value in kept.items() if name in names}
    sent = await asking.post(
        "reports", json={**again, "id": str(uuid4())}, headers=country.bearer("data_manager")
    )
    assert sent.status_code == 201
    assert await read(asking, country) == before
    await share_everything(asking, country)
    after = await read(asking, country)
    assert after["reports?limit=1000"] != before["reports?limit=1000"]


async def test_what_is_frozen_is_what_a_partner_may_be_told(country: SmallCountry) -> None:
    follower = Follower(country.database.app_url)
    try:
        edition = await follower.of(country.mission_id)
        figures = freeze([freeze_round(edition)])
    finally:
        await follower.stop()
    partner = Principal(
        country.mission_id, country.slug, Role.PARTNER, uuid4(), None, Purpose.BEARER
    )
    frozen = SharedFigure(1, now(), figures.irregularities)
    kinds: tuple[By | None, ...] = (None, "area", "kind", "stage")
    for by in kinds:
        rows = shared_rates(frozen, partner, IrregularityFilter(by), None)
        assert rows
        assert told(rows) == irregularity_rows(edition, IrregularityFilter(by), everything=False)
        assert all(each[PAGE]["said"].keys() == FORMATS.keys() for each in rows)
    assert len(figures.findings) > 10
    assert not any({"query", "reports", "n"} & each.keys() for each in figures.findings)
    assert figures.upto == edition.clock


async def test_a_partner_s_page_says_the_numbers_that_its_key_reads(
    speaking: None, asking: Client, country: SmallCountry
) -> None:
    await share_everything(asking, country)
    headers = country.bearer("partner")
    items = (await asking.get("irregularities", headers=headers)).json()["items"]
    page = (await asking.get(f"{PAGES}/irregularities", headers=headers)).text
    shown = {
        " ".join(each)
        for each in re.findall(
            r'class="est[^"]*"[^>]*>([^<]+?) <i>([^<]+)</i>', page.replace("&lt;", "<")
        )
    }
    said = {each["number"]["text"] for each in items if each["number"]["type"] == "estimate"}
    assert shown
    assert shown <= said
    assert "As shared with partners on" in page


async def test_a_released_statement_is_in_the_feed_with_the_next_share(
    asking: Client, country: SmallCountry
) -> None:
    headers = country.bearer("partner")
    await share_everything(asking, country)
    number = (await asking.get("shares", headers=headers)).json()["items"][0]["number"]
    drafted = (await asking.post(f"{PAGES}/statements", data={"language": "en"})).headers
    statement = drafted["location"].rsplit("/", 1)[1]
    country.execute("UPDATE statement SET state = 'released' WHERE id = %s", statement)
    country.act("statement.release", statement)

    async def heard() -> list[tuple[int, str]]:
        found, after = [], ""
        while True:
            page = (await asking.get(f"changes?limit=1000{after}", headers=headers)).json()
            found += [
                (each["sequence"], each["id"])
                for each in page["items"]
                if each["what"] == "statement"
            ]
            if page["next"] is None:
                return found
            after = f"&after={page['next']}"

    try:
        listed = (await asking.get("statements", headers=headers)).json()["items"]
        assert statement in {each["id"] for each in listed}
        assert statement not in {each for _, each in await heard()}
        await share_everything(asking, country)
        assert (number + 1, statement) in await heard()
    finally:
        country.execute("UPDATE statement SET state = 'draft' WHERE id = %s", statement)
