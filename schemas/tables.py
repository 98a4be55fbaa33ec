"""All tables imported in one place, for whoever needs the whole metadata."""

from sqlmodel import SQLModel

from schemas import (
    account,
    audit,
    complaint,
    condition,
    credential,
    deployment,
    election,
    identity,
    memory,
    mission,
    observer,
    place,
    publication,
    published,
    report,
    results,
    sample,
    share,
    statement,
)

GLOBAL_TABLES = frozenset({"attempt", "credential", "mission_slug", "spent_challenge"})
"""The tables that belong to no mission; they hold neither answers nor names."""

MODULES = (
    account,
    audit,
    complaint,
    condition,
    credential,
    deployment,
    election,
    identity,
    memory,
    mission,
    observer,
    place,
    publication,
    published,
    report,
    results,
    sample,
    share,
    statement,
)

metadata = SQLModel.metadata
