"""Every act in the audit log changes the reference data, or is known not to."""

import ast
from collections.abc import Iterator
from pathlib import Path

import api
from api.figures.follower import CHANGING, READ_BY_PAGES

BESIDE = {
    "account",
    "accreditations",
    "alarm",
    "briefings",
    "code",
    "collect",
    "contacts",
    "declaration",
    "desk",
    "enrolment",
    "finding",
    "head_recipient",
    "identities",
    "identity",
    "incident",
    "key",
    "member",
    "message",
    "observer",
    "observers",
    "outbox",
    "passkey",
    "phone",
    "photo",
    "photos",
    "pledge",
    "pledges",
    "question",
    "quick_count",
    "recommendation",
    "register",
    "report",
    "reports",
    "results",
    "seal",
    "session",
    "share",
    "source",
    "statement",
}
WRITING = {"audit_entry", "log", "log_values", "note", "each"}
"""The functions that write acts, whatever stands before their names."""


def acts() -> dict[str, str]:
    """Every noun that an act is on, with where it was found."""
    found = {}
    for file in sorted(Path(api.__file__).parent.rglob("*.py")):
        for said in _said(ast.parse(file.read_text(encoding="utf-8"))):
            noun, point, _ = said.partition(".")
            if point and noun.isidentifier() and noun.islower():
                found[noun] = file.name
    return found


def _said(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called.lstrip("_") in WRITING:
                yield from _texts(*node.args, *(each.value for each in node.keywords))
        if isinstance(node, ast.Assign):
            names = {each.id.lower() for each in node.targets if isinstance(each, ast.Name)}
            if names & {"act", "what"}:
                yield from _texts(node.value)


def _texts(*nodes: ast.expr) -> Iterator[str]:
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value


def test_every_act_is_known_to_change_the_reference_data_or_not_to() -> None:
    found = acts()
    assert len(found) > 30
    unknown = {noun: file for noun, file in found.items() if noun not in CHANGING | BESIDE}
    assert not unknown
    assert not CHANGING & BESIDE


def test_what_is_listed_is_done() -> None:
    assert not READ_BY_PAGES - acts().keys()
