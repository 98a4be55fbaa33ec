"""The JSON that may be read, one file a noun."""

from fastapi import APIRouter

from api.routes import (
    audit,
    authoring,
    breakdowns,
    changes,
    checklists,
    collect,
    compliance,
    deployments,
    events,
    figures,
    flags,
    forensics,
    form_files,
    identities,
    incidents,
    lists,
    people,
    places,
    quick_counts,
    registers,
    reports,
    samples,
    shares,
    statements,
    stations,
    tables,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    module.router
    for module in (
        audit,
        authoring,
        breakdowns,
        changes,
        checklists,
        collect,
        compliance,
        deployments,
        events,
        figures,
        flags,
        forensics,
        form_files,
        identities,
        incidents,
        lists,
        people,
        places,
        quick_counts,
        registers,
        reports,
        samples,
        shares,
        statements,
        stations,
        tables,
    )
)
"""The routers of every noun."""
