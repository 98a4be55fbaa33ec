"""Roles and their rights: the one table of what each role may do in a mission."""

from enum import StrEnum

from schemas.credential import Role


class Right(StrEnum):
    """One thing that a person or a machine may do."""

    POST_REPORTS = "post_reports"
    """Send reports: an observer as itself, the others for anyone."""
    SEE_REPORTS = "see_reports"
    SEE_INCIDENTS = "see_incidents"
    """Incidents and their photographs, of reports nothing else."""
    SEE_AGGREGATES = "see_aggregates"
    """Coverage, rates and counts before publication."""
    SEE_DRAFTS = "see_drafts"
    """Drafts of statements and analysts' notes: the core team's."""
    WRITE_STATEMENTS = "write_statements"
    DECIDE_REPORTS = "decide_reports"
    """Release what is held, verify, quarantine, correct."""
    HANDLE_INCIDENTS = "handle_incidents"
    """Take, hand over, escalate, restrict and note incidents, and say that danger is over."""
    SEE_PEOPLE = "see_people"
    """Observers by pseudonym, their gates, their phones."""
    CALL_TEAMS = "call_teams"
    """The telephone numbers of observers and of whom to call about them, without their names."""
    SEE_IDENTITIES = "see_identities"
    SEE_RESTRICTED = "see_restricted"
    """Reprisals and conduct cases."""
    KEEP_PEOPLE = "keep_people"
    KEEP_PLACES = "keep_places"
    """Areas, stations, hours, rounds, contests, samples."""
    KEEP_DEPLOYMENTS = "keep_deployments"
    CLOSE_AREAS = "close_areas"
    """Say where nobody is sent."""
    SEE_REGISTERS = "see_registers"
    """Conditions, contacts, complaints, funding, departures, compliance."""
    KEEP_REGISTERS = "keep_registers"
    LOG_PUBLICATIONS = "log_publications"
    """Keep the log of what was published, and of the copy that the authority was given."""
    KEEP_CHECKLISTS = "keep_checklists"
    """Write, publish and retire checklists."""
    DIRECT = "direct"
    """Change the mission itself, its gates and checklists; close it."""
    SHARE = "share"
    """Decide what partners read, and as of when."""
    ADMINISTER = "administer"
    """Accounts, sessions, keys, the audit log's signed heads."""


_CORE = {
    Right.SEE_REPORTS,
    Right.SEE_INCIDENTS,
    Right.SEE_AGGREGATES,
    Right.SEE_DRAFTS,
    Right.SEE_REGISTERS,
    Right.KEEP_REGISTERS,
}
_DESK = {
    Right.POST_REPORTS,
    Right.DECIDE_REPORTS,
    Right.HANDLE_INCIDENTS,
    Right.SEE_PEOPLE,
    Right.CALL_TEAMS,
    Right.KEEP_PEOPLE,
    Right.KEEP_PLACES,
    Right.KEEP_DEPLOYMENTS,
    Right.CLOSE_AREAS,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.LEAD: frozenset(Right),
    Role.DEPUTY: frozenset(Right) - {Right.ADMINISTER},
    Role.DATA_MANAGER: frozenset(_CORE | _DESK | {Right.WRITE_STATEMENTS, Right.KEEP_CHECKLISTS}),
    Role.ANALYST: frozenset(_CORE | {Right.WRITE_STATEMENTS, Right.KEEP_CHECKLISTS}),
    Role.CORE_ANALYST: frozenset(_CORE),
    Role.COORDINATOR: frozenset(
        {
            Right.SEE_REPORTS,
            Right.SEE_INCIDENTS,
            Right.SEE_PEOPLE,
            Right.CALL_TEAMS,
            Right.KEEP_PEOPLE,
            Right.KEEP_DEPLOYMENTS,
            Right.SEE_REGISTERS,
            Right.KEEP_REGISTERS,
            Right.CLOSE_AREAS,
        }
    ),
    Role.SECURITY_OFFICER: frozenset(
        {
            Right.SEE_INCIDENTS,
            Right.HANDLE_INCIDENTS,
            Right.SEE_PEOPLE,
            Right.CALL_TEAMS,
            Right.SEE_IDENTITIES,
            Right.SEE_RESTRICTED,
            Right.SEE_REGISTERS,
            Right.CLOSE_AREAS,
        }
    ),
    Role.PRESS: frozenset({Right.LOG_PUBLICATIONS}),
    Role.OBSERVER: frozenset({Right.POST_REPORTS}),
    Role.PARTNER: frozenset(),
    Role.ADMINISTRATOR: frozenset({Right.ADMINISTER}),
    Role.IMPORT: frozenset({Right.POST_REPORTS}),
}
"""A partner reads what was last shared with it, and what is published; press and observers see
what is released. A coordinator sees its own area, a core-team analyst its own sections."""


def may(role: Role, right: Right) -> bool:
    """Whether a role has a right."""
    return right in RIGHTS[role]
