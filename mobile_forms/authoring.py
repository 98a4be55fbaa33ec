"""The library's workbooks, written from their plain sources ``library/*.toml``.

``python -m mobile_forms.authoring`` writes them; ``voting`` and ``counting`` are workbooks
already, and are given the forms of each irregularity's words. A text stands in five languages,
parted by ``|``.
"""

import io
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font

from mobile_forms.writing import write_workbook
from schemas.checklist import ACCESS_CODES

LIBRARY = Path(__file__).parent / "library"
LANGUAGES = ("English (en)", "French (fr)", "Arabic (ar)", "Spanish (es)", "Portuguese (pt)")
CONTEXT_TYPES = {
    "station": "text",
    "observer": "text",
    "visit": "text",
    "arrived_at": "datetime",
    "departed_at": "datetime",
    "position": "geopoint",
}
CONTEST = {
    "type": "select_one_from_file contests.csv",
    "name": "contest",
    "choice_filter": "station = ${station}",
    "relevant": "count(instance('contests')/root/item[station = ${station}]) > 1",
    "required": "yes",
}
WORKBOOKS = ("voting", "counting")
"""The checklists that are workbooks themselves."""
UNREAD = "fr ar es pt"
"""The languages in which no native speaker has read the words of the library."""
RATING = ("very_good", "good", "bad", "very_bad")
NOTES = [
    {
        "What this is": "A checklist of Indelible as an XLSForm, written from the library's "
        "sources. Copy it, change it, give it a form_id and version of your own."
    },
    {
        "What this is": "English is the original. The other languages were written by the project "
        "and await review by native speakers who know elections; treat them as drafts."
    },
]
WHEN = {
    "late": ("${minutes_late} > 30", ""),
    "valid": ("${in_box} != ${valid} + ${invalid}", "${in_box} != '' and ${invalid} != ''"),
}
"""Kinds of figures that raise a code by an expression, and what must be known first."""
Rows = list[dict[str, str]]


@cache
def sources() -> tuple[dict[str, Any], dict[str, Any]]:
    """The shared words, and the checklists by name with their lists of options."""
    read = [
        tomllib.loads((LIBRARY / f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("words", "checklists")
    ]
    return read[0], read[1]


@cache
def forms_of(code: str) -> dict[str, str]:
    """The cells of an irregularity's noun, label and clause in five languages, with French and
    Arabic nouns as a list says them, and the languages that no native speaker has read."""
    written = tomllib.loads((LIBRARY / "indicator_forms.toml").read_text(encoding="utf-8"))[code]
    texts = {
        header: text
        for form in ("noun", "label", "rel")
        for header, text in _texts(form, written[form]).items()
    }
    listed = {
        f"noun_with_article::{each}": written["with_article"][code]
        for each, code in ((LANGUAGES[1], "fr"), (LANGUAGES[2], "ar"))
    }
    return texts | listed | {"unread": UNREAD}


def with_forms(workbook: bytes) -> bytes:
    """A workbook with the forms of each irregularity of its sheet ``indicators``."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book["indicators"]
    headers = [str(cell.value) for cell in sheet[1]]
    for row in range(2, sheet.max_row + 1):
        for header, text in forms_of(str(sheet.cell(row, 1).value)).items():
            if header not in headers:
                headers.append(header)
                cell = sheet.cell(1, len(headers), header)
                cell.font = Font(bold=True)
                sheet.column_dimensions[cell.column_letter].width = len(header) + 2
            sheet.cell(row, headers.index(header) + 1, text)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def names() -> list[str]:
    """The checklists that are written from sources."""
    return [name for name in sources()[1] if name != "lists"]


def sheets_of(name: str) -> dict[str, Rows]:
    """The sheets of one checklist."""
    source = sources()[1][name]
    questions = source["questions"]
    codes = list(dict.fromkeys(_codes(questions)))
    settings = {
        "form_title": source["title"].split("|")[0],
        "form_id": name,
        "version": source.get("version", "1"),
        "default_language": LANGUAGES[0],
        "stage": source["stage"],
    } | {column: source[column] for column in ("per", "two_teams") if column in source}
    return {
        "survey": [
            *context_rows(asks_contest=source.get("per") == "contest"),
            *(row for each in questions for row in _rows(*each)),
        ],
        "choices": [row for each in questions for row in _options(*each)],
        "indicators": [_indicator(code, source["stage"]) for code in codes],
        "settings": [settings | _texts("title", source["title"])],
        "notes": NOTES,
    }


def _texts(column: str, words: str) -> dict[str, str]:
    texts = words.split("|")
    return {f"{column}::{each}": text for each, text in zip(LANGUAGES, texts, strict=True)}


def context_rows(*, asks_contest: bool = False) -> Iterator[dict[str, str]]:
    """The group of what is known rather than asked, which every checklist carries; a protocol's
    asks for its contest too, where the station votes in several."""
    words = sources()[0]["context"]
    yield {"type": "begin_group", "name": "context"} | _texts("label", words["context"])
    for name, kind in CONTEXT_TYPES.items():
        yield {"type": kind, "name": name} | _texts("label", words[name])
    if asks_contest:
        yield CONTEST | _texts("label", words["contest"])
    yield {"type": "end_group", "name": ""}


def _rows(kind: str, name: str, label: str) -> Iterator[dict[str, str]]:
    """The rows of one question; ``votes`` is a repeat of contestants and their votes."""
    if kind != "votes":
        yield _question(kind, name, label)
        return
    words = sources()[0]["questions"]
    yield {"type": "begin_repeat", "name": name} | _texts("label", label or words[name])
    yield _question("text", "contestant", "")
    yield _question("integer", "votes", "")
    yield {"type": "end_repeat", "name": ""}


def _question(kind: str, name: str, label: str) -> dict[str, str]:
    head, _, code = kind.partition(":")
    row = {"type": head, "name": name} | _texts("label", label or sources()[0]["questions"][name])
    if head in WHEN:
        when, judged = WHEN[head]
        return row | {
            "type": "integer",
            "indicator": code,
            "irregular_when": when,
            "judged_when": judged,
        }
    if head in ("bad_yes", "bad_no", "rating", "one_of"):
        row["type"] = f"select_one {name}"
    elif head == "many_of":
        row["type"] = f"select_multiple {name}"
    return row | ({"constraint": ". >= 0"} if head == "integer" else {})


def _options(kind: str, name: str, _: str) -> Iterator[dict[str, str]]:
    head, _, code = kind.partition(":")
    if head in ("one_of", "many_of"):
        options = sources()[1]["lists"][code]
    elif head in ("bad_yes", "bad_no"):
        bad = head.removeprefix("bad_")
        options = [[each, "", code if each == bad else ""] for each in ("yes", "no")]
        options.append(["not_observed", "", ""])
    else:
        options = [[each, "", ""] for each in RATING] if head == "rating" else []
    for option, label, raises, *station in options:
        words = _texts("label", label or sources()[0]["options"][option])
        said = {"station_is": station[0]} if station else {}
        yield {"list_name": name, "name": option, **words, "irregularity": raises, **said}


def _codes(questions: list[list[str]]) -> Iterator[str]:
    for kind, name, label in questions:
        head, _, code = kind.partition(":")
        if head in ("one_of", "many_of"):
            yield from (
                row["irregularity"] for row in _options(kind, name, label) if row["irregularity"]
            )
        elif code:
            yield code


def _indicator(code: str, stage: str) -> dict[str, str]:
    known, phrase, positive = sources()[0]["codes"][code]
    own, severity, *standards = known.split()
    return {
        "code": code,
        "stage": own if own == "all" else stage,
        "severity": severity,
        "standards": " ".join(standards),
        "access": "yes" if code in ACCESS_CODES else "",
        **_texts("phrase", phrase),
        **_texts("positive_phrase", positive),
        **forms_of(code),
    }


if __name__ == "__main__":
    for each in WORKBOOKS:
        own = LIBRARY / f"{each}.xlsx"
        own.write_bytes(with_forms(own.read_bytes()))
    for each in names():
        (LIBRARY / f"{each}.xlsx").write_bytes(write_workbook(sheets_of(each)))
