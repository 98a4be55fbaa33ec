"""Every operation that somebody could ask for, with a request for it that has its shape."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi.routing import APIRoute

from api import pages, routes
from api.intake import photo_upload
from api.registers.catalogue import REGISTERS
from api.server import health
from schemas.credential import Role

APPROVED = Path(__file__).with_name("approved.csv")
ROLES = [role.value for role in Role]
DOORS = (
    "POST /api/v1/missions/{slug}/reports",
    "POST /api/v1/missions/{slug}/reports/check",
)
"""Answered by intake ahead of the framework, and so in no document of it."""
SLUG = "{slug}"


@dataclass(frozen=True)
class Operation:
    """A method at a path; ``body`` has the required shape, or is None."""

    method: str
    path: str
    body: Any = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def of_mission(self) -> bool:
        """Whether it is asked of one mission."""
        return SLUG in self.path

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people; whoever is unknown goes to the door."""
        return not self.path.startswith("/api/") and not self.path.endswith("/events")


def operations(framework: Any) -> list[Operation]:
    """The operations of the OpenAPI document, of intake's doors, and the pages."""
    document = framework.openapi()
    found = {each.name: each for each in _documented(document)}
    for name in DOORS:
        method, path = name.split(" ")
        found[name] = Operation(method, path, {})
    for each in _pages():
        found.setdefault(each.name, each)
    every = [one for each in found.values() for one in _of_registers(each)]
    return sorted(every, key=lambda each: (_is_final(each), each.path, each.method))


def _of_registers(each: Operation) -> list[Operation]:
    """What is asked of registers is asked of each: some are restricted, some are public."""
    if "/registers/{name}" not in each.path:
        return [each]
    return [replace(each, path=each.path.replace("{name}", one.name)) for one in REGISTERS]


def _is_final(each: Operation) -> bool:
    """What ends something for everybody is asked for last."""
    ends = ("close", "sign-out", "{id}/end")
    return any(word in each.path for word in ends) or each.method == "DELETE"


def _documented(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            body = None if schema is None else example(schema, document)
            yield Operation(method.upper(), path, body)


def _pages() -> Iterator[Operation]:
    routers = [photo_upload.router, health.router, *routes.ROUTERS, *pages.ROUTERS]
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path.startswith("/missions/"):
                for method in sorted(route.methods):
                    yield Operation(method, route.path.replace(":path}", "}"))


def example(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    """The least value that a JSON schema takes: what is required and nothing else."""
    if "$ref" in schema:
        target: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return example(target, document)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return example(schema[several][0], document)
    if "const" in schema or "enum" in schema or "default" in schema:
        return schema.get("default", schema.get("const", (schema.get("enum") or [None])[0]))
    if schema.get("type") == "object":
        required = schema.get("required", ())
        return {name: example(schema["properties"][name], document) for name in required}
    if schema.get("type") == "array":
        return [example(schema["items"], document)] * schema.get("minItems", 0)
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> Any:
    texts = {
        "uuid": str(uuid4()),
        "date": "2026-11-08",
        "date-time": "2026-11-08T10:00:00Z",
        "time": "07:00:00",
        "email": "someone@example.org",
    }
    kinds: dict[str, Any] = {
        "integer": schema.get("minimum", 1),
        "number": schema.get("minimum", 1),
        "boolean": True,
        "string": texts.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1))),
    }
    return kinds.get(schema.get("type", ""))


def approved() -> dict[str, dict[str, int]]:
    """The approved table: operation to role to status in one's own mission."""
    with APPROVED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["operation"]: {role: int(row[role]) for role in (*ROLES, "nobody")} for row in rows}
