"""What the page of one report shows: its answers in the form's words, and what is around it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from api.pages.page import PageRequest
from api.pages.report_words import (
    CHANNELS,
    MEANT,
    NONE,
    NOT_SEEN,
    SEEN,
    STATES,
    TOLD,
    dash,
    left_to_right,
    plain,
)
from api.pages.rows import label_of
from api.review.envelope_words import MEMBERS
from api.review.held_reasons import act_for
from api.review.queues import queue_of
from api.review.report_contents import Answer, Answered, ReportContents, Section
from api.review.report_surroundings import Change, LaterVersion, OtherTeam, Surroundings
from schemas.checklist import FILE_TYPES, KNOWN, Definition, Question, Texts
from schemas.place import Area, PlaceKind
from schemas.report import Report, ReportStatus
from schemas.words import N_

INCIDENT = "incident"
WAITING = (ReportStatus.HELD, ReportStatus.FLAGGED)
"""Reports of these states stand in a queue of the desk."""


@dataclass(frozen=True)
class ReportView:
    """Makes the view of one report in the visitor's language."""

    page: PageRequest
    report: Report
    shown: Mapping[str, Any]
    definition: Definition | None
    contents: ReportContents | None
    around: Surroundings
    sections: Mapping[str, Texts]

    def view(self) -> dict[str, Any]:
        """All that the template is given of the report itself."""
        page, report, shown = self.page, self.report, self.shown
        sent_by = report.organisation_id or UUID(int=0)
        organisation = page.facts.organisations.get(sent_by)
        named = page.facts.organisation_names.get(sent_by, {}).get(page.language)
        return {
            "id": report.id,
            "short": str(report.id)[-6:],
            "title": self._title(),
            "path": [*self._areas(), shown.get("station") or NONE],
            "status": report.status,
            "word": page.say(report.status),
            "counts_from": shown["counts_from"] and self.moment(shown["counts_from"]),
            "observer": shown.get("observer") or NONE,
            "with": _texts(shown.get("with")),
            "organisation": named or (organisation[0] if organisation else ""),
            "kind": page.say(str(organisation[1])) if organisation else "",
            "number": report.version,
            "form": f"{report.checklist} {shown.get('version', '')}",
            "stay": self._stay(),
            "held": [self._held(each) for each in report.reasons],
            "desk": queue_of(report) if report.status in WAITING else "",
            "incident": report.checklist == INCIDENT,
            "contest": self._contest(),
            "facts": self._facts(),
            "photos": self._photos(),
            "teams": [self._team(each) for each in self.around.teams],
            "versions": [self._version(each) for each in self.around.versions],
            "receipt": shown["receipt"],
            "received": self.moment(report.received_at, "%H:%M:%S"),
        } | self._said()

    def moment(self, at: datetime | None, form: str = "%H:%M") -> str:
        """A moment as the page writes it."""
        return self.page.when(at, form)

    def _title(self) -> str:
        page, place = self.page, self.around.place
        title = page.title(self.definition.title) if self.definition else self.report.checklist
        if place is None:
            named = self.shown.get("station")
            if not isinstance(named, str):
                return page.say(N_("{checklist}, place not known")).format(checklist=title)
            words = N_("{checklist} at station {code}, not known here")
            return page.say(words).format(checklist=title, code=named)
        area = [each for each in self._areas()[-1:] if each not in place.name]
        names = page.listed([each for each in (place.name, *area) if each])
        if place.kind != PlaceKind.STATION:
            return page.listed([title, names or place.code])
        words = (
            N_("{checklist} at station {code}, {place}")
            if names
            else N_("{checklist} at station {code}")
        )
        return page.say(words).format(checklist=title, code=place.code, place=names)

    def _areas(self) -> list[str]:
        """The names of the areas around the place, the outermost first."""
        by_id = {each.id: each for each in self.page.facts.areas}
        found: list[Area] = []
        at = self.around.place.area_id if self.around.place else None
        while at in by_id and by_id[at] not in found:
            found.insert(0, by_id[at])
            at = by_id[at].parent_id
        return [each.name for each in found]

    def _stay(self) -> str:
        """From arrival to departure, in one line."""
        came, left = self.report.arrived_at, self.report.departed_at
        if came is None:
            return ""
        if left is None:
            return self.moment(came)
        same = came.astimezone(self.page.zone).date() == left.astimezone(self.page.zone).date()
        return f"{self.moment(came)} – {self.page.clock(left) if same else self.moment(left)}"

    def _held(self, reason: Mapping[str, str]) -> dict[str, Any]:
        lifts = act_for(reason)
        say = self.page.say
        return {
            "field": reason["field"],
            "words": say(lifts.words),
            "message": reason["message"],
            "act": say(lifts.act),
            "kind": say(N_("must be settled") if lifts.must else N_("may be accepted")),
        }

    def _contest(self) -> str:
        code = self.shown.get("contest")
        contests = self.page.facts.polling.contests
        named = [each.says(self.page.language) for each in contests if each.code == code]
        return named[0] if named else str(code or "")

    def _facts(self) -> list[tuple[str, str]]:
        page, report, around = self.page, self.report, self.around
        say = page.say
        rows = [(say(N_("Visit")), self._visit())]
        if report.finalised_at:
            rows.append((say(N_("Finished")), self.moment(report.finalised_at)))
        came = [self.moment(report.received_at), self._later(), self._channel(around.channel)]
        rows.append((say(N_("Received")), page.listed([each for each in came if each])))
        position = self._position(self.shown.get("position"))
        if position:
            rows.append((say(N_("Position")), position))
        if self.shown["photos_outstanding"]:
            rows.append((say(N_("Photos to come")), str(self.shown["photos_outstanding"])))
        return rows

    def _visit(self) -> str:
        came, left = self.report.arrived_at, self.report.departed_at
        if came is None:
            return self.page.say(N_("no arrival was noted"))
        if left is None or left < came:
            return self.page.say(N_("arrived {time}")).format(time=self.moment(came))
        minutes = round((left - came).total_seconds() / 60)
        return f"{self._stay()} ({self._minutes(minutes)})"

    def _minutes(self, minutes: int) -> str:
        long = f"{minutes // 60} h {minutes % 60} min"
        return left_to_right(long if minutes >= 120 else f"{minutes} min")

    def _later(self) -> str:
        """How long after it was finished a report came."""
        finished = self.report.finalised_at
        if finished is None or finished > self.report.received_at:
            return ""
        minutes = round((self.report.received_at - finished).total_seconds() / 60)
        return self.page.say(N_("{time} after it was finished")).format(time=self._minutes(minutes))

    def _channel(self, channel: str | None) -> str:
        return self.page.say(CHANNELS[channel]) if channel in CHANNELS else ""

    def _position(self, position: Any) -> str:
        """How far from the station; without the station's own position, where."""
        if not position:
            return ""
        if not isinstance(position, dict):
            return plain(position)
        error = position.get("accuracy_m")
        doubt = [left_to_right(f"±{error} m")] if error is not None else []
        far = self.around.distance_m
        if far is None:
            at = left_to_right(f"{position.get('lat')}, {position.get('lon')}")
            return self.page.listed([at, *doubt])
        said = left_to_right(f"{far} m" if far < 10_000 else f"{far // 1000} km")
        away = self.page.say(N_("{distance} from the station")).format(distance=said)
        return self.page.listed([away, *doubt])

    def _photos(self) -> list[dict[str, Any]]:
        """Each with the question that it answers."""
        asked = {
            str(each.value): self._label(each.question)
            for section in (self.contents.sections if self.contents else ())
            for each in section.answers
            if each.question.type in FILE_TYPES and isinstance(each.value, str)
        }
        return [
            {
                "sha256": each["sha256"] if each["arrived_at"] else None,
                "label": asked.get(each["name"], each["name"]),
                "at": self.moment(each["arrived_at"]) if each["arrived_at"] else "",
            }
            for each in self.shown["photos"]
        ]

    def _team(self, team: OtherTeam) -> dict[str, Any]:
        return {
            "id": team.id,
            "observer": team.observer or NONE,
            "status": team.status,
            "word": self.page.say(team.status),
            "arrived": self.moment(team.arrived_at) if team.arrived_at else "",
        }

    def _version(self, version: LaterVersion) -> dict[str, Any]:
        return {
            "number": version.number,
            "at": self.moment(version.at) if version.at else "",
            "author": version.author or NONE,
            "reason": version.reason or "",
            "changes": [self._change(each) for each in version.changes],
        }

    def _change(self, change: Change) -> tuple[str, str, str]:
        if not change.of_answers:
            name = self.page.say(MEMBERS.get(change.name, change.name))
            return name, dash(plain(change.before)), dash(plain(change.after))
        question = self._question(change.name)
        label = self._label(question) if question else change.name
        asked = self._question(change.name.removesuffix(KNOWN))
        if question and asked and asked is not question:
            label = f"{self._label(asked)} {label}"
        return label, self._changed(question, change.before), self._changed(question, change.after)

    def _changed(self, question: Question | None, value: Any) -> str:
        """An answer before or after; a photo by being there."""
        if question and question.type == "image" and value:
            return self.page.say(N_("a photo"))
        return self.value(question, value)

    def _question(self, name: str) -> Question | None:
        questions = self.definition.questions if self.definition else ()
        return next((each for each in questions if each.name == name), None)

    def _label(self, question: Question) -> str:
        return self.page.title(question.label) or question.name

    def value(self, question: Question | None, value: Any) -> str:
        """An answer as words: options by their labels, the rows of a repeat one after another."""
        choices = question.choices if question else ()
        labels = {each.name: self.page.title(each.label) for each in choices}
        return dash(plain(value, labels))

    def compared(self, differs: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
        """Answers that differ from those of another report: the question, and both."""
        rows = []
        for each in differs:
            change = Change(each["question"], each["here"], each["there"], of_answers=True)
            rows.append(self._change(change))
        return rows

    def _said(self) -> dict[str, Any]:
        """What was seen: notable answers, remarks, the other questions by section."""
        contents = self.contents
        if contents is None:
            answers = self.shown["answers"]
            raw = [(name, plain(answers[name])) for name in answers]
            return {"judged": False, "raw": raw, "sections": [], "notable": [], "remarks": []}
        counts = contents.counts
        return {
            "judged": True,
            "asked": contents.asked,
            "noted": contents.noted,
            "notable": [
                {
                    "severity": each.severity,
                    "told": each.told,
                    "result": self.page.say(TOLD if each.told else SEEN),
                    "name": label_of(each.indicator, self.page.language),
                    "answers": [self._answer(one) for one in each.answers],
                    "together": each.together,
                }
                for each in contents.notable
            ],
            "remarks": [self._answer(each) for each in contents.remarks],
            "counts": [
                (counts[state], self.page.say(words))
                for state, words in MEANT.items()
                if counts[state] or state is Answered.ANSWERED
            ],
            "sections": [self._section(each) for each in contents.sections],
            "raw": [(name, plain(value)) for name, value in contents.others.items()],
        }

    def _section(self, section: Section) -> dict[str, Any]:
        labels = self.sections.get(section.name or "", {})
        name = self.page.title(labels) if labels else (section.name or "").replace("_", " ")
        protocol = any(each.question.type == "repeat" for each in section.answers)
        return {
            "name": name[:1].upper() + name[1:] if name else self.page.say(N_("Questions")),
            "questions": len(section.answers),
            "said": self._counted(section),
            "answers": [self._answer(each) for each in section.answers],
            "open": protocol,
        }

    def _counted(self, section: Section) -> str:
        """How the questions of a section were answered, in words."""
        say, counts = self.page.say, section.counts
        quiet = counts[Answered.ANSWERED]
        if quiet == len(section.answers):
            return say(N_("nothing to note"))
        parts = [f"{quiet} {say(N_('nothing to note'))}"] if quiet else []
        parts += [
            f"{counts[state]} {say(words)}" for state, words in STATES.items() if counts[state]
        ]
        return self.page.listed(parts)

    def _answer(self, answer: Answer) -> dict[str, Any]:
        known = {True: N_("was told"), False: N_("saw it")}
        state = STATES.get(answer.state)
        return {
            "number": answer.number,
            "name": answer.question.name,
            "label": self._label(answer.question),
            "value": self.page.say(state) if state else self.value(answer.question, answer.value),
            "state": answer.state.value,
            "known": self.page.say(known[answer.told]) if answer.told is not None else "",
            "rows": self._rows(answer),
            "not_seen": self._not_seen(answer),
        }

    def _not_seen(self, answer: Answer) -> list[str]:
        """What was looked for by a question and not seen, by its short name, where it has one."""
        if answer.state is not Answered.ANSWERED or self.definition is None:
            return []
        fine = {each["indicator"] for each in self.shown["codes"] if each["status"] == "fine"}
        return [
            self.page.say(NOT_SEEN).format(name=label_of(each, self.page.language))
            for each in self.definition.indicators
            if each.code in fine
            and each.label
            and answer.question.name in {one.question for one in each.sources}
        ]

    def _rows(self, answer: Answer) -> dict[str, Any] | None:
        """The rows of a repeat as a table; None of any other answer."""
        rows = answer.value
        if not answer.inner or not isinstance(rows, list):
            return None
        given = [each for each in rows if isinstance(each, dict)]
        return {
            "heads": [self._label(each) for each in answer.inner],
            "rows": [
                [self._inner(each, row.get(each.name)) for each in answer.inner] for row in given
            ],
        }

    def _inner(self, question: Question, value: Any) -> str:
        """One cell; a contestant's code with the name."""
        code = self.shown.get("contest")
        names = {
            name: f"{name} {words}" if name != words else name
            for each in self.page.facts.polling.contests
            if each.code == code
            for name, words in each.contestants_in(self.page.language).items()
        }
        known = names.get(value) if isinstance(value, str) else None
        return known or self.value(question, value)


def _texts(given: Any) -> list[str]:
    """The texts of a list, whatever was sent in its place."""
    return [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
