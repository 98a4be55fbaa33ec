"""Whatever intake keeps, and whatever an earlier version kept, every exit can write."""

import json
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.app import create_app
from tests.api.authorisation.operations import Operation, operations
from tests.api.awkward import NUMBERS, object_of, objects, text_of, values
from tests.api.conftest import awake
from tests.api.figures.conftest import SmallCountry, make_small_country

MEMBERS = [
    "version",
    "round",
    "contest",
    "station",
    "place",
    "observer",
    "with",
    "visit",
    "arrived_at",
    "departed_at",
    "finalised_at",
    "position",
    "device",
    "observed",
]
STATUSES = ("held", "received", "flagged", "verified", "quarantined", "superseded")
CHECKLISTS = ("voting", "counting", "incident", "access_denied")
SKIPPED = ("/events", "{rest}", "/releases", "/raw")
FILLED = {
    "{by}": "area",
    "{pseudonym}": "O-1",
    "{contest}": "president",
    "{round}": "first",
    "{version}": "1",
    "{file}": "x.csv",
    "{number}": "1",
}
EXAMPLES = os.environ.get("INDELIBLE_EXAMPLES", "")
"""How many examples, chosen anew each time; without it a few, the same in every run."""
FIRST_IN_PROCESS = "ignore:It looks like `register_random`:hypothesis.errors.HypothesisWarning"
"""Hypothesis warns of its own random source where the first test of a process draws no seed."""
FEW = settings(
    max_examples=int(EXAMPLES or 2),
    derandomize=not EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def strange(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCountry]:
    """A country of its own: what these tests put into it no other would bear."""
    yield from make_small_country(server, tmp_path_factory.mktemp("strange"), 40, 80)


class Exits:
    """Every address of the mission that something can be read at."""

    def __init__(self, app: Any, country: SmallCountry) -> None:
        self._country = country
        every = operations(app._app.framework)
        self._all = [
            each
            for each in every
            if each.method == "GET" and each.of_mission and not each.path.endswith(SKIPPED)
        ]
        self._contests = [code for (code,) in country.execute("SELECT code FROM contest")]
        self._rounds = [code for (code,) in country.execute("SELECT code FROM round")]
        self._indicators = [
            code
            for (code,) in country.execute(
                "SELECT DISTINCT i ->> 'code' FROM rules,"
                " jsonb_array_elements(definition -> 'indicators') i ORDER BY 1 LIMIT 3"
            )
        ]

    def addresses(self, reports: list[str]) -> Iterator[str]:
        """Each list and page once, and what is of one report once a report."""
        for each in self._all:
            path = each.path.replace("{slug}", self._country.slug)
            if "{report_id}" in path or "/reports/{id}" in path or "{report}" in path:
                for report in reports:
                    for name in ("{report_id}", "{id}", "{report}"):
                        path_of = path.replace(name, report)
                        if path_of != path:
                            yield path_of
                continue
            yield from self._filled(each, path)
        for report in reports:
            yield f"/api/v1/missions/{self._country.slug}/reports/{report}/raw"
        base = f"/missions/{self._country.slug}/reports"
        yield from (f"{base}?status={each}" for each in STATUSES)
        yield from (f"{base}?indicator={each}" for each in self._indicators)

    def _filled(self, each: Operation, path: str) -> Iterator[str]:
        several = {
            "{name}": CHECKLISTS,
            "{contest}": self._contests,
            "{round}": self._rounds,
            "{code}": self._indicators,
        }
        name = next((one for one in several if one in path), None)
        for value in several[name] if name else ("",):
            filled = path.replace(name, value) if name else path
            for other, known in FILLED.items():
                filled = filled.replace(other, known)
            yield (
                filled
                if "{" not in filled
                else filled.replace("{id}", str(uuid4())).replace("{statement_id}", str(uuid4()))
            )


async def fallen(
    client: httpx.AsyncClient, exits: Exits, reports: list[str]
) -> dict[str, tuple[int, str]]:
    """The exits that fell over, each with what it said."""
    found = {}
    for address in exits.addresses(reports):
        answer = await client.get(address)
        if answer.status_code >= 500:
            found[address] = (answer.status_code, answer.text[:200])
    return found


def questions_of(country: SmallCountry, checklist: str) -> list[str]:
    """The names of a checklist's questions."""
    rows = country.execute(
        "SELECT q ->> 'name' FROM rules r JOIN checklist_version v ON v.id = r.version_id"
        " JOIN checklist c ON c.id = v.checklist_id,"
        " jsonb_array_elements(r.definition -> 'questions') q WHERE c.name = %s",
        checklist,
    )
    return sorted({name for (name,) in rows})


@pytest.fixture
async def app(strange: SmallCountry) -> AsyncIterator[Any]:
    """The application on the country."""
    made: Any = create_app(strange.settings)
    async with awake(made):
        yield made


def client_of(app: Any, country: SmallCountry, who: str) -> httpx.AsyncClient:
    """A client of the application, signed in as somebody."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://indelible",
        timeout=60,
        headers=country.bearer(who),
    )


def arriving(data: st.DataObject, country: SmallCountry, checklist: str) -> tuple[str, str]:
    """A report that came with something in it that nobody expects; its id and its JSON."""
    ((body,),) = country.execute(
        "SELECT convert_from(s.raw, 'UTF8') FROM submission s JOIN report r ON r.id = s.report_id"
        " WHERE r.checklist = %s AND s.media_type LIKE '%%json%%' AND r.status <> 'held'"
        " ORDER BY r.sequence LIMIT 1",
        checklist,
    )
    sent = json.loads(body)
    members = {name: json.dumps(value) for name, value in sent.items() if name != "visit"}
    answers = {name: json.dumps(value) for name, value in sent["answers"].items()}
    answers |= data.draw(objects(questions_of(country, checklist)))
    members |= data.draw(objects(MEMBERS, 2)) | {"answers": object_of(answers)}
    identity = str(uuid4())
    return identity, object_of(members | {"id": text_of(identity), "checklist": text_of(checklist)})


@pytest.mark.filterwarnings(FIRST_IN_PROCESS)
@FEW
@given(st.data())
async def test_whatever_comes_in_is_answered_and_every_exit_can_write_it(
    app: Any, strange: SmallCountry, data: st.DataObject
) -> None:
    exits, came = Exits(app, strange), []
    async with client_of(app, strange, "data_manager") as desk:
        for checklist in CHECKLISTS * 5:
            identity, body = arriving(data, strange, checklist)
            address = f"/api/v1/missions/{strange.slug}/reports"
            answer = await desk.post(address, content=body.encode())
            assert answer.status_code in (201, 202, 422), (answer.text, body)
            if answer.status_code == 422:
                assert answer.json()["code"] in ("forbidden_character", "too_deep"), answer.text
                continue
            came.append(identity)
            again = await desk.post(address, content=f"\n{body} \r\n".encode())
            assert again.status_code == 200
            assert again.json()["items"][0]["receipt"] == answer.json()["items"][0]["receipt"]
    async with client_of(app, strange, "lead") as lead:
        assert await fallen(lead, exits, came) == {}


@pytest.mark.filterwarnings(FIRST_IN_PROCESS)
@FEW
@given(st.data())
async def test_every_exit_can_write_what_an_earlier_version_kept(
    app: Any, strange: SmallCountry, data: st.DataObject
) -> None:
    """Rows as a version without today's door would have left them, in reports that count too."""
    exits, planted = Exits(app, strange), []
    for checklist in CHECKLISTS:
        rows = strange.execute(
            "SELECT id::text, version FROM report WHERE checklist = %s ORDER BY sequence LIMIT 4",
            checklist,
        )
        for identity, version in rows:
            answers = object_of(data.draw(objects(questions_of(strange, checklist), 12)))
            envelope = object_of(data.draw(objects(MEMBERS, 4)))
            flags = f'[{{"name":"x","inputs":{{"q":{data.draw(values)}}},"formula":""}}]'
            plant(strange, identity, version, answers, envelope, flags)
            status = data.draw(st.sampled_from(STATUSES))
            changed = "UPDATE report SET status = %s, changed = %s WHERE id = %s"
            strange.execute(changed, status, strange.tick(), identity)
            planted.append(identity)
    async with client_of(app, strange, "lead") as lead:
        assert await fallen(lead, exits, planted) == {}


def plant(
    country: SmallCountry, report: str, version: int, answers: str, envelope: str, flags: str
) -> None:
    """Put JSON into a report's content and its judgement."""
    country.execute(
        "UPDATE report_version SET answers = %s::jsonb, envelope = %s::jsonb"
        " WHERE report_id = %s AND number = %s",
        answers,
        envelope,
        report,
        version,
    )
    country.execute("UPDATE judgement SET flags = %s::jsonb WHERE report_id = %s", flags, report)


@pytest.mark.parametrize("number", [each for each in NUMBERS if len(each) > 15 or "e" in each])
async def test_a_number_that_no_exit_could_write_stops_nobody(
    app: Any, strange: SmallCountry, number: str
) -> None:
    """In a list, in the report, on its page; with a number too large for JSON it was a 500."""
    ((identity, version),) = strange.execute(
        "SELECT id::text, version FROM report WHERE checklist = 'voting'"
        " ORDER BY sequence DESC LIMIT 1"
    )
    asked = ("x", "rating", "present", "officials", "officials_women")
    plant(
        strange,
        identity,
        version,
        object_of(dict.fromkeys(asked, number)),
        object_of({"y": number}),
        f'[{{"name":"x","inputs":{{"q":{number}}},"formula":""}}]',
    )
    counts = "UPDATE report SET status = 'received', changed = %s WHERE id = %s"
    strange.execute(counts, strange.tick(), identity)
    base = f"/api/v1/missions/{strange.slug}"
    async with client_of(app, strange, "lead") as lead:
        page = f"/missions/{strange.slug}/reports/{identity}"
        lists = [f"{base}/{each}" for each in ("reports?limit=1000", "changes", "answers", "staff")]
        for address in (*lists, f"{base}/reports/{identity}", page):
            answer = await lead.get(address)
            assert answer.status_code == 200, (address, answer.text[:300])
