"""Writing sheets as an XLSX workbook with bold headers that stay in view."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.styles import Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SheetRows = Sequence[Mapping[str, str]]


def write_workbook(sheets: Mapping[str, SheetRows]) -> bytes:
    """An .xlsx of rows by header; headers in the order in which they first stand."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        sheet.append(headers)
        for row in rows:
            sheet.append([row.get(header) or None for header in headers])
        for column, header in enumerate(headers, 1):
            sheet.cell(1, column).font = Font(bold=True)
            width = max(12, len(header) + 2)
            sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width
        sheet.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


TEMPLATE = Path(__file__).parent / "library" / "template.xlsx"
LABEL, PHRASE, POSITIVE, NOUN, REL, AMONG = (
    f"{column}::English (en)"
    for column in ("label", "phrase", "positive_phrase", "noun", "rel", "among")
)
SURVEY = [
    {"type": "begin_group", "name": "inside", LABEL: "Inside the station"},
    {"type": "select_one opened", "name": "opened", LABEL: "Did the station open?"},
    {"type": "select_one sealed", "name": "sealed", LABEL: "Was the ballot box sealed?"},
    {
        "type": "integer",
        "name": "minutes_late",
        LABEL: "How many minutes late did it open?",
        "constraint": ". >= 0",
        "indicator": "OP-LATE",
        "irregular_when": "${minutes_late} > 30",
        "judged_when": "${minutes_late} != ''",
        "severity": "1",
        "standards": "obl:10 obl:5",
        "stage": "opening",
        "section": "inside",
        PHRASE: "the station opened late",
        POSITIVE: "the station opened on time",
    },
    {
        "type": "select_one minuted",
        "name": "minuted",
        LABEL: "Was the late opening written down?",
        "relevant": "${minutes_late} > 30",
        PHRASE: "the late opening was not written down",
        POSITIVE: "the late opening was written down",
        NOUN: "late openings that were not written down",
        REL: "where the late opening was not written down",
        AMONG: "where the station opened late",
    },
    {"type": "text", "name": "why_late", LABEL: "Why?", "relevant": "${minutes_late} > 0"},
    {"type": "end_group", "name": ""},
]
CHOICES = [
    {"list_name": "sealed", "name": "yes", LABEL: "Yes"},
    {
        "list_name": "sealed",
        "name": "no",
        LABEL: "No",
        "irregularity": "CO-SEAL",
        "severity": "3",
        "standards": "obl:1",
    },
    {"list_name": "sealed", "name": "not_observed", LABEL: "Not observed"},
    {"list_name": "opened", "name": "yes", LABEL: "Yes"},
    {"list_name": "opened", "name": "no", LABEL: "No", "station_is": "closed"},
    {"list_name": "minuted", "name": "yes", LABEL: "Yes"},
    {
        "list_name": "minuted",
        "name": "no",
        LABEL: "No",
        "irregularity": "OP-MINUTES",
        "severity": "1",
        "standards": "obl:18",
    },
]
INDICATORS = [
    {
        "code": "CO-SEAL",
        "stage": "opening",
        "severity": "3",
        "standards": "obl:1",
        "access": "no",
        PHRASE: "the ballot box was not sealed",
        POSITIVE: "the ballot box was sealed",
        NOUN: "ballot boxes without seals",
        "noun_with_article::English (en)": "",
        LABEL: "Ballot box not sealed",
        REL: "where the ballot box was not sealed",
        "unread": "",
        AMONG: "",
    }
]
CHECKS = [
    {
        "name": "far-too-late",
        "flag_when": "${minutes_late} > 240",
        "explanation::English (en)": "Four hours are rare: is the figure right?",
        "difference": "${minutes_late} - 240",
        "tolerance": "0",
    }
]
SETTINGS = [
    {
        "form_title": "Template",
        "form_id": "template",
        "version": "1",
        "stage": "opening",
        "default_language": "English (en)",
        "title::English (en)": "Template",
        "two_teams": "independent",
        "expected": "1",
        "expected_per": "visit",
        "per": "visit",
        "sms_prefix": "OPEN",
    }
]
NOTES = [
    {"column": "indicator, irregular_when", "meaning": "A code, and where it is raised."},
    {"column": "judged_when", "meaning": "What must be known before it is judged."},
    {"column": "irregularity", "meaning": "The code that choosing this option raises."},
    {"column": "station_is", "meaning": "What choosing this option says of the whole station."},
    {"column": "access", "meaning": "yes where a refused entry answers the irregularity."},
    {"column": "severity", "meaning": "1 procedural, 2 serious, 3 integrity."},
    {"column": "standards", "meaning": "Ids of norms, parted by spaces."},
    {
        "column": "phrase, positive_phrase, stage, section",
        "meaning": "Beside the question, or in "
        "the sheet indicators where several questions raise one code.",
    },
    {"column": "phrase, positive_phrase", "meaning": "Part of a sentence: where seen, where not."},
    {
        "column": "noun, rel",
        "meaning": "What was seen, without verb or article; a clause for the places where it was.",
    },
    {
        "column": "noun_with_article",
        "meaning": "Where nouns do not stand bare in a list, such as in French: the noun with it.",
    },
    {"column": "label", "meaning": "In the sheet indicators: its short name in a table."},
    {
        "column": "unread",
        "meaning": "Languages, parted by spaces, in which no native speaker has read these words.",
    },
    {
        "column": "among",
        "meaning": "Of a question with a condition: where it is asked, such as `where a complaint "
        "was made`; or `all`, if it is fine wherever it is not asked.",
    },
    {"column": "flag_when, difference, tolerance", "meaning": "Figures that a person looks at."},
    {"column": "two_teams", "meaning": "agree or independent"},
    {
        "column": "expected, expected_per",
        "meaning": "How many reports per visit or day, where a plan names none.",
    },
    {
        "column": "per",
        "meaning": "What one report counts of: a visit, an observation (several in one visit), "
        "or a contest.",
    },
    {"column": "sms_prefix", "meaning": "What a report by SMS begins with."},
]


def template() -> bytes:
    """The template as a workbook."""
    return write_workbook(
        {
            "survey": SURVEY,
            "choices": CHOICES,
            "indicators": INDICATORS,
            "checks": CHECKS,
            "settings": SETTINGS,
            "notes": NOTES,
        }
    )


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
