"""Indicators declared beside questions, gathered into the sheet ``indicators``.

An author may write severity, standards, stage and the sentence beside the question itself. What
the sheet ``indicators`` says of a code counts before it.
"""

from collections.abc import Iterator

from mobile_forms.outline import kind_of
from mobile_forms.sheets import Row, Sheet, split_language

SPOKEN = ("phrase", "positive_phrase")


def gather(sheets: dict[str, Sheet]) -> dict[str, Sheet]:
    """The sheets, with a row in ``indicators`` for each code that stands in no row of its own.

    Such a row stands in the place of the question that first describes the code.
    """
    indicators = sheets["indicators"]
    known = {row["code"] for row in indicators.rows}
    made: dict[str, Row] = {}
    for code, row in _described(sheets):
        if code not in known:
            made[code] = _onto(made.get(code), row, code, sheets)
    headers = dict.fromkeys([*indicators.headers, *(h for r in made.values() for h in r.cells)])
    rows = (*indicators.rows, *made.values())
    return sheets | {"indicators": Sheet("indicators", tuple(headers), rows)}


def _described(sheets: dict[str, Sheet]) -> Iterator[tuple[str, Row]]:
    """Each code with the rows that say something of it: questions, then their options."""
    raised: dict[str, list[Row]] = {}
    for option in sheets["choices"].rows:
        if option["irregularity"]:
            raised.setdefault(option["list_name"] or option["list name"], []).append(option)
    for row in sheets["survey"].rows:
        speaks = any(row.texts(column) for column in SPOKEN)
        if row["indicator"] and speaks:
            yield row["indicator"], row
        options = raised.get(kind_of(row)[1], [])
        for code in dict.fromkeys(each["irregularity"] for each in options):
            if speaks and code != row["indicator"]:
                own = next(each for each in options if each["irregularity"] == code)
                said = {name: own[name] for name in ("severity", "standards") if own[name]}
                yield code, Row(row.number, row.cells | said, sheet="survey")


def _onto(standing: Row | None, row: Row, code: str, sheets: dict[str, Sheet]) -> Row:
    """The row of a code; what stands already counts before what a later question says."""
    settings = sheets["settings"].rows[:1]
    stage = row["stage"] or (settings[0]["stage"] if settings else "") or "all"
    said = {
        header: text
        for header, text in row.cells.items()
        if split_language(header)[0] in ("severity", "standards", *SPOKEN)
    }
    earlier = standing.cells if standing else {}
    number = standing.number if standing else row.number
    return Row(number, {"code": code, "stage": stage} | said | earlier, sheet="survey")
