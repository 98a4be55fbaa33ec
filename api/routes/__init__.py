"""The JSON API, one file a noun."""

from importlib import import_module

from fastapi import APIRouter

NAMES = (
    "audit",
    "authoring",
    "changes",
    "checklists",
    "collect",
    "conflicts",
    "deployments",
    "desk",
    "events",
    "exports",
    "figures",
    "findings",
    "form_files",
    "incidents",
    "messages",
    "outboxes",
    "people",
    "phones",
    "places",
    "queues",
    "quick_counts",
    "recommendations",
    "registers",
    "reports",
    "samples",
    "second_typing",
    "sessions",
    "shares",
    "sources",
    "statement_blocks",
    "statement_comments",
    "statement_documents",
    "statement_lint",
    "statement_release",
    "statement_snapshot",
    "statements",
    "tables",
)
"""The files, each with the router of its noun."""

ROUTERS: tuple[APIRouter, ...] = tuple(import_module(f"{__name__}.{each}").router for each in NAMES)
