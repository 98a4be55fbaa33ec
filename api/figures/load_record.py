"""Loading the reports of a mission's round as columns: all of them, or those that changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlmodel import Session

from analytics.observation.code_matrix import KIND_INDEX, NOWHERE
from analytics.observation.ids import ID, KEY, NO_IDS, Ids
from analytics.observation.protocols import FIGURES, ProtocolRow
from analytics.observation.record import ROW, STATUSES, Batch, Coded
from analytics.survey.design import Ints
from api.figures.columns import (
    NO_MOMENT,
    SINCE_2000,
    Column,
    bytes_column,
    columns_of,
    columns_statement,
    id_column,
    moment_column,
    names_of,
    number_column,
    read_columns,
    since_1970,
    stream,
)
from api.figures.load_plan import index_of
from api.figures.reference import Reference
from schemas.checklist import VOTES
from schemas.mission import Kind
from schemas.report import CLOCK_TOLERANCE

SLICE = 100_000
"""So many readings of the clock at a time."""
WHERE = """
WHERE r.mission_id = %(m)s AND r.changed > %(after)s AND r.changed <= %(until)s
  AND (%(after)s > 0 OR coalesce(r.round_id = %(round)s, NOT %(asked)s))"""
FROM = f"""
FROM report r LEFT JOIN judgement j ON j.mission_id = r.mission_id AND j.report_id = r.id
  AND j.number = r.version AND j.rules_id = r.rules_id {WHERE}"""
READ = ", ".join(f"'{each}', v.answers -> '{each}'" for each in (VOTES, *FIGURES))
PROTOCOLS = f"""
SELECT string_agg(uuid_send(r.id), ''::bytea),
  convert_to('[' || string_agg(jsonb_build_object({READ})::text, ',') || ']', 'UTF8')
FROM report r JOIN report_version v ON v.mission_id = r.mission_id AND v.report_id = r.id
  AND v.number = r.version {WHERE}
  AND (r.checklist = ANY(%(voting)s) OR r.rules_id IS NULL OR r.rules_id <> ALL(%(rules)s))
  AND v.answers ? '{VOTES}' AND coalesce(r.round_id = %(round)s, NOT %(asked)s)"""  # noqa: S608
CHECKLISTS = f"SELECT r.id, r.checklist FROM report r {WHERE} AND r.checklist <> ALL(%(names)s)"  # noqa: S608
COUNTS_FROM = """CASE WHEN r.status = 'verified' THEN NULL
  WHEN r.received_at < %(begins)s AND r.checklist = ANY(%(polled)s)
    AND coalesce(greatest(r.arrived_at, r.finalised_at) < %(begins)s, true) THEN 'infinity'
  ELSE greatest(
    CASE WHEN r.arrived_at > r.received_at + %(tolerance)s THEN r.arrived_at END,
    CASE WHEN r.finalised_at > r.received_at + %(tolerance)s THEN r.finalised_at END) END"""
"""When a report counts that is dated ahead (:data:`schemas.report.CLOCK_TOLERANCE`); never by
itself one on polling that came before the first polling day and says no later time."""
NEVER = int(np.iinfo(np.int64).max) - SINCE_2000
Columns = dict[str, NDArray[Any]]


def load_record(session: Session, reference: Reference, after: int, until: int) -> Batch:
    """The reports that changed after one reading of the clock, up to another: from the beginning
    those of the round of the reference data, later also those that have become another round's.
    Those of no round are with the nearest one. Begun at 0 it reads all.

    Raises ValueError where codes are not as long as the rules that judged them say.
    """
    given = _given(reference) | {"after": after, "until": until}
    reading = _Reading(reference)
    parts = f"r.sequence / {SLICE}" if not after else ""
    for columns in read_columns(session, _columns(reference), FROM, given, parts=parts):
        reading.take(columns)
    names = reading.unnamed and dict(_named(session, given))
    read = f"{PROTOCOLS} GROUP BY r.sequence / {SLICE // 10}"
    protocols = [(bytes(ids), bytes(said)) for ids, said in stream(session, read, given)]
    return reading.batch(until, names or {}, protocols)


def statements_of_changes(reference: Reference) -> tuple[tuple[str, ...], dict[str, Any]]:
    """What :func:`load_record` asks of a few reports that changed, and its parameters but for the
    readings of the clock ``after`` and ``until``: for a transaction that only its own connection
    sees. What they give is read by :func:`batch_of_changes`."""
    columns = columns_statement(_columns(reference), FROM)
    return (columns, CHECKLISTS, f"{PROTOCOLS} GROUP BY r.sequence"), _given(reference)


def batch_of_changes(
    reference: Reference, found: Sequence[Sequence[Sequence[Any]]], clock: int
) -> Batch:
    """The reports that changed, from the rows of each of the statements. Raises ValueError as
    :func:`load_record`."""
    rows, named, protocols = found
    reading = _Reading(reference)
    for columns in columns_of(_columns(reference), rows):
        reading.take(columns)
    names = {each.bytes: name for each, name in named}
    return reading.batch(clock, names, [(bytes(ids), bytes(said)) for ids, said in protocols])


def _given(reference: Reference) -> dict[str, Any]:
    voting = {
        each.definition.name
        for each in reference.rules.values()
        if any(question.name == VOTES for question in each.definition.questions)
    }
    return {
        "m": reference.mission.mission_id,
        "round": reference.polling.round_id,
        "asked": reference.asked,
        "phone": reference.mission.demonstration,
        "statuses": [each.value for each in STATUSES],
        "names": [*reference.expected.checklists],
        "voting": [*voting],
        "rules": [*reference.rules],
        "polled": [name for name in reference.checklists if reference.is_of_polling(name)],
        "begins": reference.polling.begins,
        "tolerance": CLOCK_TOLERANCE,
    }


def _columns(reference: Reference) -> Mapping[str, Column]:
    widest = max((len(each.definition.indicators) for each in reference.rules.values()), default=0)
    return {
        "id": id_column("r.id"),
        "received": number_column("r.sequence", 8),
        "changed": number_column("r.changed", 8),
        "version": number_column("r.version"),
        "status": number_column("array_position(%(statuses)s::text[], r.status::text) - 1", 2),
        "checklist": number_column("array_position(%(names)s::text[], r.checklist::text) - 1", 2),
        "rules": id_column("r.rules_id"),
        "place": id_column("r.place_id"),
        "visit": id_column("coalesce(r.visit_id, r.id)"),
        "observer": id_column("r.observer_id"),
        "organisation": id_column("r.organisation_id"),
        "contest": id_column("r.contest_id"),
        "arrived": moment_column("r.arrived_at"),
        "finished": moment_column("r.finalised_at"),
        "came": moment_column(
            "CASE WHEN %(phone)s THEN coalesce(r.finalised_at, r.received_at)"
            " ELSE r.received_at END"
        ),
        "elsewhere": number_column("coalesce(r.round_id <> %(round)s, %(asked)s)::int", 2),
        "counts_from": moment_column(COUNTS_FROM),
        "size": number_column("octet_length(j.codes)"),
        "codes": bytes_column("j.codes", max(widest, 1)),
    }


def _named(session: Session, given: Mapping[str, Any]) -> Iterator[tuple[bytes, str]]:
    """The checklists of reports on checklists that the mission does not have."""
    return ((each.bytes, name) for each, name in stream(session, CHECKLISTS, given))


@dataclass
class _Reading:
    """Rows of one reading, as the reference data know them."""

    reference: Reference
    rows: list[NDArray[np.void]] = field(default_factory=list)
    visits: list[NDArray[np.void]] = field(default_factory=list)
    gone: list[NDArray[np.void]] = field(default_factory=list)
    codes: dict[str, list[Coded]] = field(default_factory=dict)
    unnamed: bool = False
    """Whether any report is on a checklist that the mission does not have."""
    _many: int = 0
    _observers: list[NDArray[np.void]] = field(default_factory=list)
    """Who reported that nobody sent: a team is named after it."""

    def __post_init__(self) -> None:
        reference = self.reference
        self._rules, self._organisations = (
            index_of([*each]) for each in (reference.rules, reference.organisations)
        )
        kinds = [KIND_INDEX[kind] for _, kind in reference.organisations.values()]
        self._kinds = np.array([*kinds, KIND_INDEX[Kind(reference.mission.kind)]], dtype=np.int8)
        self._contests = index_of([each.id for each in reference.polling.contests])
        self._protocols = [
            self.reference.expected.checklists.index(each.definition.name)
            for each in reference.rules.values()
            if each.definition.is_protocol
            and each.definition.name in self.reference.expected.checklists
        ]
        self._area = np.append(reference.places.area, np.int32(NOWHERE))
        self._unknown_rules: dict[bytes, int] = {}

    def take(self, columns: Columns) -> None:
        """Rows as the database gave them."""
        away = columns["elsewhere"] > 0
        if away.any():
            self.gone.append(columns["id"][away])
            columns = {name: each[~away] for name, each in columns.items()}
        rows = np.zeros(len(columns["id"]), dtype=ROW)
        for name in ("id", "received", "changed", "version", "status", "checklist"):
            rows[name] = columns[name]
        rows["place"] = self.reference.places.ids.find(columns["place"])
        rows["area"] = self._area[rows["place"]]
        rows["contest"] = self._contests.find(columns["contest"])
        if len(self._contests) == 1:
            rows["contest"][np.isin(rows["checklist"], self._protocols)] = 0
        rows["kind"] = self._kinds[self._organisations.find(columns["organisation"])]
        rows["came"] = since_1970(columns["came"])
        counts_from = columns["counts_from"]
        ahead = counts_from != NO_MOMENT
        rows["counts_from"][ahead] = np.minimum(counts_from[ahead], NEVER) + SINCE_2000
        for name in ("arrived", "finished"):
            moment = since_1970(columns[name])
            rows[name] = np.where(moment == NO_MOMENT, NOWHERE, moment // 1_000_000)
        rules = self._rules.find(columns["rules"])
        self._code(rules, columns)
        rows["rules"] = self._with_unknown(rules, columns["rules"])
        team, sent = self.reference.posted.teams_of(columns["observer"], rows["place"])
        rows["team"], rows["assigned"] = team, sent | (len(self.reference.posted) == 0)
        self.unnamed |= bool((rows["checklist"] < 0).any())
        self.rows.append(rows)
        self.visits.append(columns["visit"])
        self._observers.append(columns["observer"])
        self._many += len(rows)

    def _with_unknown(self, rules: Ints, ids: NDArray[np.void]) -> Ints:
        """Rules that the reference data do not have, not even among older ones, come after
        them; −1 where nothing judged."""
        known = len(self.reference.rules)
        for at in np.flatnonzero((rules < 0) & (ids.view(KEY) != b"")).tolist():
            number = self._unknown_rules.setdefault(ids[at].tobytes(), len(self._unknown_rules))
            rules[at] = known + number
        return rules

    def _code(self, rules: Ints, columns: Columns) -> None:
        """Put codes into the columns of their checklist's matrix."""
        for number, each in enumerate(self.reference.rules.values()):
            at = np.flatnonzero((rules == number) & (columns["size"] >= 0))
            wide, name = len(each.definition.indicators), each.definition.name
            if not len(at):
                continue
            if (columns["size"][at] != wide).any():
                raise ValueError(f"codes of {name}: not {wide} in every report")
            place = {
                code: place for place, code in enumerate(self.reference.shapes[name].indicators)
            }
            into = [place[indicator.code] for indicator in each.definition.indicators]
            codes = np.zeros((len(at), len(place)), dtype=np.uint8)
            codes[:, into] = columns["codes"][at, :wide]
            self.codes.setdefault(name, []).append(Coded(at + self._many, codes))

    def batch(
        self, clock: int, named: Mapping[bytes, str], protocols: Sequence[tuple[bytes, bytes]]
    ) -> Batch:
        """All that was taken. ``named`` gives the checklists that the mission does not have,
        ``protocols`` the ids of reports and a JSON list of their answers."""
        nothing = np.zeros(0, dtype=ID)
        rows = np.concatenate([np.zeros(0, dtype=ROW), *self.rows])
        checklists = {name: at for at, name in enumerate(self.reference.expected.checklists)}
        for at in np.flatnonzero(rows["checklist"] < 0).tolist():
            name = named[rows["id"][at].tobytes()]
            rows["checklist"][at] = checklists.setdefault(name, len(checklists))
        teams = self._name_teams(rows)
        unknown = tuple(UUID(bytes=each) for each in self._unknown_rules)
        return Batch(
            rows=rows,
            clock=clock,
            visits=np.concatenate([nothing, *self.visits]),
            checklists=tuple(checklists),
            rules=(*self.reference.rules, *unknown),
            teams=teams,
            codes={name: _joined(each) for name, each in self.codes.items()},
            protocols=_Protocols(rows, protocols, only=len(self._contests) == 1),
            gone=np.concatenate([nothing, *self.gone]),
        )

    def _name_teams(self, rows: NDArray[np.void]) -> tuple[str, ...]:
        """The names of the teams. Who was sent nowhere is a team by itself, a report of nobody is
        of none."""
        alone = np.flatnonzero(rows["team"] < 0)
        observers = np.concatenate([np.zeros(0, dtype=ID), *self._observers])[alone]
        keys, at = np.unique(observers.view(KEY), return_inverse=True)
        planned, own = self.reference.expected.teams, names_of(keys.view(ID))
        rows["team"][alone] = len(planned) + at
        used, rows["team"] = np.unique(rows["team"], return_inverse=True)
        names = (
            *planned,
            *("" if key == b"" else each for key, each in zip(keys, own, strict=True)),
        )
        return tuple([names[each] for each in used.tolist()])


def _joined(parts: list[Coded]) -> Coded:
    if len(parts) == 1:
        return parts[0]
    return Coded(
        np.concatenate([each.at for each in parts]), np.concatenate([each.codes for each in parts])
    )


@dataclass(frozen=True, eq=False)
class _Protocols(Iterable[ProtocolRow]):
    """The protocols of rows. Their answers are read some at a time, each time that they are asked
    for: all of them as objects take a multiple of what they do as JSON."""

    rows: NDArray[np.void]
    said: Sequence[tuple[bytes, bytes]]
    only: bool
    """Whether the round has one contest alone, which all are then of."""

    def __iter__(self) -> Iterator[ProtocolRow]:
        known = Ids.of(self.rows["id"]) if self.said else NO_IDS
        for ids, answers in self.said:
            rows = self.rows[known.find(np.frombuffer(ids, dtype=ID))]
            columns = (
                rows[name].tolist()
                for name in ("place", "status", "came", "counts_from", "contest")
            )
            reports = (ids[at : at + 16] for at in range(0, len(ids), 16))
            read = zip(reports, *columns, orjson.loads(answers), strict=True)
            for report, place, status, came, counts_from, contest, each in read:
                own = 0 if self.only else contest
                yield ProtocolRow(report, place, STATUSES[status], came, each, counts_from, own)
