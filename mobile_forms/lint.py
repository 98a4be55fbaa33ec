"""The linter of checklists: errors that must be mended before publishing."""

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import get_args

from mobile_forms.columns import (
    ALL,
    FREE_PREFIXES,
    KNOWN_HEADERS,
    NOTES,
    OTHER_MEDIA,
    RESERVED_NAMES,
    RESERVED_OPTIONS,
    TRANSLATED,
    WITH_FILES,
)
from mobile_forms.common_mistakes import in_latin, traps
from mobile_forms.formulas import formulas
from mobile_forms.indicator_forms import lint_forms
from mobile_forms.media import OPTION, is_picture, lint_media
from mobile_forms.outline import TYPES, UNANSWERED_TYPES, Entry, Outline, kind_of
from mobile_forms.sheets import Problem, Row, Sheet, split_language
from schemas.checklist import Stage, Unobserved, depends_on_answers
from schemas.standards import catalogue, unknown_standards

STAGES = get_args(Stage)
UNOBSERVED = get_args(Unobserved)
KINDS = {*TYPES, *UNANSWERED_TYPES, "begin_group", "end_group", "begin_repeat", "end_repeat"}
FORM_ID = re.compile(r"[a-z][a-z0-9_-]{0,59}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
WORD = re.compile(r"[^\W\d][\w.-]*")
OWN_LIST = "Write `select_one_from_file`, or its options in the sheet choices."
NOT_CARRIED = {
    "osm": "Ask for a geopoint.",
    "rank": "Ask one question for each place in the order.",
    "range": "Ask for an integer.",
    "csv-external": OWN_LIST,
    "xml-external": OWN_LIST,
    "select_one_external": "Use select_one with a choice_filter, the options in the sheet choices.",
    "begin loop": "Write each question out.",
    "end loop": "Write each question out.",
    "include": "Copy its questions here.",
    "set form": "Write it in the sheet settings.",
    "cascading_select": "Ask a select_one for each level, with a choice_filter.",
}
"""Types of XLSForm that not every phone of a mission carries, and what to ask instead."""


def lint(sheets: dict[str, Sheet], form: Outline, standards: Collection[str] = ()) -> list[Problem]:
    """Everything to mend, in the order of the sheets and rows. ``standards`` are a mission's own,
    beside the catalogue's."""
    return [
        *_sheets(sheets),
        *_headers(sheets),
        *_settings(sheets["settings"]),
        *_survey(sheets, form),
        *_choices(sheets),
        *_indicators(sheets),
        *_domains(sheets, form),
        *lint_forms(sheets["indicators"].rows, _languages(sheets["survey"], "label")),
        *_standards(sheets, standards),
        *_checks(sheets["checks"]),
        *formulas(sheets, form),
        *lint_media(sheets),
        *_translations(sheets),
        *traps(sheets, form),
    ]


def _sheets(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    for name in ("survey", "settings"):
        if not sheets[name].rows:
            yield Problem(name, None, None, "The sheet is missing or empty.", "Add it.")
    for name in sheets:
        if name not in KNOWN_HEADERS and name != NOTES:
            remedy = _near(name, KNOWN_HEADERS) or f"Call it `{NOTES}`, or take it away."
            yield Problem(name, None, None, f"No sheet `{name}` is read.", remedy)


def _headers(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    for name, known in KNOWN_HEADERS.items():
        for header in sheets[name].headers:
            base = split_language(header)[0]
            free = (
                base.split("::")[0] in FREE_PREFIXES
                if name == "survey"
                else name == "choices" and base in filtering(sheets["survey"])
            )
            if ":" in header.replace("::", ""):
                message = f"`{header}` names a namespace, which phones do not read alike."
                yield Problem(name, 1, header, message, "Write `::`, and no other colon.")
            elif name in WITH_FILES and is_picture(header):
                continue
            elif base in OTHER_MEDIA or header.startswith("media::"):
                message = f"`{header}` names a sound, a film or a file, which phones are not given."
                remedy = "Say it in words, or show a picture (`image`), and take it away."
                yield Problem(name, 1, header, message, remedy)
            elif base not in known and not free:
                near = "" if base == "instance" else _near(base, known)
                free_too = ", or write bind::… or body::…" if name == "survey" else ""
                remedy = near or f"Take it away{free_too}."
                yield Problem(name, 1, header, f"`{header}` is not a column.", remedy)


def filtering(survey: Sheet) -> frozenset[str]:
    """The words by which options are filtered: each may be a column of theirs."""
    said = (row[column] for row in survey.rows for column in ("choice_filter", "calculation"))
    return frozenset(word for each in said for word in WORD.findall(each))


def _settings(settings: Sheet) -> Iterator[Problem]:
    for row in settings.rows[:1]:
        for column in ("form_id", "version"):
            if not row[column]:
                yield Problem("settings", row.number, column, "It is missing.", "Give it one.")
        if row["form_id"] and not FORM_ID.fullmatch(row["form_id"]):
            message = f"`{row['form_id']}` cannot be a form's name."
            remedy = "Small letters a to z, digits, _ and -."
            yield Problem("settings", row.number, "form_id", message, remedy)
        if not row["form_title"] and not row.texts("title"):
            yield Problem("settings", row.number, "form_title", "It is missing.", "Write it.")
        if row["stage"] and row["stage"] not in STAGES:
            yield _unknown_stage("settings", row)


def _survey(sheets: dict[str, Sheet], form: Outline) -> Iterator[Problem]:
    lists = {_list_name(row) for row in sheets["choices"].rows}
    codes = {row["code"] for row in sheets["indicators"].rows}
    seen: dict[str, int] = {}
    for row in sheets["survey"].rows:
        kind, list_name = kind_of(row)
        yield from _type(row, kind, list_name, lists)
        yield from _name(row, kind, seen)
        yield from _raises(row, codes)
    irregular = {_list_name(row) for row in sheets["choices"].rows if row["irregularity"]}
    for entry in form.entries:
        if entry.repeat and (entry.row["indicator"] or entry.list_name in irregular):
            yield Problem(
                "survey",
                entry.row.number,
                "name",
                "A question inside a repeat cannot raise an irregularity.",
                "Ask it once, outside the repeat.",
            )
        if entry.repeat and entry.type == "repeat":
            message, remedy = "A repeat stands inside a repeat.", "Use two repeats, side by side."
            yield Problem("survey", entry.row.number, "type", message, remedy)


def _type(row: Row, kind: str, list_name: str, lists: set[str]) -> Iterator[Problem]:
    instead = next((NOT_CARRIED[each] for each in NOT_CARRIED if _begins(row, each)), "")
    if kind not in KINDS and instead:
        message = f"`{row['type']}` is not carried by every phone of a mission."
        yield Problem("survey", row.number, "type", message, instead)
    elif kind not in KINDS:
        remedy = _near(kind, KINDS) or "The guide to checklists has the list of types."
        yield Problem("survey", row.number, "type", f"`{row['type']}` is not a type.", remedy)
    if kind in ("select_one", "select_multiple") and list_name not in lists:
        message = f"There is no list of choices `{list_name}`."
        remedy = _near(list_name, lists) or "Add its rows to the sheet choices."
        yield Problem("survey", row.number, "type", message, remedy)
    if "or_other" in row["type"].split():
        message = "`or_other` makes an option that no list names."
        yield Problem("survey", row.number, "type", message, "Add the option, and a text question.")


def _begins(row: Row, words: str) -> bool:
    return f"{' '.join(row['type'].lower().split())} ".startswith(f"{words} ")


def _name(row: Row, kind: str, seen: dict[str, int]) -> Iterator[Problem]:
    name = row["name"]
    if kind.startswith("end_"):
        return
    if not name:
        yield Problem("survey", row.number, "name", "The name is missing.", "Give it one.")
    elif name in seen:
        message = f"`{name}` is also the name of row {seen[name]}."
        yield Problem("survey", row.number, "name", message, "Names are used once.")
    elif not NAME.fullmatch(name):
        message = f"`{name}` holds a character that is no Latin letter, digit, _, - or point."
        yield Problem("survey", row.number, "name", message, in_latin(name))
    elif name.endswith("__known") or name in RESERVED_NAMES:
        message = f"`{name}` is a name that the compiler makes."
        yield Problem("survey", row.number, "name", message, "Choose another name.")
    seen.setdefault(name, row.number)


def _raises(row: Row, codes: set[str]) -> Iterator[Problem]:
    code, when = row["indicator"], row["irregular_when"]
    if bool(code) != bool(when):
        message = "`indicator` and `irregular_when` go together."
        yield Problem("survey", row.number, "indicator", message, "Fill both, or neither.")
    if row["judged_when"] and not when:
        message = "`judged_when` needs an `irregular_when`."
        yield Problem("survey", row.number, "judged_when", message, "Fill both, or neither.")
    if code and code not in codes:
        yield _unknown_code("survey", row, "indicator", code, codes)
    yield from _severity("survey", row)


def _choices(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    codes = {row["code"] for row in sheets["indicators"].rows}
    seen: set[tuple[str, str]] = set()
    for row in sheets["choices"].rows:
        code, key = row["irregularity"], (_list_name(row), row["name"])
        if not row["name"]:
            yield Problem("choices", row.number, "name", "The name is missing.", "Give it one.")
        elif not OPTION.fullmatch(row["name"]):
            message = f"`{row['name']}` cannot be the name of an option."
            remedy = in_latin(
                row["name"], "Latin letters, digits and signs, but no blank or quote."
            )
            yield Problem("choices", row.number, "name", message, remedy)
        elif key in seen:
            message = f"`{row['name']}` stands twice in `{key[0]}`."
            yield Problem("choices", row.number, "name", message, "Names are used once in a list.")
        seen.add(key)
        if code and row["name"] in RESERVED_OPTIONS:
            message = f"`{row['name']}` is reserved and says that nothing irregular was seen."
            yield Problem("choices", row.number, "irregularity", message, "Name another option.")
        if code and code not in codes:
            yield _unknown_code("choices", row, "irregularity", code, codes)
        if row["station_is"] and row["station_is"] not in UNOBSERVED:
            message = f"`{row['station_is']}` is no reason why a station could not be observed."
            remedy = f"One of: {', '.join(UNOBSERVED)}."
            yield Problem("choices", row.number, "station_is", message, remedy)
        yield from _severity("choices", row)


def _indicators(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    asked = {kind_of(row)[1] for row in sheets["survey"].rows}
    raised = {row["indicator"] for row in sheets["survey"].rows} | {
        row["irregularity"] for row in sheets["choices"].rows if _list_name(row) in asked
    }
    yield from _twice("indicators", "code", sheets["indicators"].rows)
    for row in sheets["indicators"].rows:
        sheet = row.sheet or "indicators"
        if row["code"] not in raised:
            remedy = "Name it at an option or a question, or take the row away."
            message = f"No question raises `{row['code']}`."
            yield Problem(sheet, row.number, "code", message, remedy)
        if row["stage"] not in STAGES:
            yield _unknown_stage(sheet, row)
        if not row["standards"]:
            message = "An irregularity without a standard cannot become a finding."
            yield Problem(sheet, row.number, "standards", message, "Name at least one.")
        if row["access"] and row["access"].lower() not in ("yes", "no"):
            message = f"`{row['access']}` is neither yes nor no."
            remedy = "yes where a refused entry answers it, no where it does not, or nothing."
            yield Problem(sheet, row.number, "access", message, remedy)
        yield from _severity(sheet, row, needed=True)
        for column in ("phrase", "positive_phrase"):
            if not row.texts(column):
                message = "A finding needs words."
                yield Problem(sheet, row.number, column, message, "Write them.")


def _domains(sheets: dict[str, Sheet], form: Outline) -> Iterator[Problem]:
    """An irregularity that is asked under a condition on other answers must say of what part it
    speaks; one that is asked everywhere speaks of no part."""
    options: dict[str, set[str]] = {}
    for option in sheets["choices"].rows:
        options.setdefault(_list_name(option), set()).add(option["irregularity"])
    for row in sheets["indicators"].rows:
        code = row["code"]
        asked = [
            each
            for each in form.entries
            if each.row["indicator"] == code or code in options.get(each.list_name or "", ())
        ]
        if not code or not asked:
            continue
        said = next(
            (each for each in (row, *(one.row for one in asked)) if each.texts("among")), None
        )
        conditional = all(_is_conditional(each, form) for each in asked)
        sheet, number = row.sheet or "indicators", row.number
        if conditional and said is None:
            message = f"`{code}` is asked only where a condition on other answers holds."
            remedy = (
                "Write in `among` where that is, such as `where a complaint was made`; or `all`, "
                "if it is fine wherever it is not asked."
            )
            yield Problem(sheet, number, "among", message, remedy)
        elif said is not None and not conditional:
            message = f"`{code}` is asked everywhere: it speaks of no part."
            remedy = "Take the words away, or ask its question under a condition."
            yield Problem(
                said.sheet or ("indicators" if said is row else "survey"),
                *(said.number, "among", message, remedy),
            )


def _is_conditional(entry: Entry, form: Outline) -> bool:
    try:
        return any(depends_on_answers(form.resolve(each)) for each in entry.relevants)
    except KeyError:
        return False


def _checks(checks: Sheet) -> Iterator[Problem]:
    yield from _twice("checks", "name", checks.rows)
    for row in checks.rows:
        for column in ("name", "flag_when"):
            if not row[column]:
                yield Problem("checks", row.number, column, "It is missing.", "Write it.")
        if not row.texts("explanation"):
            message = "Whoever sees the flag must be told what it means."
            yield Problem("checks", row.number, "explanation", message, "Write it.")
        if row["tolerance"] and not re.fullmatch(r"\d+(\.\d+)?", row["tolerance"]):
            message = f"`{row['tolerance']}` is not a number."
            yield Problem("checks", row.number, "tolerance", message, "Such as 2 or 0.5.")


def _translations(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    """Every text that stands in one language must stand in all languages of the questions."""
    languages = _languages(sheets["survey"], "label")
    for name, columns in TRANSLATED.items():
        for row in sheets[name].rows:
            for column in columns:
                texts = row.texts(column)
                if column == "among" and set(texts.values()) == {ALL}:
                    continue
                for missing in [each for each in languages if texts and each not in texts]:
                    message = f"The translation into `{missing}` is missing."
                    yield Problem(row.sheet or name, row.number, column, message, "Write it.")


def _languages(sheet: Sheet, column: str) -> list[str]:
    split = [split_language(header) for header in sheet.headers]
    return list(dict.fromkeys(language or "en" for base, language in split if base == column))


def _severity(sheet: str, row: Row, needed: bool = False) -> Iterator[Problem]:
    text = row["severity"]
    if text not in ("1", "2", "3") and (text or needed):
        remedy = "1 procedural, 2 serious, 3 integrity."
        yield Problem(sheet, row.number, "severity", f"`{text}` is not a severity.", remedy)


def _standards(sheets: dict[str, Sheet], own: Collection[str]) -> Iterator[Problem]:
    for name in ("survey", "choices", "indicators"):
        for row in sheets[name].rows:
            named = () if row.sheet else tuple(row["standards"].split())
            for each in unknown_standards(named, own):
                message = f"`{each}` is not a standard of the catalogue, or of the mission."
                near = difflib.get_close_matches(each, [*catalogue(), *own], 1)
                remedy = f"Did you mean `{near[0]}`?" if near else "Ids are like dop:12b."
                yield Problem(name, row.number, "standards", message, remedy)


def _twice(sheet: str, column: str, rows: Iterable[Row]) -> Iterator[Problem]:
    counts = Counter(row[column] for row in rows)
    for row in rows:
        if row[column] and counts[row[column]] > 1:
            message = f"`{row[column]}` stands more than once."
            yield Problem(sheet, row.number, column, message, "Keep one.")


def _unknown_code(sheet: str, row: Row, column: str, code: str, codes: set[str]) -> Problem:
    message = f"`{code}` is described nowhere."
    remedy = _near(code, codes) or (
        "Write `phrase`, `severity` and `standards` beside the question, or a row in the sheet "
        "indicators."
    )
    return Problem(sheet, row.number, column, message, remedy)


def _unknown_stage(sheet: str, row: Row) -> Problem:
    message = f"`{row['stage']}` is not a stage."
    return Problem(sheet, row.number, "stage", message, f"One of: {', '.join(STAGES)}.")


def _list_name(row: Row) -> str:
    return row["list_name"] or row["list name"]


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, sorted(known), 1)
    return f"Did you mean `{near[0]}`?" if near else ""
