"""What an author must mend in a checklist before it can be published."""

import difflib
from collections.abc import Iterator

from mobile_forms.outline import REFERENCE, SILENT, TYPES, Outline, kind_of
from mobile_forms.sheets import Problem, Row, Sheet, split_language
from schemas.standards import unknown_standards

OUR_SURVEY = frozenset({"indicator", "irregular_when", "severity", "stage", "section"})
OUR_CHOICES = frozenset({"irregularity", "severity", "standards"})
CHECKS = frozenset({"name", "flag_when", "explanation", "difference", "tolerance"})
INDICATORS = frozenset({
    "code", "stage", "severity", "standards", "phrase", "positive_phrase",
})  # fmt: skip
SURVEY = OUR_SURVEY | {
    "type", "name", "label", "hint", "guidance_hint", "relevant", "required", "required_message",
    "constraint", "constraint_message", "appearance", "calculation", "default", "read_only",
    "readonly", "choice_filter", "repeat_count", "parameters", "trigger", "image", "audio",
    "video", "note", "media",
}  # fmt: skip
CHOICES = OUR_CHOICES | {"list_name", "list name", "name", "label", "image", "audio", "video"}
SETTINGS = frozenset({
    "form_title", "form_id", "version", "default_language", "stage", "style", "title",
    "instance_name", "public_key", "submission_url", "allow_choice_duplicates",
})  # fmt: skip
STAGES = frozenset({
    "opening", "voting", "closing", "counting", "tabulation", "pre_election", "all",
})  # fmt: skip
KNOWN_HEADERS = {
    "survey": SURVEY, "choices": CHOICES, "settings": SETTINGS, "checks": CHECKS,
    "indicators": INDICATORS,
}  # fmt: skip
FREE_PREFIXES = ("bind", "body", "instance", "media")
EXPRESSIONS = ("relevant", "constraint", "calculation", "irregular_when", "choice_filter")


def lint(sheets: dict[str, Sheet], form: Outline) -> list[Problem]:
    """Everything to mend, in the order of the sheets and rows."""
    return [
        *_missing_sheets(sheets),
        *_headers(sheets),
        *_survey(sheets, form),
        *_choices(sheets),
        *_indicators(sheets),
        *_checks(sheets, form),
        *_translations(sheets),
    ]


def _missing_sheets(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    for name in ("survey", "choices", "settings"):
        if not sheets[name].rows:
            yield Problem(name, None, None, "The sheet is missing or empty.", "Add it.")


def _headers(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    for name, known in KNOWN_HEADERS.items():
        for header in sheets[name].headers:
            base = split_language(header)[0]
            if base in known or base.split("::")[0] in FREE_PREFIXES:
                continue
            near = difflib.get_close_matches(base, sorted(known), 1)
            remedy = f"Did you mean `{near[0]}`?" if near else "Remove it or name it bind::…."
            yield Problem(name, 1, header, f"`{header}` is not a column.", remedy)


def _survey(sheets: dict[str, Sheet], form: Outline) -> Iterator[Problem]:
    lists = {row["list_name"] or row["list name"] for row in sheets["choices"].rows}
    codes = {row["code"] for row in sheets["indicators"].rows}
    seen: dict[str, int] = {}
    for row in sheets["survey"].rows:
        kind, list_name = kind_of(row)
        yield from _type(row, kind, list_name, lists)
        yield from _name(row, kind, seen)
        yield from _raises(row, codes)
        for column in EXPRESSIONS:
            yield from _references("survey", row, column, form)
    for entry in form.entries:
        if entry.repeat and (entry.row["indicator"] or entry.row["irregular_when"]):
            yield Problem(
                "survey", entry.row.number, "indicator",
                "A question inside a repeat cannot raise an irregularity.",
                "Ask it once, outside the repeat.",
            )  # fmt: skip


def _type(row: Row, kind: str, list_name: str, lists: set[str]) -> Iterator[Problem]:
    known = {*TYPES, *SILENT, "begin_group", "end_group", "begin_repeat", "end_repeat"}
    if kind not in known and kind != "select_one_from_file":
        near = difflib.get_close_matches(kind, sorted(known), 1)
        remedy = f"Did you mean `{near[0]}`?" if near else "See the list of types."
        yield Problem("survey", row.number, "type", f"`{row['type']}` is not a type.", remedy)
    if kind in ("select_one", "select_multiple") and list_name not in lists:
        message = f"There is no list of choices `{list_name}`."
        yield Problem("survey", row.number, "type", message, "Add its rows to the sheet choices.")


def _name(row: Row, kind: str, seen: dict[str, int]) -> Iterator[Problem]:
    name = row["name"]
    if kind.startswith("end_"):
        return
    if not name:
        yield Problem("survey", row.number, "name", "The name is missing.", "Give it one.")
    elif name in seen:
        message = f"`{name}` is also the name of row {seen[name]}."
        yield Problem("survey", row.number, "name", message, "Names are used once.")
    elif not name.isascii():
        message = f"`{name}` holds letters that only look like Latin ones."
        yield Problem("survey", row.number, "name", message, "Type it again with a–z.")
    elif name.endswith("__known"):
        message = "Names that end in __known are made by the compiler."
        yield Problem("survey", row.number, "name", message, "Choose another name.")
    seen.setdefault(name, row.number)


def _raises(row: Row, codes: set[str]) -> Iterator[Problem]:
    code, when = row["indicator"], row["irregular_when"]
    if bool(code) != bool(when):
        message = "`indicator` and `irregular_when` go together."
        yield Problem("survey", row.number, "indicator", message, "Fill both, or neither.")
    if code and code not in codes:
        yield _unknown_code("survey", row, "indicator", code)
    yield from _severity("survey", row, bool(code))


def _choices(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    codes = {row["code"] for row in sheets["indicators"].rows}
    for row in sheets["choices"].rows:
        code = row["irregularity"]
        if code and code not in codes:
            yield _unknown_code("choices", row, "irregularity", code)
        yield from _severity("choices", row, bool(code))
        yield from _standards("choices", row)


def _indicators(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    for row in sheets["indicators"].rows:
        if row["stage"] not in STAGES:
            message = f"`{row['stage']}` is not a stage."
            remedy = f"One of: {', '.join(sorted(STAGES))}."
            yield Problem("indicators", row.number, "stage", message, remedy)
        if not row["standards"]:
            message = "An irregularity without a standard cannot become a finding."
            yield Problem("indicators", row.number, "standards", message, "Name at least one.")
        yield from _severity("indicators", row, needed=True)
        yield from _standards("indicators", row)
        for column in ("phrase", "positive_phrase"):
            if not row.texts(column):
                message = "A finding needs words."
                yield Problem("indicators", row.number, column, message, "Write them.")


def _checks(sheets: dict[str, Sheet], form: Outline) -> Iterator[Problem]:
    for row in sheets["checks"].rows:
        if not row["flag_when"]:
            yield Problem("checks", row.number, "flag_when", "The rule is missing.", "Write it.")
        for column in ("flag_when", "difference"):
            yield from _references("checks", row, column, form)


def _translations(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    for name, columns in (("survey", ("label",)), ("choices", ("label",)),
                          ("indicators", ("phrase", "positive_phrase"))):  # fmt: skip
        for column in columns:
            headers = [each for each in sheets[name].headers if split_language(each)[0] == column]
            for row in sheets[name].rows:
                filled = [each for each in headers if row[each]]
                for missing in set(headers) - set(filled) if filled else ():
                    message = "The translation is missing."
                    yield Problem(name, row.number, missing, message, "Write it.")


def _references(sheet: str, row: Row, column: str, form: Outline) -> Iterator[Problem]:
    for name in REFERENCE.findall(row[column]):
        if name in form.paths:
            continue
        near = difflib.get_close_matches(name, sorted(form.paths), 1)
        remedy = f"Did you mean `${{{near[0]}}}`?" if near else "Name a question of this form."
        yield Problem(sheet, row.number, column, f"No question is named `{name}`.", remedy)


def _severity(sheet: str, row: Row, needed: bool) -> Iterator[Problem]:
    text = row["severity"]
    if text in ("1", "2", "3") or (not text and not (needed and sheet == "indicators")):
        return
    remedy = "1 procedural, 2 serious, 3 integrity."
    yield Problem(sheet, row.number, "severity", f"`{text}` is not a severity.", remedy)


def _standards(sheet: str, row: Row) -> Iterator[Problem]:
    for each in unknown_standards(tuple(row["standards"].split())):
        message = f"`{each}` is not a standard of the catalogue."
        remedy = "Ids are like dop:12b, parted by spaces."
        yield Problem(sheet, row.number, "standards", message, remedy)


def _unknown_code(sheet: str, row: Row, column: str, code: str) -> Problem:
    message = f"`{code}` is not in the sheet indicators."
    return Problem(sheet, row.number, column, message, "Add a row for it there.")
