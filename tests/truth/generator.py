"""Makes a mission from a seed: ordinary, messy field data of a country that does not exist.

Teams that return, reports sent twice under one id and under another, corrections, two contests on
one day, refusals, static teams, conditional questions, what is late and what is dated
ahead, quarantine, phones whose outboxes arrive out of order, and a run-off.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.truth.drawing import drawn
from tests.truth.forms import Asked, form
from tests.truth.mission import (
    Contest,
    Decision,
    Mission,
    Observer,
    Plan,
    Post,
    Round,
    Sample,
    Station,
    Step,
)
from tests.truth.settling import Settlement

AREAS = ("A1", "A2", "A3", "A4")
PRESIDENT, COUNCIL = ("lantern", "harbour", "orchard"), ("mill", "bridge", "field")
SOME = 0.12
"""How often an option that is an irregularity is chosen."""
MANY = 12
"""A body that has more reports than this is closed."""
CONTESTS = True
"""Whether protocols name their contest, and a contest may have constituencies."""


def make_mission(seed: int, today: date | None = None) -> Mission:
    """The mission of a seed; its days lie before ``today``."""
    return _Maker(seed, today or datetime.now(UTC).date()).make()


class _Maker:
    def __init__(self, seed: int, today: date) -> None:
        self.random = random.Random(seed)
        self.seed, self.today = seed, today
        self.devices: dict[str, int] = {}
        self.steps: list[Step] = []
        self.body: list[dict[str, Any]] = []
        """What the next body holds."""

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def make(self) -> Mission:
        self.stations = self._stations()
        self.rounds = self._rounds()
        self.contests = self._contests()
        self.observers = self._observers()
        self.samples = self._samples()
        self.plans = list(self._plans())
        self.closed: tuple[str, ...] = ()
        self._cannot_be_visited()
        for each in self.plans:
            if not each.unsafe and each.station not in self.closed:
                self._work_off(each)
        self._strays()
        self._close_body()
        self._decide()
        return replace(self._mission(), official=self._published())

    def _stations(self) -> tuple[Station, ...]:
        codes = [f"{number:03d}" for number in range(1, self.random.randint(56, 72))]
        return tuple(
            Station(code, AREAS[at % len(AREAS)], self.random.randint(300, 1200))
            for at, code in enumerate(codes)
        )

    def _rounds(self) -> tuple[Round, ...]:
        first = Round("first", (self.today - timedelta(days=3)).isoformat())
        if self.chance(0.5):
            return (first,)
        days = -1 if self.chance(0.6) else 14
        return first, Round("second", (self.today + timedelta(days=days)).isoformat())

    def _contests(self) -> tuple[Contest, ...]:
        found = [Contest(each.code, "president", PRESIDENT) for each in self.rounds]
        if CONTESTS and self.chance(0.7):
            areas = AREAS[:2] if CONTESTS and self.chance(0.6) else ()
            found.append(Contest("first", "council", COUNCIL, areas))
        return tuple(found)

    def _observers(self) -> tuple[Observer, ...]:
        domestic = [Observer(f"D-{number}", "domestic") for number in range(1, 29)]
        abroad = [Observer(f"I-{number}", "international") for number in range(1, 7)]
        return (*domestic, *abroad, Observer("D-new", "domestic", pledged=False))

    def _samples(self) -> tuple[Sample, ...]:
        if self.chance(0.15):
            return ()
        size = self.random.randint(34, 42)
        return (Sample("first", "domestic", size, self.random.randint(1, 10**6)),)

    def _plans(self) -> Iterator[Plan]:
        sampled = drawn(self.stations, self.samples[0]) if self.samples else ()
        here = list(sampled) or [each.code for each in self.stations[:36]]
        self.random.shuffle(here)
        static = here[:2] if self.chance(0.7) else []
        for number, code in enumerate(here):
            if code in static:
                names = (f"D-{25 + 2 * static.index(code)}", f"D-{26 + 2 * static.index(code)}")
                yield Plan("first", code, names, {"voting": 3, "results": 1})
            else:
                pair = 2 * (number % 12)
                expects = {"voting": 1} | ({"results": 1} if self.chance(0.8) else {})
                yield Plan("first", code, (f"D-{pair + 1}", f"D-{pair + 2}"), expects)
        for number, station in enumerate(self.random.sample(self.stations, 9)):
            pair = 2 * (number % 3)
            yield Plan("first", station.code, (f"I-{pair + 1}", f"I-{pair + 2}"), {"voting": 1})
        if len(self.rounds) > 1:
            for number, code in enumerate(here[:10]):
                pair = 2 * (number % 12)
                yield Plan("second", code, (f"D-{pair + 1}", f"D-{pair + 2}"), {"voting": 1})

    def _cannot_be_visited(self) -> None:
        """A station or two that was closed by polling day, and one that was not safe to go to."""
        first = [at for at, each in enumerate(self.plans) if each.round == "first"]
        of_one_plan = [
            at
            for at in first
            if sum(each.station == self.plans[at].station for each in self.plans) == 1
        ]
        shut = self.random.sample(of_one_plan, self.random.choice((0, 1, 2)))
        self.closed = tuple(sorted(self.plans[at].station for at in shut))
        for at in self.random.sample([each for each in of_one_plan if each not in shut], 2):
            if self.chance(0.5):
                self.plans[at] = replace(self.plans[at], unsafe=True)

    def _published(self) -> dict[tuple[str, str], dict[str, dict[str, int]]]:
        """What the authority says of each station read: the same, but for two that it changed."""
        found: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
        for kept in Settlement(self._mission()).counted("results"):
            rows = kept.report["answers"]["contestant_votes"]
            votes = {each["contestant"]: each["votes"] for each in rows}
            contest = found.setdefault((kept.round, str(kept.contest)), {})
            contest[kept.report["station"]] = votes
        for contest in found.values():
            for station in self.random.sample(sorted(contest), 2):
                name = self.random.choice(sorted(contest[station]))
                contest[station][name] += self.random.choice((1, 9, 100))
        return found

    def _uuid(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def _round(self, code: str) -> Round:
        return next(each for each in self.rounds if each.code == code)

    def _device(self, observer: str) -> dict[str, Any]:
        name = f"phone-{observer}"
        self.devices[name] = self.devices.get(name, 0) + 1
        return {"id": name, "sequence": self.devices[name]}

    def _at(self, round_code: str, hour: float) -> datetime:
        opens = self._round(round_code).opens
        return opens.replace(hour=0) + timedelta(minutes=round(60 * hour))

    def report(self, plan: Plan, checklist: str, hour: float, **members: Any) -> dict[str, Any]:
        """A report of a team, of a visit of its own unless ``members`` says otherwise."""
        arrived = self._at(plan.round, hour)
        made = {
            "id": self._uuid(),
            "checklist": checklist,
            "round": plan.round,
            "station": plan.station,
            "observer": plan.team[0],
            "with": list(plan.team[1:]),
            "visit": self._uuid(),
            "arrived_at": _written(arrived),
            "departed_at": _written(arrived + timedelta(minutes=25)),
            "finalised_at": _written(arrived + timedelta(minutes=20)),
            "device": self._device(plan.team[0]),
            "answers": self._answers(checklist),
        }
        changed = {name: value for name, value in (made | members).items() if value is not ...}
        if self.chance(0.1):
            changed.pop("round")
        return changed

    def _answers(self, checklist: str) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for question in form(checklist).questions:
            if question.options and not self.chance(0.06):
                answers[question.name] = self._choice(question)
        told = [
            f"{question.name}__known"
            for question in form(checklist).questions
            if _is_irregular(question, answers.get(question.name))
        ]
        return answers | {name: "told" for name in told if self.chance(0.15)}

    def _choice(self, question: Asked) -> Any:
        bad = [name for name, code in question.options.items() if code]
        good = [name for name in question.options if name not in bad]
        if question.name == "access_given" and self.chance(0.96):
            bad = []
        beside = [name for name in good if name in ("not_observed", "not_applicable")]
        if beside and not self.chance(0.1):
            good = [name for name in good if name not in beside] or good
        chosen = self.random.choice(bad if bad and self.chance(SOME) else good)
        if question.name == "complaint_made":
            chosen = "yes" if self.chance(0.4) else "no"
        return [chosen] if question.type == "select_multiple" else chosen

    def results(self, plan: Plan, of: Contest, hour: float, **members: Any) -> dict[str, Any]:
        """A protocol of a contest at a station."""
        station = next(each for each in self.stations if each.code == plan.station)
        votes = [self.random.randint(10, station.registered // 5) for _ in of.contestants]
        invalid = self.random.randint(0, 9)
        wrong = 1 if self.chance(0.1) else 0
        answers = {
            "hindered": "no",
            "registered": station.registered,
            "in_box": sum(votes) + invalid + wrong,
            "invalid": invalid,
            "valid": sum(votes),
            "contestant_votes": [
                {"contestant": name, "votes": count}
                for name, count in zip(of.contestants, votes, strict=True)
            ],
        }
        named = ... if not CONTESTS or self.chance(0.15) else of.code
        more = {"answers": answers, "contest": named} | members
        return self.report(plan, "results", hour, **more)

    def _work_off(self, plan: Plan) -> None:
        """What a team sends from a station, with what goes wrong."""
        outbox: list[dict[str, Any]] = []
        self.visit = self._uuid()
        refused = False
        if self.chance(0.08):
            refused = self._refused(plan, outbox)
        elif not self.chance(0.06):
            for number in range(plan.expects["voting"]):
                self._vote(plan, 8 + 3 * number + self.random.random(), outbox)
        if "results" in plan.expects and not refused and not self.chance(0.05):
            visit = self._uuid()
            for contest in self.contests:
                at = next(each for each in self.stations if each.code == plan.station)
                if contest.round == plan.round and at.area in (contest.areas or AREAS):
                    outbox.append(self.results(plan, contest, 19, visit=visit))
        self._send(outbox)

    def _refused(self, plan: Plan, outbox: list[dict[str, Any]]) -> bool:
        answers = {"access": "denied", "refused_by": "chair", "agents_hindered": "not_observed"}
        hour = 9 + 5 * self.random.random()
        outbox.append(self.report(plan, "access_denied", hour, answers=answers))
        return True

    def _vote(self, plan: Plan, hour: float, outbox: list[dict[str, Any]]) -> None:
        static = plan.expects["voting"] > 1
        first = self.report(plan, "voting", hour, visit=self.visit if static else ...)
        outbox.append(first)
        again = {"visit": first.get("visit", ...), "finalised_at": first["finalised_at"]}
        if self.chance(0.1):  # the same once more, under another id
            copied = again | {"finalised_at": _written(self._at(plan.round, hour + 0.4))}
            more = copied if static else again
            outbox.append(self.report(plan, "voting", hour, answers=first["answers"], **more))
        elif self.chance(0.1):  # filled again before they left
            outbox.append(self.report(plan, "voting", hour, **again))
        elif self.chance(0.1):  # put right by the team
            outbox.append(self.report(plan, "voting", hour, replaces=first["id"], **again))
        elif self.chance(0.1) and not static:  # the other's phone fills it after
            twin = Plan(plan.round, plan.station, plan.team[::-1], plan.expects)
            outbox.append(self.report(twin, "voting", hour, **again))
        if self.chance(0.1) and not static:  # the team comes back
            for number in range(1 if self.chance(0.9) else 8):
                outbox.append(self.report(plan, "voting", hour + 2 + number / 2))

    def _send(self, outbox: list[dict[str, Any]]) -> None:
        """In the order of the phone or not, with other teams' in one body, some of it twice."""
        if self.chance(0.2):
            self.random.shuffle(outbox)
        self.body += outbox
        if self.chance(0.15):
            self._close_body()
            self.body += outbox
        if len(self.body) > MANY:
            self._close_body()

    def _close_body(self) -> None:
        if self.body:
            self.steps.append(Post(tuple(self.body)))
        self.body = []

    def _strays(self) -> None:
        """What belongs to no plan, or cannot be placed; and what is dated ahead."""
        for _ in range(6):
            pair = 2 * self.random.randint(0, 11)
            team = (f"D-{pair + 1}", f"D-{pair + 2}")
            station = self.random.choice(self.stations).code
            if station in self.closed:
                continue
            if not any(
                set(each.team) & set(team) and each.station == station for each in self.plans
            ):
                plan = Plan("first", station, team, {"voting": 1})
                self._send([self.report(plan, "voting", 8 + 8 * self.random.random())])
        self._wrong_contests()
        nowhere = Plan("first", "999", ("D-1", "D-2"), {})
        self._send([self.report(nowhere, "voting", 9)])
        self._send([self.report(Plan("first", "001", ("D-new",), {}), "voting", 10)])
        visited = [
            each for each in self.plans if not each.unsafe and each.station not in self.closed
        ]
        for plan in self.random.sample(visited, 2):
            ahead = _written(datetime.now(UTC) + timedelta(days=20))
            when = {"arrived_at": ahead, "finalised_at": ahead, "departed_at": ahead}
            self._send([self.report(plan, "voting", 9, round=plan.round, **when)])
        for plan in self.random.sample(visited, 3):
            answers = {
                "nature": "fraud",
                "danger": "no",
                "source": "observed",
                "vote_buying": "yes",
            }
            self._send([self.report(plan, "incident", 11, answers=answers)])

    def _wrong_contests(self) -> None:
        """Protocols of a contest that is not voted on there, and of lines of two contests."""
        council = next((each for each in self.contests if each.code == "council"), None)
        if council is None:
            return
        for station in self.stations[2:4]:
            if station.code not in self.closed and council.areas:
                plan = Plan("first", station.code, ("D-1", "D-2"), {})
                self._send([self.results(plan, council, 20, contest="council")])
        here = next(each for each in self.stations if each.area in (council.areas or AREAS))
        if here.code not in self.closed:
            mixed = Contest("first", "", (PRESIDENT[0], COUNCIL[0]))
            plan = Plan("first", here.code, ("D-3", "D-4"), {})
            self._send([self.results(plan, mixed, 20, contest=...)])

    def _decide(self) -> None:
        """Four are quarantined, one of them taken back; one is verified, and sent again after."""
        counted = Settlement(self._mission()).counted("voting")
        chosen = self.random.sample([each for each in counted if not each.stale], 5)
        for each in chosen[:4]:
            self.steps.append(Decision(each.id, "quarantined"))
        self.steps.append(Decision(chosen[0].id, "received"))
        self.steps.append(Decision(chosen[4].id, "verified"))
        later = chosen[4].report | {"id": self._uuid(), "answers": self._answers("voting")}
        later["device"] = self._device(later["observer"])
        later.pop("replaces", None)
        self.steps.append(Post((later,)))

    def _mission(self) -> Mission:
        return Mission(
            seed=self.seed,
            now=datetime.now(UTC),
            stations=self.stations,
            rounds=self.rounds,
            contests=self.contests,
            observers=self.observers,
            plans=tuple(self.plans),
            samples=self.samples,
            steps=tuple(self.steps),
            closed=self.closed,
        )


def _is_irregular(question: Asked, chosen: Any) -> bool:
    names = chosen if isinstance(chosen, list) else [chosen]
    return any(question.options.get(each) for each in names)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
