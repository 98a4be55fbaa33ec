"""Synonyms of question types, and the types used here."""

import re

from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from mobile_forms.adoption.columns import ChangeLog, Sheets
from mobile_forms.outline import TYPES, UNANSWERED_TYPES, kind_of
from mobile_forms.sheets import Row, split_language

OTHER = "other"
NAMING = frozenset(
    {
        "deviceid",
        "phonenumber",
        "simserial",
        "subscriberid",
        "username",
        "email",
        "start-geopoint",
        "background-audio",
        "background-geopoint",
    }
)
"""What would say who the observer is, or record them unasked: never carried."""
OF_BIND = {
    "int": "integer",
    "decimal": "decimal",
    "string": "text",
    "barcode": "text",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
}
OF_MEDIA = {"image/*": "image", "audio/*": "audio", "video/*": "video", "application/*": "file"}
SELECTS = sorted(aliases.select, key=len, reverse=True)
_CANONICAL = {"select one": "select_one", "select all that apply": "select_multiple"}
_OTHER = re.compile(r"\s+(or specify other|or_other|or other)\s*$", re.I)
_AROUND = re.compile(r"^(add|get|q) | prompt$")
_LEVEL = re.compile(r"^(begin|end)[ _]+(lgroup|looped group|group|repeat)\b", re.I)
_REPEAT = ("lgroup", "looped group", "repeat")


def in_our_types(survey: list[Row], telling: ChangeLog) -> list[Row]:
    """The survey's rows with our types. Rows that ask nothing, and what names the observer's
    phone, are left out."""
    return [kept for row in survey if (kept := _typed(row, telling)) is not None]


def _typed(row: Row, telling: ChangeLog) -> Row | None:
    written = row["type"]
    if not written:
        telling("survey", row.number, "type", "A row without a type asks nothing.", "Left out.")
        return None
    ours = _ours(written)
    if ours in NAMING:
        found = f"`{written}` would tell who the observer is."
        telling("survey", row.number, "type", found, "Left out.")
        return None
    cells = row.cells | {"type": ours}
    if ours == "range":
        cells |= _bounded(row)
    if cells["type"] != written:
        done = f"Written `{cells['type']}`."
        telling("survey", row.number, "type", f"`{written}` is no type of ours.", done)
    return Row(row.number, cells)


def _ours(written: str) -> str:
    text = " ".join(written.split())
    level = _LEVEL.match(text)
    if level:
        return f"{level[1].lower()}_{'repeat' if level[2].lower() in _REPEAT else 'group'}"
    if kind_of(Row(0, {"type": text}))[0] in TYPES and " or" not in text.lower():
        return text
    for alias in SELECTS:
        if text.lower().startswith(f"{alias} "):
            return _select(alias, text[len(alias) :].strip())
    return _plain(text)


def _select(alias: str, rest: str) -> str:
    canonical = _CANONICAL.get(aliases.select[alias])
    if canonical is None:
        return f"{aliases.select[alias].replace(' ', '_')} {rest}"
    kind = f"{canonical}_from_file" if alias in aliases.select_from_file else canonical
    other = _OTHER.search(rest)
    name = re.sub(r"^(from|using) ", "", _OTHER.sub("", rest)).replace(" ", "_")
    return f"{kind} {name}{' or_other' if other else ''}"


def _plain(text: str) -> str:
    bare = _AROUND.sub("", text.lower())
    known = next(
        (each for name in (text, text.lower(), bare) if (each := QUESTION_TYPE_DICT.get(name))),
        None,
    )
    if known is None or text.lower() in UNANSWERED_TYPES:
        return text.lower() if text.lower() in UNANSWERED_TYPES else text
    control, bind = known.get("control", {}), known.get("bind", {})
    told = str(bind.get("jr:preloadParams", "")).removeprefix("uri:")
    if told:
        return told
    if control.get("tag") == "trigger":
        return "acknowledge"
    if bind.get("readonly") or text.lower().endswith(("note", "note prompt")):
        return "note"
    if bind.get("type") == "binary":
        return OF_MEDIA.get(str(control.get("mediatype")), text)
    if control.get("tag") == "input":
        return OF_BIND.get(str(bind.get("type")), text)
    return "calculate" if "calculate" in text else text


def _bounded(row: Row) -> dict[str, str]:
    """A range as a number with its bounds."""
    said = dict(re.findall(r"(start|end|step)\s*=\s*(-?[\d.]+)", row["parameters"]))
    whole = all("." not in each for each in said.values())
    bounds = f". >= {said.get('start', '0')} and . <= {said.get('end', '10')}"
    return {
        "type": "integer" if whole else "decimal",
        "parameters": "",
        "constraint": row["constraint"] or bounds,
    }


def with_options_for_others(sheets: Sheets, telling: ChangeLog) -> Sheets:
    """``or_other`` written out: an option, and a text question for it."""
    survey: list[Row] = []
    lists: dict[str, None] = {}
    for row in sheets["survey"]:
        kind = row["type"].removesuffix(" or_other")
        survey.append(Row(row.number, row.cells | {"type": kind}))
        if kind != row["type"]:
            lists[kind.split()[-1]] = None
            name = row["name"]
            relevant = f"selected(${{{name}}}, '{OTHER}')"
            labels = {key: "Other?" for key in row.cells if split_language(key)[0] == "label"}
            survey.append(
                Row(
                    row.number,
                    {"type": "text", "name": f"{name}_{OTHER}", "relevant": relevant, **labels},
                )
            )
            done = f"An option `{OTHER}` and a text question after it."
            telling("survey", row.number, "type", "`or_other` asks for an option.", done)
    return sheets | {"survey": survey, "choices": [*sheets["choices"], *_others(sheets, lists)]}


def _others(sheets: Sheets, lists: dict[str, None]) -> list[Row]:
    found = []
    for name in lists:
        own = [row for row in sheets["choices"] if row["list_name"] == name]
        if own and all(row["name"] != OTHER for row in own):
            labels = {key: "Other" for key in own[0].cells if split_language(key)[0] == "label"}
            found.append(Row(own[-1].number, {"list_name": name, "name": OTHER, **labels}))
    return found
