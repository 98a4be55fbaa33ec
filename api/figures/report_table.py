"""Reports of one checklist as a table: a row a report, a column a question by its name.

Questions stand as the newest version orders them, those of earlier versions behind. A
select-multiple has a column with its options, separated by spaces, and one of 1 and 0 for each
option (``question/option``). A repeat has a column with its rows as JSON, and one for each of its
questions in each of its first rows (``repeat[1]/question``). Answers to questions that no version
has are in ``other_answers``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.checklists.codebook import questions_of
from api.figures.parquet_stream import Cell, Kind
from schemas.checklist import Definition, Question
from schemas.codes import Status, status_of
from schemas.words import in_language

METADATA = (
    "id", "status", "received_at", "checklist", "version", "report_version", "round", "contest",
    "place_kind", "station", "station_name", "area_code", "observer", "organisation", "kind",
    "visit", "arrived_at", "departed_at", "finalised_at", "lat", "lon", "accuracy_m",
    "reasons", "flags", "quality_flags", "irregularities", "irregularities_reported",
)  # fmt: skip
"""The columns before the questions. Behind ``area_code`` are the areas' names, the largest first:
``area_1``, ``area_2``."""
QUALITY_FLAGS = "quality_flags"
"""A column for those alone who decide on reports."""
NOT_SCREENED = "not_screened"
"""Stands in it where no quality flag was looked for: only reports that count are screened, and of
many the newest."""
KINDS: Mapping[str, Kind] = {
    "report_version": "whole",
    **dict.fromkeys(("lat", "lon", "accuracy_m"), "number"),
    **dict.fromkeys(("received_at", "arrived_at", "departed_at", "finalised_at"), "moment"),
}
"""Columns before the questions that are no texts."""
KINDS_OF_ANSWERS: Mapping[str, Kind] = {"integer": "whole", "decimal": "number"}
"""Answers that are no texts, by the type of their question."""
OTHER_ANSWERS = "other_answers"
NUMBERED_ROWS = 50
"""Rows of a repeat beyond so many are in its JSON alone."""


@dataclass(frozen=True)
class StoredRow:
    """One report as it is stored, joined with what it names."""

    id: UUID
    status: str
    received_at: datetime
    version: int
    rules_id: UUID | None
    arrived_at: datetime | None
    departed_at: datetime | None
    finalised_at: datetime | None
    visit_id: UUID | None
    reasons: Sequence[Mapping[str, str]]
    envelope: Mapping[str, Any]
    answers: Mapping[str, Any]
    codes: bytes | None
    flags: Sequence[Mapping[str, Any]] | None
    round: str | None
    contest: str | None
    place_kind: str | None
    station: str | None
    station_name: str | None
    area_id: UUID | None
    observer: str | None
    organisation: str | None
    kind: str | None


@dataclass(frozen=True)
class Areas:
    """The mission's areas by id: code, name, and the area around it."""

    by_id: Mapping[UUID, tuple[str, str, UUID | None]]

    def names(self, area: UUID | None) -> list[str]:
        """The names from the outermost area inwards."""
        found: list[str] = []
        while area is not None and area in self.by_id and len(found) <= len(self.by_id):
            _, name, around = self.by_id[area]
            found.insert(0, name)
            area = around
        return found

    def code(self, area: UUID | None) -> str | None:
        """The code of an area."""
        return self.by_id[area][0] if area is not None and area in self.by_id else None

    @property
    def depth(self) -> int:
        """How many areas lie around a place at most."""
        return max((len(self.names(each)) for each in self.by_id), default=0)


@dataclass(frozen=True)
class ReportTable:
    """How the reports of one checklist become rows.

    ``definitions`` are its rules by id, ``questions`` those of all versions in the order of their
    columns, ``repeated`` how many rows of each repeat have columns. With a ``language`` options
    are written as their labels in it, else as their names. ``quality`` has the codes of the quality
    flags of each report that was screened, for whom may see them.
    """

    checklist: str
    definitions: Mapping[UUID, Definition]
    questions: Sequence[Question]
    repeated: Mapping[str, int]
    areas: Areas
    zone: ZoneInfo
    language: str | None = None
    quality: Mapping[UUID, str] | None = None

    @classmethod
    def of(
        cls,
        checklist: str,
        definitions: Mapping[UUID, Definition],
        repeated: Mapping[str, int],
        areas: Areas,
        zone: ZoneInfo,
        language: str | None = None,
        quality: Mapping[UUID, str] | None = None,
    ) -> "ReportTable":
        """The table of a checklist; ``definitions`` are in the order in which they were published,
        the newest last."""
        asked = questions_of(list(definitions.values())[::-1])
        rows = {name: min(many, NUMBERED_ROWS) for name, many in repeated.items()}
        return cls(checklist, definitions, asked, rows, areas, zone, language, quality)

    def headers(self) -> list[str]:
        """The names of the columns. A question that is called as a column before it is
        ``answers.NAME``."""
        return [name for name, _ in self.columns()]

    def columns(self) -> list[tuple[str, Kind]]:
        """The names of the columns with the kind of their values; a value may be of another kind,
        where an answer was not of its question's type."""
        names: list[str] = []
        for each in METADATA:
            if each == QUALITY_FLAGS and self.quality is None:
                continue
            names.append(each)
            if each == "area_code":
                names += [f"area_{number + 1}" for number in range(self.areas.depth)]
        found: list[tuple[str, Kind]] = [(each, KINDS.get(each, "text")) for each in names]
        taken = {*names, OTHER_ANSWERS}
        for question in self.questions:
            if question.repeat is not None:
                continue
            own = question.name if question.name not in taken else f"answers.{question.name}"
            found.append((own, KINDS_OF_ANSWERS.get(question.type, "text")))
            if question.type == "select_multiple":
                found += [(f"{own}/{each.name}", "whole") for each in question.choices]
            found += [
                (f"{own}[{at + 1}]/{each.name}", KINDS_OF_ANSWERS.get(each.type, "text"))
                for at, each in self._numbered(question)
            ]
        return [*found, (OTHER_ANSWERS, "text")]

    def rows(self, found: Iterable[StoredRow]) -> list[list[Cell]]:
        """The rows of reports, in their order."""
        return [self._row(each) for each in found]

    def _row(self, row: StoredRow) -> list[Cell]:
        cells = self._metadata(row)
        left = dict(row.answers)
        for question in self.questions:
            if question.repeat is None:
                cells += self._answer(question, left.pop(question.name, None))
        return [*cells, _as_json(left) if left else None]

    def _metadata(self, row: StoredRow) -> list[Cell]:
        definition = self.definitions.get(row.rules_id) if row.rules_id else None
        seen, told = _irregular(row, definition)
        names = self.areas.names(row.area_id)
        code = self.areas.code(row.area_id)
        sent = row.envelope
        position = sent.get("position")
        at: Mapping[str, Any] = position if isinstance(position, Mapping) else {}
        return [
            str(row.id),
            row.status,
            self._moment(row.received_at),
            self.checklist,
            definition.version if definition else _text(sent.get("version")),
            row.version,
            row.round or _text(sent.get("round")),
            row.contest or _text(sent.get("contest")),
            row.place_kind,
            row.station or _text(sent.get("station")),
            row.station_name,
            code,
            *names,
            *[None] * (self.areas.depth - len(names)),
            row.observer or _text(sent.get("observer")),
            row.organisation,
            row.kind,
            _text(sent.get("visit")) or (str(row.visit_id) if row.visit_id else None),
            self._moment(row.arrived_at),
            self._moment(row.departed_at),
            self._moment(row.finalised_at),
            *(_plain(at.get(each)) for each in ("lat", "lon", "accuracy_m")),
            " ".join(f"{each['field']}/{each['code']}" for each in row.reasons) or None,
            " ".join(each["name"] for each in row.flags or ()) or None,
            *([] if self.quality is None else [self.quality.get(row.id, NOT_SCREENED) or None]),
            seen,
            told,
        ]

    def _moment(self, at: datetime | None) -> str | None:
        return at.astimezone(self.zone).isoformat(timespec="seconds") if at else None

    def _numbered(self, question: Question) -> Iterator[tuple[int, Question]]:
        """The questions of a repeat's first rows, each with the place of its row."""
        if question.type != "repeat":
            return
        inner = [each for each in self.questions if each.repeat == question.name]
        for at in range(self.repeated.get(question.name, 0)):
            yield from ((at, each) for each in inner)

    def _answer(self, question: Question, value: Any) -> Iterator[Cell]:
        """The cells of one question: its own, and those of its options or its rows."""
        yield self._said(question, value)
        if question.type == "select_multiple":
            chosen = value if isinstance(value, list) else None
            for each in question.choices:
                yield None if chosen is None else int(each.name in chosen)
        rows = value if isinstance(value, list) else []
        for at, inner in self._numbered(question):
            row = rows[at] if at < len(rows) and isinstance(rows[at], Mapping) else {}
            yield self._said(inner, row.get(inner.name))

    def _said(self, question: Question, value: Any) -> Cell:
        if question.type == "select_multiple" and isinstance(value, list):
            separator = " " if self.language is None else "; "
            return separator.join(str(self._option(question, each)) for each in value)
        return _plain(self._option(question, value))

    def _option(self, question: Question, value: Any) -> Any:
        """An option as it is written: its name, or its label where labels are asked for."""
        if self.language is None or not isinstance(value, str):
            return value
        labels = [each.label for each in question.choices if each.name == value]
        return in_language(labels[0], self.language) or value if labels else value


def _irregular(row: StoredRow, definition: Definition | None) -> tuple[str | None, str | None]:
    """The codes of what the observer saw, and of what was reported to the observer."""
    found: dict[Status, list[str]] = {Status.IRREGULAR: [], Status.IRREGULAR_TOLD: []}
    indicators = definition.indicators if definition else ()
    for indicator, code in zip(indicators, row.codes or b"", strict=False):
        if status_of(code) in found:
            found[status_of(code)].append(indicator.code)
    seen, told = (" ".join(each) or None for each in found.values())
    return seen, told


def _text(value: Any) -> str | None:
    """What a report names that could not be resolved, as it was sent."""
    return value if isinstance(value, str) else None


def _plain(value: Any) -> Cell:
    """A value that a cell holds; whatever is not plain as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return _as_json(value)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
