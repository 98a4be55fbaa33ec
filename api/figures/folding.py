"""A report's row as the analytics know it: its place, its team, its kind, what it says.

A million rows are read when a mission is opened, thousands in a busy second: ids are looked up as
the text that they come as.
"""

from collections.abc import Mapping
from uuid import UUID

from analytics.observation.code_matrix import NOWHERE, Reading
from analytics.observation.coverage import Received
from api.figures.reference_data import Frame, PublishedRules
from api.figures.report_row import ReportRow
from schemas.mission import Kind
from schemas.report import COUNTED


class Folding:
    """Reads the rows of one frame."""

    def __init__(self, frame: Frame) -> None:
        self._places = {str(place.id): at for at, place in enumerate(frame.places)}
        self._areas = [*(place.area for place in frame.places), NOWHERE]
        self._teams = frame.posted
        self._kinds = {str(each): kind for each, (_, kind) in frame.organisations.items()}
        self._usual = Kind(frame.mission.kind)
        self._rules: Mapping[str, PublishedRules] = {
            str(each): rules for each, rules in frame.rules.items()
        }
        self._names: dict[str, str] = {}
        """Who was sent nowhere, each name held once however many reports bear it."""

    def read(self, row: ReportRow) -> tuple[Received, Reading | None, PublishedRules | None]:
        """The report as coverage counts it, as the readings hold it (None where nothing judged
        it), and the rules that judged it."""
        place, organisation = NOWHERE, row.organisation_id
        if row.place_id is not None:
            place = self._places.get(row.place_id, NOWHERE)
        kind, area = self._usual, self._areas[place]
        if organisation is not None:
            kind = self._kinds.get(organisation, kind)
        team, sent = self._team(row, place)
        rules = None if row.rules_id is None else self._rules.get(row.rules_id)
        came = Received(
            None if place == NOWHERE else place,
            area,
            row.checklist,
            row.came_at,
            kind,
            team,
            row.status,
            "all" if rules is None else rules.definition.stage,
            _unknown(row.rules_id) if rules is None else rules.id,
        )
        if rules is None or row.codes is None:
            return came, None, rules
        arrived = NOWHERE if row.arrived is None else row.arrived
        reading = Reading(
            row.changed,
            row.id,
            row.version,
            row.codes,
            row.status in COUNTED,
            kind,
            place,
            area,
            row.visit_id,
            arrived,
            sent or not self._teams,
            row.received,
        )
        return came, reading, rules

    def _team(self, row: ReportRow, place: int) -> tuple[str, bool]:
        """The team that a report comes from, whichever of its members sent it, and whether it was
        sent to this very place."""
        if row.observer_id is None:
            return "", False
        who = row.observer_id
        team = self._teams.get((who, place))
        if team is not None:
            return team, True
        return self._teams.get((who, NOWHERE)) or self._names.setdefault(who, who), False


def _unknown(rules: str | None) -> UUID | None:
    """The id of rules that the frame does not have, not even among older ones."""
    return None if rules is None else UUID(rules)
