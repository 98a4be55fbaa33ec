"""All tables imported in one place, for whoever needs the whole metadata."""

from sqlmodel import SQLModel

from schemas import (
    audit,
    choice,
    condition,
    credential,
    deployment,
    desk,
    election,
    lint_reason,
    memory,
    mission,
    observer,
    place,
    published,
    report,
    results,
    sample,
    statement,
    statement_block,
)

GLOBAL_TABLES = frozenset({"attempt", "credential", "mission_slug", "spent_challenge"})
"""The tables that belong to no mission; they hold neither answers nor names."""

MODULES = (
    audit,
    choice,
    condition,
    credential,
    deployment,
    desk,
    election,
    lint_reason,
    memory,
    mission,
    observer,
    place,
    published,
    report,
    results,
    sample,
    statement,
    statement_block,
)

metadata = SQLModel.metadata
