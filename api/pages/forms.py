"""Forms as browsers send them: read whole, or refused with 413, never cut."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import inf
from typing import Any

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from api.problems import INVALID, TOO_LARGE, Problem
from api.server.body_limits import SURROUNDING, counted, said_length

MAX_FORM_BYTES = 512 * 1024
"""Bytes of a form that is typed: 10,000 ticked lines. One that carries files may be longer."""

Given = dict[str, str]


@dataclass(frozen=True)
class Form:
    """What a form sent, by field."""

    sent: FormData

    def given(self) -> Given:
        """The texts by field; of a field that was sent several times the first."""
        return {name: self.texts(name)[0] for name in self.sent if self.texts(name)}

    def texts(self, name: str) -> list[str]:
        """The texts of a field, as often as it was sent."""
        return [each for each in self.sent.getlist(name) if isinstance(each, str)]

    def files(self, name: str = "file") -> list[UploadFile]:
        """The files of a field. They are there while the form is open."""
        return [each for each in self.sent.getlist(name) if isinstance(each, UploadFile)]


@asynccontextmanager
async def read_form(
    request: Request, *, files: int = 0, most: int = MAX_FORM_BYTES
) -> AsyncIterator[Form]:
    """The form that a request brings, with at most so many files, in at most so many bytes beside
    what a form itself takes. Problem: 413 where it is longer."""
    most += SURROUNDING if files else 0
    if said_length(request.scope) > most:
        raise _too_large(most)
    bounded = Request(request.scope, counted(request.receive, most, _too_large(most)))
    async with bounded.form(max_files=files, max_fields=inf, max_part_size=MAX_FORM_BYTES) as sent:
        yield Form(sent)


async def typed_in(request: Request) -> Given:
    """The texts of a form without files, by field. Problem: 413 where it is too long."""
    async with read_form(request) as form:
        return form.given()


def _too_large(most: int) -> Problem:
    return Problem(TOO_LARGE, f"At most {most} bytes.", "body")


def plan(shape: type[BaseModel], given: Given, *names: str, **more: Any) -> Any:
    """The plan that a form's fields make; an empty field is left out. Problem 422 naming one."""
    filled = {name: given[name] for name in names if given.get(name)}
    try:
        return shape.model_validate(filled | more)
    except ValidationError as error:
        first = error.errors()[0]
        said = first["msg"].removeprefix("Value error, ")
        field = ".".join(str(part) for part in first["loc"])
        raise Problem(INVALID, f"{said}.", field) from None


def words(text: str) -> list[str]:
    """Codes parted by spaces or commas."""
    return text.replace(",", " ").split()
