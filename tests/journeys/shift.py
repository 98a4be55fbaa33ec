"""What waits at the desk for a shift, and a data manager who works it off by keyboard alone."""

import hashlib
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import httpx
from playwright.sync_api import Page, TimeoutError

from api.checklists.publishing import library_workbook
from api.settings import Settings
from tests.journeys.browser import press
from tests.journeys.mission import JourneyMission, found
from tests.pictures import jpeg
from tests.serving import Serving

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
QUEUES = {
    "held": "h",
    "conflicts": "c",
    "flagged": "f",
    "corrections": "r",
    "overdue": "o",
    "incidents": "i",
    "typing": "t",
}
"""Each queue, and the letter that leads to it after G."""
CONTESTS = (
    {
        "round": "first",
        "code": "president",
        "name": "President",
        "contestants": [{"code": "A", "name": "Ada Grove"}, {"code": "B", "name": "Bo Lake"}],
    },
)
LEADER = "S-2041,civic,yes,yes"
"""The observer whose paper every mission of a journey has."""
FIGURES = ("figure.", "votes.")
WITHOUT_REASON = ("call", "typing")
"""Panels that ask for none."""
WAIT = 60_000


def code_of(number: int) -> str:
    """The code of a station: its last two digits swapped are the code of none."""
    return f"{number:02d}47"


def swapped(code: str) -> str:
    """The code as a hurried observer writes it."""
    return code[:-2] + code[-1] + code[-2]


@dataclass
class Waiting:
    """What waits in a mission: the stations that nobody has used; by the report the figures of each
    protocol with a photograph; by the correction the report that it corrects."""

    serving: Serving
    mission: JourneyMission
    free: Iterator[int]
    figures: dict[str, dict[str, int]] = field(default_factory=dict)
    corrected: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The mission's API."""
        return f"http://127.0.0.1:{self.serving.port}/api/v1/missions/{self.mission.slug}"

    def get(self, path: str) -> Any:
        """What the lead reads there."""
        answer = httpx.get(f"{self.base}/{path}", headers=self.bearer("lead"), timeout=120)
        return answer.raise_for_status().json()

    def bearer(self, persona: str) -> dict[str, str]:
        """The header of a person's token."""
        return {"Authorization": f"Bearer {self.mission.tokens[persona]}"}

    def send(self, queue: str, number: int, checklist: str, **members: Any) -> str:
        """A report of a station's team by the import key; its id."""
        report = {
            "id": str(uuid4()),
            "checklist": checklist,
            "station": code_of(number),
            "observer": f"S-{number}",
            "arrived_at": YESTERDAY.isoformat(),
        } | members
        answer = httpx.post(
            f"{self.base}/reports", json=report, headers=self.bearer("import"), timeout=120
        )
        assert (answer.status_code == 202) == (queue in ("held", "corrections")), answer.text
        return str(report["id"])


def plant(serving: Serving, settings: Settings, each: Mapping[str, int]) -> Waiting:
    """A mission in which so many items wait in each queue."""
    teams = sum(each.values()) + each["conflicts"]
    codes = [code_of(number) for number in range(teams)]
    overdue = range(each["overdue"])
    stations = (f"{code},School {code},01,Keshal,{800 + at}" for at, code in enumerate(codes))
    people = (f"S-{at},civic,yes,yes" for at in range(teams))
    sent = (f"{code},S-{at},{'1' if at in overdue else ''}" for at, code in enumerate(codes))
    mission = found(
        settings,
        workbook=library_workbook("results"),
        contests=CONTESTS,
        polling_day=YESTERDAY.date(),
        stations=_table("code,name,area_code,area_name,registered_voters", *stations),
        observers=_table("pseudonym,organisation,pledged,declared", LEADER, *people),
        deployments=_table("station,observers,expect voting", *sent),
    )
    waiting = Waiting(serving, mission, itertools.count(len(overdue)))
    for queue, make in PLANTING.items():
        for turn in range(each[queue]):
            make(waiting, turn)
    return waiting


def _table(*lines: str) -> bytes:
    return "\n".join((*lines, "")).encode()


def _held(waiting: Waiting, turn: int) -> None:
    """A slip in the code; a word where a number is asked for; a question that is not asked."""
    number = next(waiting.free)
    answers = {"access_given": "freely", "group_voting": "yes", "group_voting__known": "saw"}
    strange: dict[str, Any] = {}
    if turn % 3 == 1:
        answers |= {"registered": "many"}
    elif turn % 3 == 2:
        answers |= {"never_asked": "x"}
    else:
        strange = {"station": swapped(code_of(number))}
    waiting.send("held", number, "voting", answers=answers, **strange)


def _conflicts(waiting: Waiting, turn: int) -> None:
    """Two teams at one station read other figures."""
    first, second = next(waiting.free), next(waiting.free)
    waiting.send("conflicts", first, "results", answers=_protocol(first))
    waiting.send(
        "conflicts", second, "results", answers=_protocol(second, 9), station=code_of(first)
    )


def _flagged(waiting: Waiting, turn: int) -> None:
    """More ballots in the box than votes."""
    number = next(waiting.free)
    answers = {"access_given": "freely", "in_box": 300 + 7 * turn, "valid": 270, "invalid": 3}
    waiting.send("flagged", number, "counting", answers=answers)


def _corrections(waiting: Waiting, turn: int) -> None:
    """A phone corrects what the desk has verified."""
    number = next(waiting.free)
    answers = {"access_given": "freely", "registered": 700 + turn}
    first = waiting.send("verified", number, "voting", answers=answers)
    decided = httpx.post(
        f"{waiting.base}/reports/{first}/decision",
        json={"status": "verified", "reason": "The team was called."},
        headers=waiting.bearer("lead"),
    )
    assert decided.status_code == 200, decided.text
    answers |= {"registered": 800 + turn}
    correction = waiting.send("corrections", number, "voting", answers=answers, replaces=first)
    waiting.corrected[correction] = first


def _incidents(waiting: Waiting, turn: int) -> None:
    """A case, every other one with somebody in danger."""
    danger = "yes" if turn % 2 else "no"
    answers = {"nature": "conflict", "source": "observed", "danger": danger,
               "description": f"A fight, seen from {turn + 2} metres."}  # fmt: skip
    waiting.send("incidents", next(waiting.free), "incident", answers=answers)


def _typing(waiting: Waiting, turn: int) -> None:
    """A protocol with its photograph."""
    number, photo = next(waiting.free), jpeg(seed=turn + 1, side=200)
    name = hashlib.sha256(photo).hexdigest()
    answers = _protocol(number)
    report = waiting.send("typing", number, "results", answers=answers | {"photo": f"{name}.jpg"})
    waiting.figures[report] = {
        f"figure.{each}": answers[each] for each in ("in_box", "valid", "invalid")
    } | {f"votes.{each['contestant']}": each["votes"] for each in answers["contestant_votes"]}
    headers = {"Upload-Offset": "0", "Upload-Length": str(len(photo))}
    headers |= {"Content-Type": "application/offset+octet-stream"} | waiting.bearer("import")
    sent = httpx.patch(f"{waiting.base}/media/{name}", content=photo, headers=headers)
    assert sent.status_code == 204, sent.text


def _protocol(number: int, slip: int = 0) -> dict[str, Any]:
    one, other = 90 + 7 * number, 60 + 11 * number % 97 + slip
    lines = [{"contestant": "A", "votes": one}, {"contestant": "B", "votes": other}]
    return {"in_box": one + other + 2, "valid": one + other, "invalid": 2,
            "contestant_votes": lines}  # fmt: skip


PLANTING: Mapping[str, Callable[[Waiting, int], None]] = {
    "held": _held,
    "conflicts": _conflicts,
    "flagged": _flagged,
    "corrections": _corrections,
    "incidents": _incidents,
    "typing": _typing,
}


@dataclass(frozen=True)
class Worked:
    """An item that was worked off, and the seconds until the next one was open."""

    queue: str
    item: str
    panel: str
    seconds: float


class Manager:
    """A person who looks at the desk and has a keyboard, no mouse."""

    def __init__(self, page: Page, waiting: Waiting, reason: str) -> None:
        self._page, self._waiting, self._reason = page, waiting, reason
        self.worked: list[Worked] = []
        self.turned_away = 0

    def work(self, each: Mapping[str, int]) -> None:
        """So many items of every queue."""
        self._page.set_default_timeout(WAIT)
        place = (
            f"http://127.0.0.1:{self._waiting.serving.port}/missions/{self._waiting.mission.slug}"
        )
        self._page.goto(f"{place}/desk/held")
        for queue, many in each.items():
            self._go(queue)
            self._queue(queue, many)
        self._go_to_nothing()

    def _queue(self, queue: str, many: int) -> None:
        done = 0
        while done < many:
            item = self._item()
            if item is None:
                assert self._page.get_by_text("Others have all of this queue open").count(), queue
                time.sleep(0.5)
                self._go(queue)
                continue
            if self._page.locator("p.note[role=status]").count():
                self.turned_away += 1
                self._leave(item, queue)
                continue
            began = time.monotonic()
            panel = self._panel()
            self._act(panel, item)
            if self._next(item, queue):
                self.worked.append(Worked(queue, item, panel, time.monotonic() - began))
                done += 1

    def _act(self, panel: str, item: str) -> None:
        fill = {
            "accept": self._accept,
            "call": lambda: self._press("1"),
            "conflict": self._resolve,
            "correct": self._correct,
            "incident": lambda: self._press("1"),
            "place": lambda: self._press("1"),
            "typing": lambda: self._type(self._waiting.figures[item]),
        }.get(panel)
        if fill is not None:
            fill()
        if panel not in WITHOUT_REASON:
            self._press("r")
            assert self._focused() == "reason", (panel, self._focused())
            self._page.keyboard.type(self._reason)
        self._press("Control+Enter")

    def _accept(self) -> None:
        for at in range(self._page.locator("#act input[name=accept]:not(:checked)").count()):
            self._press(str(at + 1))

    def _resolve(self) -> None:
        for _ in range(self._page.locator("#act [data-question]").count()):
            self._press("1")

    def _correct(self) -> None:
        self._press("e")
        while self._focused() != "a.registered":
            self._press("Tab")
        self._press("Control+a")
        self._page.keyboard.type("812")
        self._press("Escape")

    def _type(self, figures: Mapping[str, int]) -> None:
        self._press("v")
        while (name := self._focused()).startswith(FIGURES):
            self._page.keyboard.type(str(figures.get(name, "")))
            self._press("Tab")

    def _next(self, item: str, queue: str) -> bool:
        """Wait for what comes next; whether the act was done."""
        self._page.wait_for_url(lambda url: _item_of(url) != item or "/acts/" in url)
        if "/acts/" not in self._page.url:
            return True
        said = self._page.get_by_role("alert").inner_text()
        assert "has this open" in said, said
        self._leave(item, queue)
        return False

    def _leave(self, item: str, queue: str) -> None:
        """To the next item; where the others were done meanwhile, to whatever the queue has."""
        self._press("j")
        try:
            self._page.wait_for_url(lambda url: _item_of(url) != item, timeout=5_000)
        except TimeoutError:
            self._go(queue)

    def _go(self, queue: str) -> None:
        """To a queue; wherever one is."""
        with self._page.expect_navigation(url=f"**/desk/{queue}**"):
            self._press("g", QUEUES[queue])

    def _go_to_nothing(self) -> None:
        """To a queue without items: whatever was open is free for others."""
        with self._page.expect_navigation(url="**/desk/sms**"):
            self._press("g", "s")

    def _item(self) -> str | None:
        return _item_of(self._page.url)

    def _panel(self) -> str:
        action = self._page.locator("form#act").get_attribute("action") or ""
        return action.rpartition("/")[2]

    def _focused(self) -> str:
        return str(self._page.evaluate("document.activeElement?.name ?? ''"))

    def _press(self, *keys: str) -> None:
        press(self._page, *keys)


def _item_of(url: str) -> str | None:
    """The item that an address of the desk is of."""
    _, _, rest = unquote(urlsplit(url).path).partition("/desk/")
    return rest.partition("/")[2].partition("/acts/")[0] or None


def twice(worked: list[Worked]) -> list[str]:
    """The items that were done more than once."""
    return [each for each, many in Counter(one.item for one in worked).items() if many > 1]
