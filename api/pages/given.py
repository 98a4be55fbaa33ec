"""What a form's fields give, as the shape that they stand for."""

from typing import Any

from pydantic import BaseModel, ValidationError

from api.problems import INVALID, Problem

Given = dict[str, str]


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
