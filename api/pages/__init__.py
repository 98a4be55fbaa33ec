"""The HTML pages: one page a file, templates beside them."""

from importlib import import_module

from fastapi import APIRouter

NAMES = (
    "accounts",
    "audit",
    "breakdowns",
    "checklists",
    "closing",
    "control_room",
    "coverage",
    "deployment",
    "deployments",
    "desk",
    "docs",
    "elections",
    "findings",
    "findings_added",
    "layout",
    "forensics",
    "import_file",
    "incidents",
    "irregularities",
    "map",
    "messages",
    "openid",
    "outboxes",
    "people",
    "phones",
    "photos",
    "public_statements",
    "quick_count",
    "recommendations",
    "registers",
    "report",
    "reports",
    "samples",
    "setup",
    "shares",
    "sources",
    "sign_in",
    "statement_edit",
    "statement_history",
    "statement_number",
    "statement_release",
    "statements",
    "unknown",
)
"""The routers of every page, in the order in which they are tried: ``sign_in`` is after
the addresses that it would take for codes, and ``unknown`` takes whatever is left."""

ROUTERS: tuple[APIRouter, ...] = tuple(import_module(f"{__name__}.{each}").router for each in NAMES)
