"""The linter of the words that an irregularity may have beside its two sentences."""

from collections.abc import Iterable, Iterator

from mobile_forms.columns import FORMS, WITH_ARTICLE
from mobile_forms.sheets import Problem, Row

STOPS = (".", ":", ";", ",", "،", "؛", "!", "?", "؟")


def lint_forms(rows: Iterable[Row], languages: Iterable[str]) -> Iterator[Problem]:
    """What to mend in ``noun``, ``label`` and ``rel``, and in ``unread``, of the irregularities.

    A form is a part of a sentence or of a table, so it ends without a stop. ``unread`` names
    languages that the checklist's questions have.
    """
    known = tuple(languages)
    for row in rows:
        sheet = row.sheet or "indicators"
        for form in (*FORMS, WITH_ARTICLE):
            if any(text.endswith(STOPS) for text in row.texts(form).values()):
                message = "It is a part of a sentence, and ends with a stop."
                yield Problem(sheet, row.number, form, message, "Take the stop away.")
        for each in row["unread"].split():
            if each not in known:
                message = f"`{each}` is not a language of this checklist."
                remedy = f"Of: {' '.join(known)}." if known else "Name the labels' languages."
                yield Problem(sheet, row.number, "unread", message, remedy)
