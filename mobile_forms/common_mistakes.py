"""Lint rules for mistakes found in real checklists."""

import re
import unicodedata
from collections.abc import Iterator

from mobile_forms.columns import NOTES
from mobile_forms.outline import REFERENCE, Outline, kind_of
from mobile_forms.sheets import Problem, Row, Sheet
from schemas.checklist import Definition, Question

LONGEST_NAME = 32
"""Of a variable in the statistics programs that reports are exported to."""
PLAIN = frozenset({"integer", "int", "decimal", "text", "string", "date", "time", "datetime"})
DESCRIBE = re.compile(
    r"\b(describe|specify|explain|précis\w+|décri\w+|especifi\w+|descri[bt]\w+|حدد|حدّد|اذكر|صف|وضح|وضّح)\b",
    re.I,
)
CHOSEN = re.compile(
    r"selected\(\s*\$\{([\w.-]+)\}\s*,\s*'([^']*)'\s*\)|\$\{([\w.-]+)\}\s*=\s*'([^']+)'"
)
LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοօհսցՕՍ‐–—",
    "aeopcyxijshdqwABEKMHOPCTYXIJSABEZHIKMNOPTYXoohugOU---",
)
"""Letters of Cyrillic, Greek and Armenian, and dashes, with the Latin ones that they look like."""
YES_AND_NO = frozenset({"yes", "no"})
SETTINGS = {
    "two_teams": r"agree|independent",
    "repeat_visits": r"cluster",
    "expected": r"[1-9]\d{0,2}",
    "expected_per": r"visit|day",
    "per": r"visit|observation|contest",
    "sms_prefix": r"[A-Z0-9]{1,10}",
}


def traps(sheets: dict[str, Sheet], form: Outline) -> Iterator[Problem]:
    """Every trap in a workbook, with its place and a remedy."""
    lists: dict[str, list[Row]] = {}
    for row in sheets["choices"].rows:
        lists.setdefault(row["list_name"] or row["list name"], []).append(row)
    for row in sheets["survey"].rows:
        yield from _options_of_a_figure(row, lists)
        yield from _long_name(row)
        yield from _never_reached(row, form, lists)
        yield from _describe_without_text(row, sheets["survey"], lists)
    for name in set(sheets) - {NOTES}:
        yield from _look_alikes(sheets[name])
    yield from _settings(sheets["settings"])


def doubtful(sheets: dict[str, Sheet]) -> Iterator[Problem]:
    """Questions of yes and no of which no answer is irregular. Some only ask: nobody else than
    the author can tell."""
    lists: dict[str, list[Row]] = {}
    for row in sheets["choices"].rows:
        lists.setdefault(row["list_name"] or row["list name"], []).append(row)
    for row in sheets["survey"].rows:
        kind, list_name = kind_of(row)
        options = lists.get(list_name, [])
        polar = {each["name"] for each in options} >= YES_AND_NO
        raises = row["indicator"] or any(each["irregularity"] for each in options)
        if kind == "select_one" and polar and not raises:
            message = f"No answer to `{row['name']}` is irregular: yes and no are only counted."
            remedy = "Say at an option which `irregularity` it raises, if one does."
            yield Problem("survey", row.number, "name", message, remedy)


def only_counted(definition: Definition) -> Iterator[Question]:
    """The same questions, of a checklist that is compiled."""
    judged = {source.question for each in definition.indicators for source in each.sources}
    for each in definition.questions:
        polar = {choice.name for choice in each.choices} >= YES_AND_NO
        if each.type == "select_one" and polar and each.name not in judged:
            yield each


def _options_of_a_figure(row: Row, lists: dict[str, list[Row]]) -> Iterator[Problem]:
    kind, list_name = kind_of(row)
    if kind in PLAIN and list_name in lists:
        message = f"`{kind}` has no options, and `{list_name}` is a list of them."
        remedy = f"Write `select_one {list_name}`, or `{kind}` alone."
        yield Problem("survey", row.number, "type", message, remedy)


def _long_name(row: Row) -> Iterator[Problem]:
    if len(row["name"]) > LONGEST_NAME:
        message = f"`{row['name']}` is longer than exports allow."
        remedy = f"At most {LONGEST_NAME} characters."
        yield Problem("survey", row.number, "name", message, remedy)


def _never_reached(row: Row, form: Outline, lists: dict[str, list[Row]]) -> Iterator[Problem]:
    """Where relevance asks for an option that the question named does not have."""
    if row["relevant"].replace(" ", "") == "false()":
        message, remedy = "It is never asked.", "Take it away, or say when it is asked."
        yield Problem("survey", row.number, "relevant", message, remedy)
    asked = {each.name: each.list_name for each in form.entries if each.list_name}
    for selected, option, equal, value in CHOSEN.findall(row["relevant"]):
        name, wanted = selected or equal, option or value
        options = [each["name"] for each in lists.get(asked.get(name) or "", [])]
        if options and wanted not in options:
            message = f"It is never asked for that reason: `{name}` has no option `{wanted}`."
            yield Problem(
                "survey", row.number, "relevant", message, f"One of: {', '.join(options)}."
            )


def _describe_without_text(
    row: Row, survey: Sheet, lists: dict[str, list[Row]]
) -> Iterator[Problem]:
    kind, list_name = kind_of(row)
    if kind not in ("select_one", "select_multiple"):
        return
    options = [
        option
        for option in lists.get(list_name, ())
        if any(DESCRIBE.search(text) for text in option.texts("label").values())
    ]
    texts = [each for each in survey.rows if kind_of(each)[0] in ("text", "string")]
    told = any(row["name"] in REFERENCE.findall(each["relevant"]) for each in texts)
    if options and not told:
        message = (
            f"The option `{options[0]['name']}` asks for words, and no text question takes them."
        )
        remedy = f"Add a text question, relevant where ${{{row['name']}}} is that option."
        yield Problem("survey", row.number, "name", message, remedy)


def _look_alikes(sheet: Sheet) -> Iterator[Problem]:
    """Letters of other alphabets in codes, which look Latin and are not."""
    for row in sheet.rows:
        for column in ("code", "indicator", "irregularity", "list_name", "form_id"):
            strange = next((each for each in row[column] if not each.isascii()), None)
            if strange:
                name = unicodedata.name(strange, f"U+{ord(strange):04X}").lower()
                message = f"`{row[column]}` holds `{strange}` ({name}), no Latin letter."
                yield Problem(sheet.name, row.number, column, message, in_latin(row[column]))


def in_latin(code: str, otherwise: str = "Type it again.") -> str:
    """The remedy for a code that looks Latin and is not: the letters that were meant."""
    meant = code.translate(LOOK_ALIKE)
    return f"Did you mean `{meant}`?" if meant != code and meant.isascii() else otherwise


def _settings(settings: Sheet) -> Iterator[Problem]:
    for row in settings.rows[:1]:
        for column, pattern in SETTINGS.items():
            if row[column] and not re.fullmatch(pattern, row[column]):
                remedy = (
                    f"One of: {pattern.replace('|', ', ')}." if "|" in pattern else "See the guide."
                )
                message = f"`{row[column]}` cannot stand here."
                yield Problem("settings", row.number, column, message, remedy)
