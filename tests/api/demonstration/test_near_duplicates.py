"""Near-duplicates among simulated honest forms: hardly any; copied forms: nearly all of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from analytics.quality.screening import Form, screen
from api.checklists.publishing import library_workbook
from api.demonstration.country import make_country, make_truth
from api.demonstration.day import ElectionDay
from api.demonstration.mission import teams_of
from api.demonstration.rehearsal import CHECKLISTS
from api.demonstration.sending import Planted
from mobile_forms.workbook import compile_workbook

STATIONS, SAMPLED, MOST = 400, 100, 2000
KNOWN = {name: compile_workbook(library_workbook(name)).definition for name in CHECKLISTS}
OF_THE_STATION = ("registered", "voted_so_far")
"""Figures that whoever copies a form would look up or think of anew."""
LONG = 20


def honest(seed: int) -> list[Form]:
    """What the teams of an invented country write, without anything that is planted in it."""
    country = make_country(STATIONS, seed)
    drawn = np.random.default_rng(seed).choice(STATIONS, SAMPLED, replace=False)
    teams = teams_of(country, [country.stations[each].code for each in drawn], seed)
    truth = make_truth(country, seed)
    day = ElectionDay(country, truth, KNOWN, date(2026, 11, 8), seed).sent(teams, MOST)
    planted = day.ids(list(Planted))
    return [
        Form(
            report["id"],
            report["observer"],
            report["checklist"],
            report["answers"],
            place=report["station"],
            contest=report.get("contest", ""),
            began=datetime.fromisoformat(report["arrived_at"]),
            finished=datetime.fromisoformat(report["finalised_at"]),
        )
        for report in day.reports
        if report["id"] not in planted
    ]


def copied(forms: Sequence[Form], seed: int, *, figures: bool) -> tuple[list[Form], set[str]]:
    """The same, where one observer in three sends one form again from another station; with its
    ``figures``, or with those of the other station. And which those are."""
    chance = np.random.default_rng([seed, 1])
    together: defaultdict[tuple[str, str, str], list[Form]] = defaultdict(list)
    for form in forms:
        if len(form.answers) > LONG:
            together[form.observer, form.checklist, form.contest].append(form)
    again: dict[str, Form] = {}
    for own in together.values():
        places = {each.place: each for each in own}
        if len(places) < 2 or chance.random() > 1 / 3:
            continue
        one, other = chance.choice(np.array([*places]), 2, replace=False).tolist()
        kept = {} if figures else {
            name: value
            for name, value in places[other].answers.items()
            if name in OF_THE_STATION
        }  # fmt: skip
        report = places[other].report
        again[report] = replace(places[other], answers={**places[one].answers, **kept})
    return [again.get(each.report, each) for each in forms], set(again)


def near_duplicates(forms: Sequence[Form]) -> set[str]:
    return {each.report for each in screen(forms, KNOWN) if each.code == "near-identical"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_honest_forms_at_most_one_in_fifty_is_asked_about(seed: int) -> None:
    forms = honest(seed)
    assert len(forms) > 500
    assert len({each.report for each in screen(forms, KNOWN)}) <= 0.02 * len(forms)


@pytest.mark.parametrize("figures", [True, False])
def test_of_copied_forms_at_least_nineteen_in_twenty_are_found(figures: bool) -> None:
    planted, found = 0, 0
    for seed in (1, 2, 3):
        forms, copies = copied(honest(seed), seed, figures=figures)
        planted += len(copies)
        found += len(copies & near_duplicates(forms))
    assert planted >= 30
    assert found >= 0.95 * planted
