"""Election day in the country: the forms that each team finishes, what is planted in them, and
what its phone sends of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from api.demonstration.cases import NOT_OBSERVED, incidents_of
from api.demonstration.country import ASSEMBLY, PRESIDENT, Country, Truth
from api.demonstration.filling import Answers
from api.demonstration.mission import ROUND, Team
from api.demonstration.pictures import PHOTO, picture_name, protocol_picture
from api.demonstration.sending import Form, Planted, Report, SentDay, sent_day
from schemas.checklist import VOTES, Definition

CUT_OFF = frozenset({"Keshal", "Galden", "Dorrin"})
"""Regions where the network failed on the day: more silence, later counts."""
SILENT, SILENT_THERE = 0.03, 0.05
"""Static teams that were never heard of."""
NO_COUNT = 0.03
LATER_THERE = 30.0
WRONG_STATION, WORDS_FOR_A_NUMBER = 0.004, 0.002
CONFLICTS = {PRESIDENT: 2, ASSEMBLY: 1}
"""At how many stations the second team read other figures than the first, by contest."""
PHOTOGRAPHED = 6
"""So many protocols have a photograph: the desk types them a second time."""
MISREAD = 20
"""Votes that a team wrote to another candidate."""
VOTING_HOURS = (10, 13, 16)
LAST_MINUTE = 23 * 60 + 40
"""Nothing else is finished later in the day: the mission may be made soon after midnight."""
MINUTES_A_RESULT = 7
YEAR = timedelta(days=366)
STATIC = {
    (Planted.CORRECTED, "voting"): 0.016,
    (Planted.CORRECTED, "protocol"): 0.008,
    (Planted.RESENT, "protocol"): 0.03,
    (Planted.COPIED, "voting"): 0.01,
    (Planted.LATE, "voting"): 0.012,
    (Planted.AHEAD, "voting"): 0.003,
}
"""What is planted in one form on voting, or in that with the president's votes, of so many static
teams for each station of the country, at least one; of a team at most one."""
MOBILE = {
    (Planted.RETURN, "voting"): 0.024,
    (Planted.COPIED, "voting"): 0.01,
    (Planted.OVERTAKEN, "voting"): 0.006,
}
"""The same of teams on the road."""
ASKED = "crowded"
"""The question of which a form that is corrected or overtaken says the opposite."""

Trouble = tuple[Planted, str]


@dataclass
class ElectionDay:
    """Makes the reports; the same for the same country, truth and seed."""

    country: Country
    truth: Truth
    checklists: dict[str, Definition]
    polling_day: date
    seed: int
    chance: np.random.Generator = field(init=False)
    answers: Answers = field(init=False)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng([self.seed, 4])
        self.answers = Answers(self.country, self.truth, self.checklists, self.chance)

    def reports(self, teams: list[Team], most: int) -> list[Report]:
        """What phones send, in their order: at most so many reports, some of them twice."""
        return self.sent(teams, most).reports

    def sent(self, teams: list[Team], most: int) -> SentDay:
        """The same, with what is planted in it."""
        trouble = self._trouble(teams)
        forms = [
            form
            for number, team in enumerate(teams)
            for form in self._of_team(team, trouble.get(number), pledged=team is not teams[-1])
        ]
        forms = _photographed(_in_conflict(forms))
        versions = {name: each.version for name, each in self.checklists.items()}
        forms += incidents_of(self.country, teams, versions, self.polling_day, self.seed)
        return sent_day(forms, most)

    def _trouble(self, teams: Sequence[Team]) -> dict[int, Trouble]:
        """What goes wrong with which team, by its number; with the last, who has not pledged,
        nothing else does."""
        chance = np.random.default_rng([self.seed, 7])
        order = [each for each in chance.permutation(len(teams)).tolist() if each < len(teams) - 1]
        found: dict[int, Trouble] = {}
        for domestic, shares in ((True, STATIC), (False, MOBILE)):
            left = [each for each in order if teams[each].domestic == domestic]
            for what, share in shares.items():
                many = max(round(share * len(self.country.stations)), 1)
                found |= dict.fromkeys(left[:many], what)
                left = left[many:]
        return found

    def _of_team(self, team: Team, trouble: Trouble | None, *, pledged: bool) -> Iterator[Form]:
        """Its forms, each with a rank: where fewer are wanted, the lowest are kept."""
        if not team.domestic:
            forms = self._mobile(team, trouble)
        elif self.chance.random() < (SILENT_THERE if self._cut_off(team) else SILENT):
            return
        else:
            forms = self._static(team, trouble)
        for form in forms:
            more = () if pledged else (Planted.NOT_PLEDGED,)
            yield replace(form, planted=form.planted + more)

    def _static(self, team: Team, trouble: Trouble | None) -> Iterator[Form]:
        """Three forms on voting and one on the count, on one visit that lasts all day."""
        station = team.stations[0]
        visit = self._identity()
        arrived = self._at(6, 30, spread=20)
        if self.truth.unobserved[station] is not None:
            yield from self._not_observed(team, station, arrived)
            return
        what, checklist = trouble or (None, "")
        for rank, hour in enumerate(VOTING_HOURS, 1):
            finished = self._at(hour, 0, 50)
            last = what if (rank, checklist) == (len(VOTING_HOURS), "voting") else None
            if last == Planted.LATE:
                finished = self._at(23, 20, 12)
            yield self._form(rank, "voting", team, station, visit, arrived, finished, last)
        counted = what if checklist == "protocol" else None
        if self.chance.random() >= NO_COUNT or counted:
            finished = self._at(21, 20 + LATER_THERE * self._cut_off(team), 35)
            yield from self._count(team, station, visit, arrived, finished, counted)

    def _mobile(self, team: Team, trouble: Trouble | None) -> Iterator[Form]:
        """One form on voting at each station of the route, and one on the count at the last."""
        seen: list[int] = []
        for number, station in enumerate(team.stations):
            visit = self._identity()
            arrived = self._at(7, 10 + 68 * number, spread=12)
            if self.truth.unobserved[station] is not None:
                yield from self._not_observed(team, station, arrived)
                continue
            done = arrived + timedelta(minutes=float(self.chance.uniform(20, 45)))
            seen.append(station)
            what = trouble[0] if trouble and len(seen) == 1 else None
            yield self._form(4, "voting", team, station, visit, arrived, done, what)
            if station == team.stations[-1]:
                yield from self._count(team, station, visit, arrived, self._at(21, 40, 40))
        if trouble and trouble[0] == Planted.RETURN and seen:
            arrived = self._at(18, 50, spread=5)
            done = arrived + timedelta(minutes=25)
            visit = self._identity()
            again = self._form(0, "voting", team, seen[0], visit, arrived, done, trouble[0])
            yield replace(again, planted=(Planted.RETURN,))

    def _count(
        self,
        team: Team,
        station: int,
        visit: UUID,
        arrived: datetime,
        finished: datetime,
        what: Planted | None = None,
    ) -> Iterator[Form]:
        """One form on the count, with the votes where there is one contest. Where there are two,
        one on each result after it."""
        contests = self.country.contests_at(station)
        where = team, station, visit, arrived
        if contests == (PRESIDENT,):
            yield self._form(0, "counting", *where, finished, what, PRESIDENT)
            return
        yield self._form(0, "counting", *where, finished)
        for number, contest in enumerate(contests, 1):
            done = finished + timedelta(minutes=MINUTES_A_RESULT * number)
            own = what if contest == PRESIDENT else None
            yield self._form(0, "results", *where, done, own, contest)

    def _cut_off(self, team: Team) -> bool:
        region = self.country.stations[team.stations[0]].region
        return self.country.regions[region].name in CUT_OFF

    def _not_observed(self, team: Team, station: int, arrived: datetime) -> Iterator[Form]:
        """A case that says why nobody could observe at a station."""
        reason = self.truth.unobserved[station]
        assert reason is not None
        said = NOT_OBSERVED[reason]
        answers = said[int(self.chance.integers(len(said)))]
        done = arrived + timedelta(minutes=15)
        report = self._report(
            "access_denied", team, station, self._identity(), arrived, done, answers
        )
        yield Form(0, report, (Planted(reason),))

    def _form(
        self,
        rank: int,
        checklist: str,
        team: Team,
        station: int,
        visit: UUID,
        arrived: datetime,
        finished: datetime,
        trouble: Planted | None = None,
        contest: str | None = None,
    ) -> Form:
        """A form as it was finished, with the votes of a contest if one is given. Where something
        is planted in it, it has no other mistake and is among the first to be kept."""
        answers = self.answers.of(checklist, station, contest)
        words, strange = (
            bool(self.chance.random() < each) for each in (WORDS_FOR_A_NUMBER, WRONG_STATION)
        )
        report = self._report(checklist, team, station, visit, arrived, finished, answers)
        if checklist == "results":
            report["contest"] = contest
        if trouble is not None:
            return self._planted(report, trouble)
        planted: tuple[Planted, ...] = ()
        if words:
            report["answers"]["registered"] = "see the list"
            planted += (Planted.STRANGE_ANSWER,)
        if strange:
            report["station"] = f"9{report['station']}"
            planted += (Planted.STRANGE_STATION,)
        return Form(rank, report, planted)

    def _planted(self, report: Report, kind: Planted) -> Form:
        """A form in which this is planted; what counts of it in the end says what is true."""
        another = {**report, "id": str(self._identity())}
        again: tuple[Planted, Report] | None = None
        if kind == Planted.RESENT:
            again = kind, report
        elif kind == Planted.COPIED:
            again = kind, another
        elif kind == Planted.CORRECTED:
            again = kind, {**another, "replaces": report["id"]}
            report["answers"] = _mistaken(report["answers"])
        elif kind == Planted.OVERTAKEN:
            again = kind, another | {"answers": _mistaken(report["answers"])}
            for number, each in ((2, report), (1, again[1])):
                each["device"] = {**report["device"], "sequence": number}
        elif kind == Planted.AHEAD:
            report["visit"] = str(self._identity())
            for name in ("arrived_at", "finalised_at"):
                report[name] = (datetime.fromisoformat(report[name]) + YEAR).isoformat()
        return Form(0, report, () if again or kind == Planted.RETURN else (kind,), again)

    def _report(
        self,
        checklist: str,
        team: Team,
        station: int,
        visit: UUID,
        arrived: datetime,
        finished: datetime,
        answers: dict[str, Any],
    ) -> Report:
        place = self.country.stations[station]
        return {
            "id": str(self._identity()),
            "checklist": checklist,
            "version": self.checklists[checklist].version,
            "round": ROUND,
            "station": place.code,
            "observer": team.observers[0],
            "with": list(team.observers[1:]),
            "visit": str(visit),
            "arrived_at": arrived.isoformat(),
            "finalised_at": finished.isoformat(),
            "position": {
                "lat": round(place.latitude + float(self.chance.normal(0, 2e-4)), 6),
                "lon": round(place.longitude + float(self.chance.normal(0, 2e-4)), 6),
                "accuracy_m": 12,
            },
            "device": {"id": f"phone-{team.observers[0]}"},
            "answers": answers,
        }

    def _identity(self) -> UUID:
        return UUID(bytes=self.chance.bytes(16), version=4)

    def _at(self, hour: int, minute: float, spread: float) -> datetime:
        start = datetime.combine(self.polling_day, time(0), UTC)
        minutes = 60 * hour + minute + float(self.chance.normal(0, spread))
        minutes = min(minutes, 2 * LAST_MINUTE - minutes)
        return start + timedelta(minutes=max(minutes, 330))


def _mistaken(answers: dict[str, Any]) -> dict[str, Any]:
    """The same answers with a mistake: votes written to the wrong contestant, or another answer to
    one question on voting."""
    if VOTES in answers:
        return answers | {VOTES: _misread(answers[VOTES])}
    if answers.get(ASKED) == "yes":
        return {name: each for name, each in answers.items() if not name.startswith(ASKED)} | {
            ASKED: "no"
        }
    return answers | {ASKED: "yes", f"{ASKED}__known": "saw"}


def _misread(votes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Some votes of the first contestant, or of the second where that one has few, written to the
    other."""
    first, second, *others = votes
    moved = min(MISREAD, first["votes"]) or -min(MISREAD, second["votes"])
    return [
        first | {"votes": first["votes"] - moved},
        second | {"votes": second["votes"] + moved},
        *others,
    ]


def _in_conflict(forms: Sequence[Form]) -> list[Form]:
    """The same, where at a few stations the second team read other figures than the first: on the
    checklist on which two teams must agree, so that the desk is asked."""
    seen: set[tuple[str, str]] = set()
    found, left = [*forms], dict(CONFLICTS)
    for at, form in enumerate(forms):
        report = form.report
        votes = report["answers"].get(VOTES)
        if report["checklist"] != "results" or votes is None or form.planted or form.again:
            continue
        contest = report.get("contest", PRESIDENT)
        station = report["station"], contest
        if station in seen and left[contest] and votes[0]["votes"] >= MISREAD:
            left[contest] -= 1
            other = report | {"answers": _mistaken(report["answers"])}
            found[at] = replace(form, report=other, planted=(Planted.CONFLICT,))
        seen.add(station)
    return found


def _photographed(forms: Sequence[Form]) -> list[Form]:
    """The same, where the first protocols of results in which nothing is planted have a photograph
    of what they say."""
    found, left = [*forms], PHOTOGRAPHED
    for at, form in enumerate(forms):
        report = form.report
        if not left:
            break
        if report["checklist"] != "results" or form.planted or form.again:
            continue
        left -= 1
        name = picture_name(protocol_picture(report))
        pictured = report | {"answers": report["answers"] | {PHOTO: name}}
        found[at] = replace(form, report=pictured)
    return found
