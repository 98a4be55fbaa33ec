"""What one row of a file of deployments says: who, where, how many reports, and what became of it.

Everything that is named must be known; what is not is told all at once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from api.deployments.assigning import KINDS, MAX_EXPECTED_REPORTS
from api.imports.cells import whole_number
from api.imports.table import CellProblem, Table, TableRow
from schemas.deployment import DeploymentState
from schemas.observer import Observer, ObserverState
from schemas.place import PlaceKind

WORDS = frozenset({"expect", "expected", "quota"})
_PARTS = re.compile(r"[\W_]+")


class Quota:
    """The columns such as ``expect voting`` or ``quota opening``: a checklist's name, else a stage
    that one checklist alone is of. ``stages`` gives the stage of each checklist by name."""

    def __init__(self, table: Table, stages: Mapping[str, str]) -> None:
        self._columns: dict[str, str] = {}
        self._unknown: dict[str, str] = {}
        for label, header in table.labels:
            first, _, wanted = _words(label).partition(" ")
            if first not in WORDS or not wanted:
                continue
            found = _checklists(wanted, stages)
            table.read_as(f"expect {wanted}", header)
            if len(found) == 1:
                self._columns[header] = found[0]
            else:
                self._unknown[header] = f"checklist {wanted}" + (
                    f" (of this stage are {', '.join(found)}: name one)" if found else ""
                )

    def unknown(self, row: TableRow) -> Iterator[str]:
        """What a row expects that no checklist is meant by."""
        return (words for header, words in self._unknown.items() if row.cells.get(header))

    def read(self, row: TableRow) -> dict[str, int]:
        """How many reports a row expects, by checklist; an empty cell says nothing, 0 says none.

        Raises :class:`CellProblem` for what is no number up to :data:`MAX_EXPECTED_REPORTS`.
        """
        expected: dict[str, int] = {}
        for header, checklist in self._columns.items():
            count = whole_number(row, header)
            if count is None:
                continue
            expected[checklist] = expected.get(checklist, 0) + count
            if expected[checklist] > MAX_EXPECTED_REPORTS:
                raise CellProblem(
                    row, header, f"at most {MAX_EXPECTED_REPORTS} reports are expected of a team."
                )
        return expected


def _words(text: str) -> str:
    return " ".join(_PARTS.split(text.strip().casefold()))


def _checklists(wanted: str, stages: Mapping[str, str]) -> list[str]:
    named = [name for name in stages if _words(name) == wanted]
    return named or [name for name, stage in stages.items() if _words(stage) == wanted]


TARGETS = {
    "station": ("station", "station_code", "code"),
    "centre": ("centre", "center", "centre_code", "center_code"),
    "area": ("area", "area_code"),
}
CENTRES = (PlaceKind.COUNTING_CENTRE, PlaceKind.TABULATION_CENTRE)
MAX_TEXT_LENGTH = 2000


@dataclass(frozen=True)
class Names:
    """What a row may refer to, by code: places by kind, the stage of each checklist."""

    rounds: Mapping[str, UUID]
    places: Mapping[str, Mapping[str, UUID]]
    areas: Mapping[str, UUID]
    observers: Mapping[str, Observer]
    stages: Mapping[str, str]


@dataclass(frozen=True)
class Sent:
    """A team sent somewhere. ``kind`` and ``state`` are None where the row is silent;
    ``absent`` are members who are suspended or left."""

    round_id: UUID
    kind: str | None
    usual_kind: str
    place_id: UUID | None
    area_id: UUID | None
    team: frozenset[UUID]
    organisation_id: UUID
    expected: Mapping[str, int]
    state: DeploymentState | None
    reason: str
    absent: tuple[str, ...]


class DeploymentRows:
    """The columns of a file of deployments. Raises TableProblem where the team's is missing."""

    def __init__(self, table: Table, names: Names) -> None:
        self._names = names
        self._team = table.require("observers", "observer", "team")
        self._targets = {
            sort: column for sort, known in TARGETS.items() if (column := table.column(*known))
        }
        self._round, self._kind = table.column("round"), table.column("kind")
        self._state = table.column("state", "disposition")
        self._reason = table.column("reason", "state_reason")
        self._quota = Quota(table, names.stages)

    def named(self, row: TableRow) -> str:
        """Where a row sends its team: what it is told by."""
        return next(iter(self._target(row).values()), "")

    def read(self, row: TableRow) -> Sent:
        """What a row says. Raises :class:`CellProblem`."""
        target, pseudonyms = self._target(row), self._pseudonyms(row)
        unknown = [*self._unknown(row, target, pseudonyms)]
        if unknown:
            raise Unreadable(row, f"Not known: {', '.join(unknown)}.")
        if not pseudonyms or len(target) != 1:
            raise Unreadable(row, "A team is needed, and a station, a centre or an area.")
        people = [self._names.observers[name] for name in pseudonyms]
        if len({each.organisation_id for each in people}) > 1:
            raise Unreadable(row, "A team is of one organisation.")
        ((sort, code),) = target.items()
        state, reason = self._became(row)
        return Sent(
            self._names.rounds[self._round_code(row)],
            self._kind_said(row, sort),
            KINDS[sort][0],
            None if sort == "area" else self._places(sort, code)[0],
            self._names.areas[code] if sort == "area" else None,
            frozenset(each.id for each in people),
            people[0].organisation_id,
            self._quota.read(row),
            state,
            reason,
            tuple(each.pseudonym for each in people if each.state != ObserverState.ACTIVE),
        )

    def _target(self, row: TableRow) -> dict[str, str]:
        return {sort: code for sort, each in self._targets.items() if (code := row.cells.get(each))}

    def _pseudonyms(self, row: TableRow) -> list[str]:
        return (
            re.split(r"[\s,;+]+", text) if (text := row.cells.get(self._team, "").strip()) else []
        )

    def _round_code(self, row: TableRow) -> str:
        """The round named; where none is, the only one."""
        rounds = self._names.rounds
        only = next(iter(rounds)) if len(rounds) == 1 else ""
        return row.cells.get(self._round or "", "") or only

    def _places(self, sort: str, code: str) -> list[UUID]:
        kinds = CENTRES if sort == "centre" else (PlaceKind.STATION,)
        found = (self._names.places.get(kind, {}).get(code) for kind in kinds)
        return [each for each in found if each is not None]

    def _unknown(self, row: TableRow, target: dict[str, str], team: list[str]) -> Iterator[str]:
        if self._round_code(row) not in self._names.rounds:
            yield f"round {self._round_code(row) or '(none is named)'}"
        for sort, code in target.items():
            found = len(self._places(sort, code)) if sort != "area" else code in self._names.areas
            if not found:
                yield f"{sort} {code}"
            elif found > 1:
                yield f"which centre {code} (one counts, one tabulates)"
        yield from (f"observer {name}" for name in team if name not in self._names.observers)
        yield from self._quota.unknown(row)

    def _kind_said(self, row: TableRow, sort: str) -> str | None:
        said = row.cells.get(self._kind or "", "").casefold()
        if said and said not in {kind for kinds in KINDS.values() for kind in kinds}:
            raise CellProblem(row, self._kind, f"{said[:40]!r} is not static, mobile or centre.")
        if said and said not in KINDS[sort]:
            raise CellProblem(row, self._kind, f"a team sent to {_WORDS[sort]} is not {said}.")
        return said or None

    def _became(self, row: TableRow) -> tuple[DeploymentState | None, str]:
        """The state that a row says, with its reason: nothing ends without one."""
        text = row.cells.get(self._state or "", "")
        reason = row.cells.get(self._reason or "", "")[:MAX_TEXT_LENGTH]
        if not text:
            return None, reason
        try:
            state = DeploymentState(re.sub(r"[\W_]+", "_", text.casefold()).strip("_"))
        except ValueError:
            known = ", ".join(DeploymentState)
            raise CellProblem(row, self._state, f"{text[:40]!r} is none of {known}.") from None
        if state != DeploymentState.PLANNED and not reason:
            raise CellProblem(row, self._reason or "reason", f"{state} needs a reason.")
        return state, reason


_WORDS = {"station": "a station", "centre": "a centre", "area": "an area"}


class Unreadable(CellProblem):
    """A row that cannot be used, and no one cell is to blame."""

    def __init__(self, row: TableRow, says: str) -> None:
        super().__init__(row, None, says)
        self.reason = says
