"""Every text of the pages has its words in every language, with the same places for values."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from babel.messages.extract import extract
from jinja2.ext import babel_extract

import api.pages
from analytics.results.sampled_results import WHY
from api.pages.layout import environment
from schemas.credential import Role
from schemas.observer import Function
from schemas.words import LANGUAGES, translations

HERE = Path(api.pages.__file__).parent
SPOKEN = (HERE, *(HERE.parent / each for each in ("registers", "compliance", "review")))
"""Where texts of pages are written: registers, duties and acts are described outside the pages."""
MARKS: dict[str, None] = {"say": None, "N_": None}


def texts() -> Iterator[str]:
    """What the pages say: the marked texts of their modules and templates."""
    for file in sorted(each for folder in SPOKEN for each in folder.glob("*.py")):
        with file.open("rb") as code:
            for found in extract("python", code, keywords=MARKS):
                yield from _each(found[1])
    for file in sorted((HERE / "templates").rglob("*.html")):
        with file.open("rb") as template:
            for _, _, said, _ in babel_extract(template, ("_",), (), {"encoding": "utf-8"}):
                yield from _each(said)
    yield from filter(None, WHY.values())


def _each(said: str | Sequence[str | None] | None) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    else:
        yield from (text for text in said or () if text)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_text_of_the_pages_is_translated_and_keeps_its_places(language: str) -> None:
    words = translations(language)
    missing = []
    for text in dict.fromkeys(texts()):
        said = words._catalog.get(text)  # type: ignore[attr-defined]
        if not said or sorted(re.findall(r"{\w+}", said)) != sorted(re.findall(r"{\w+}", text)):
            missing.append(text)
    assert missing == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_role_and_function_is_named_in_every_language(language: str) -> None:
    words = translations(language)
    spoken = [each.value.replace("_", " ") for each in (*Role, *Function)]
    assert [each for each in spoken if each not in words._catalog] == []  # type: ignore[attr-defined]


def test_a_figure_in_french_has_its_narrow_spaces() -> None:
    shown = environment("fr").from_string("{{ 4230|whole }}").render()
    assert shown == "4\u202f230"
