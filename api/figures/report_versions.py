"""The versions of a report: who made each, why, and what changed in it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from schemas.report import ReportVersion

OF_SENDING = frozenset({"id", "replaces", "reason", "device"})
"""Members that say how a version was sent, and nothing of what was observed."""


def versions_out(
    versions: Sequence[ReportVersion], names: Mapping[UUID, str]
) -> dict[UUID, list[dict[str, Any]]]:
    """The versions of each report, oldest first: who made it, why, and what it says otherwise than
    the one before it."""
    found: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    before: dict[UUID, ReportVersion] = {}
    for each in sorted(versions, key=lambda one: one.number):
        earlier = before.get(each.report_id)
        found[each.report_id].append(
            {
                "number": each.number,
                "sequence": each.sequence,
                "author": names.get(each.author_id),
                "reason": each.reason,
                "accepted": each.accepted or [],
                "changed": [] if earlier is None else _changed(earlier, each),
            }
        )
        before[each.report_id] = each
    return found


def _changed(before: ReportVersion, after: ReportVersion) -> list[dict[str, Any]]:
    """What a version says otherwise than the one before it: members of a report by their name,
    answers as ``answers.QUESTION``; null is not said."""
    sides = [
        {name: value for name, value in each.envelope.items() if name not in OF_SENDING}
        | {f"answers.{name}": value for name, value in each.answers.items()}
        for each in (before, after)
    ]
    return [
        {"field": name, "before": sides[0].get(name), "after": sides[1].get(name)}
        for name in dict.fromkeys([*sides[0], *sides[1]])
        if sides[0].get(name) != sides[1].get(name)
    ]
