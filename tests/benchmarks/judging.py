"""How long a form of 200 questions takes to compile, and how many reports a core judges.

``python -m tests.benchmarks.judging``
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from mobile_forms.judgement import Judge
from mobile_forms.untrusted import compile_untrusted
from mobile_forms.workbook import compile_workbook
from tests.benchmarks.forms import answers, definition
from tests.mobile_forms.spreadsheets import CHOICES, INDICATORS, SETTINGS, spreadsheet

QUESTIONS, REPORTS = 200, 5_000


def long_form() -> bytes:
    """A workbook of 200 questions, each third relevant by the one before, 100 of them judged."""
    survey: list[dict[str, Any]] = [
        {
            "type": "select_one sealed" if number % 2 else "integer",
            "name": f"q{number}",
            "label": f"Question {number}",
            "label::French (fr)": f"Question {number}",
            **({"relevant": f"${{q{number - 1}}} != ''"} if number % 3 == 1 else {}),
        }
        for number in range(QUESTIONS)
    ]
    sealed = [row | {"label::French (fr)": row["label"]} for row in CHOICES[:4]]
    said = ("phrase", "positive_phrase")
    codes = [row | {f"{each}::French (fr)": row[each] for each in said} for row in INDICATORS[:1]]
    return spreadsheet(
        survey=survey, choices=sealed, indicators=codes, checks=[], settings=[SETTINGS]
    )


def main() -> None:
    """Print both, the best of three."""
    workbook = long_form()
    ways: dict[str, Callable[[bytes], object]] = {
        "compiled": compile_workbook,
        "in the confined child": compile_untrusted,
    }
    for name, work in ways.items():
        seconds = min(_timed(lambda work=work: work(workbook)) for _ in range(3))
        print(f"  {QUESTIONS} questions, {name:22} {seconds:6.2f} s")
    judge, report = Judge(definition()), answers()
    seconds = min(
        _timed(lambda: [judge.judge(report, {}) for _ in range(REPORTS)]) for _ in range(3)
    )
    print(f"  reports of 40 answers judged by one core {REPORTS / seconds:8,.0f} a second")


def _timed(work: Any) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
