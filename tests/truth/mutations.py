"""Twenty mistakes planted in the product, each of which the oracle must find.

Run by ``make oracle``, not by ``make test``. A mutation replaces one function, table or statement
of the product by one that is wrong in a way that somebody could have written.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import analytics.charts.intervals
import analytics.observation.drawn_sample
import analytics.observation.irregularity_rates
import analytics.observation.record
import analytics.observation.visits
import analytics.observation.voices
import analytics.results.quick_count
import analytics.survey.proportions
import analytics.wording
import api.figures.coverage
import api.figures.export
import api.figures.rates
import api.figures.unobserved
import api.intake.contests
import api.intake.settling
import api.intake.transaction
import mobile_forms.judgement
from analytics.observation.voices import Silence
from schemas.codes import Status
from tests.conftest import Database, _fresh
from tests.truth.agreement import differences
from tests.truth.feeding import RefusedStep

SEEDS = 6
"""In so many missions each mutation is found at the latest."""
Patch = pytest.MonkeyPatch
MUTATIONS: dict[str, Callable[[Patch], None]] = {}


def mutation(name: str) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    """Name a mutation."""

    def named(make: Callable[[Patch], None]) -> Callable[[Patch], None]:
        MUTATIONS[name] = make
        return make

    return named


def settled_otherwise(patch: Patch, *changes: tuple[str, str]) -> None:
    """The statement that says which report counts, changed."""
    said = api.intake.settling.SETTLE
    for before, after in changes:
        assert before in said
        said = said.replace(before, after)
    patch.setattr(api.intake.settling, "SETTLE", said)
    patch.setattr(api.intake.transaction, "SETTLE", said)


def silenced(patch: Patch, change: Callable[[Silence], Silence]) -> None:
    """What is known of silent stations, changed."""
    real = api.figures.rates.silence
    patch.setattr(api.figures.rates, "silence", lambda *given: change(real(*given)))


@mutation("of one visit the oldest report counts")
def _(patch: Patch) -> None:
    of = "(receipt) FILTER (WHERE NOT stale) OVER "
    settled_otherwise(
        patch,
        (f"greatest(max{of}finished", f"least(min{of}finished"),
        (f"max{of}copied", f"min{of}copied"),
        ("receipt < newest", "receipt > newest"),
    )


@mutation("what a phone sent earlier and arrives later counts")
def _(patch: Patch) -> None:
    settled_otherwise(patch, (", false) AS stale", ", false) AND false AS stale"))


@mutation("protocols of two contests supersede each other")
def _(patch: Patch) -> None:
    settled_otherwise(
        patch,
        ("checklist, contest, finished", "checklist, finished"),
        ("checklist, contest, copied", "checklist, copied"),
    )


@mutation("of a static team's observations one counts")
def _(patch: Patch) -> None:
    settled_otherwise(patch, ("IS TRUE AS observations", "IS TRUE AND false AS observations"))


@mutation("a copy of an observation counts beside it")
def _(patch: Patch) -> None:
    settled_otherwise(patch, ("jsonb_build_array(device_id, answers)", "jsonb_build_array(id)"))


@mutation("what comes after a verified report is superseded and not held")
def _(patch: Patch) -> None:
    settled_otherwise(
        patch, ("receipt > decided THEN 'held'", "receipt > decided THEN 'superseded'")
    )


@mutation("a contest that is not voted on here is accepted")
def _(patch: Patch) -> None:
    real = api.intake.contests.contest_of

    def accepting(named: Any, answers: Any, here: Any, all_: Any) -> Any:
        return real(named, answers, all_.contests if named else here, all_)

    for module in (api.intake.contests, *_importing("contest_of", real)):
        patch.setattr(module, "contest_of", accepting)


@mutation("what was reported to observers is a station's voice before what they saw to be fine")
def _(patch: Patch) -> None:
    order = analytics.observation.voices.ORDER
    changed = (order[0], order[2], order[1], *order[3:])
    patch.setattr(analytics.observation.voices, "ORDER", changed)
    patch.setattr(analytics.observation.voices, "_VOICE", analytics.observation.voices._by_bits())


@mutation("within a report fine is stronger than reported to observers")
def _(patch: Patch) -> None:
    ranks = list(mobile_forms.judgement._RANKS)
    fine, told = Status.FINE, Status.IRREGULAR_TOLD
    ranks[fine], ranks[told] = ranks[told], ranks[fine]
    patch.setattr(mobile_forms.judgement, "_RANKS", tuple(ranks))


@mutation("stations where nobody was asked are in the domain")
def _(patch: Patch) -> None:
    real = analytics.observation.irregularity_rates.count_of

    def counting(said: Any, unit: Any, indicator: Any, **more: Any) -> Any:
        found = real(said, unit, indicator, **more)
        if found.domain is None:
            return found
        n = found.domain.n + found.beside.not_asked
        return replace(found, domain=replace(found.domain, n=n))

    patch.setattr(analytics.observation.irregularity_rates, "count_of", counting)


@mutation("a refused station answers nothing")
def _(patch: Patch) -> None:
    def forgetting(known: Silence) -> Silence:
        seen = known.voices == Status.IRREGULAR
        voices = np.where(seen, analytics.observation.voices.UNOBSERVED, known.voices)
        return replace(known, voices=voices.astype(np.uint8))

    silenced(patch, forgetting)


@mutation("refused, closed and unsafe stations are missing")
def _(patch: Patch) -> None:
    def missing(known: Silence) -> Silence:
        gone = known.voices == analytics.observation.voices.UNOBSERVED
        voices = np.where(gone, analytics.observation.voices.MISSING, known.voices)
        return replace(known, voices=voices.astype(np.uint8))

    silenced(patch, missing)


@mutation("a report dated ahead counts at once")
def _(patch: Patch) -> None:
    def counted(self: Any) -> Any:
        return analytics.observation.record._COUNTED[self.rows["status"]]

    made = cached_property(counted)
    made.__set_name__(analytics.observation.record.Record, "counted")
    patch.setattr(analytics.observation.record.Record, "counted", made)


@mutation("an estimate is given while a class of stratum sent too little")
def _(patch: Patch) -> None:
    sample = analytics.observation.drawn_sample.DrawnSample
    patch.setattr(sample, "responds", lambda *given: True)


@mutation("visits that nobody was sent to are the sample's")
def _(patch: Patch) -> None:
    def sent(sample: Any, matrix: Any) -> Any:
        if sample is None:
            return np.zeros(len(matrix), dtype=np.bool_)
        kinds = analytics.observation.drawn_sample.KINDS
        here = np.isin(matrix["place"], sample.place)
        return here & (matrix["kind"] == kinds.index(sample.kind))

    real = analytics.observation.drawn_sample.sent_by
    for module in _importing("sent_by", real):
        patch.setattr(module, "sent_by", sent)


@mutation("the interval of a share takes the whole sample for simple")
def _(patch: Patch) -> None:
    real = analytics.survey.proportions.beta_interval

    def wider(value: Any, n: Any, *more: Any) -> Any:
        return real(value, np.asarray(n) * 0.9, *more)

    patch.setattr(analytics.survey.proportions, "beta_interval", wider)


@mutation("± is printed whatever the ends of the interval")
def _(patch: Patch) -> None:
    def margin(value: float, low: float, high: float, places: int, style: Any) -> str:
        return f"±{style.decimals((high - low) / 2, places)}"

    patch.setattr(analytics.wording, "_margin", margin)


@mutation("stations are called observations")
def _(patch: Patch) -> None:
    nouns = dict(analytics.wording.NOUNS)
    nouns["station"] = nouns["observation"]
    patch.setattr(analytics.wording, "NOUNS", nouns)


@mutation("a chart's dot stands in the middle of its interval")
def _(patch: Patch) -> None:
    real = analytics.charts.intervals._mark

    def middle(estimate: Any, *more: Any) -> str:
        return real(replace(estimate, value=(estimate.low + estimate.high) / 2), *more)

    patch.setattr(analytics.charts.intervals, "_mark", middle)


@mutation("the CSV gives what answered for what was drawn")
def _(patch: Patch) -> None:
    real = api.figures.export.number_out

    def out(number: Any, *given: Any, **more: Any) -> Any:
        said = real(number, *given, **more)
        return said | ({"of": said["n"]} if said["type"] == "estimate" else {})

    for module in (api.figures.export, *_importing("number_out", real)):
        patch.setattr(module, "number_out", out)


def _importing(name: str, what: object) -> Iterator[Any]:
    """The modules of the product that have a function by its name."""
    import sys

    for module in list(sys.modules.values()):
        ours = getattr(module, "__name__", "").split(".")[0] in ("api", "analytics")
        if ours and getattr(module, name, None) is what:
            yield module


@pytest.mark.parametrize("name", MUTATIONS)
async def test_a_planted_mistake_is_found(
    name: str, server: str, tmp_path: Path, monkeypatch: Patch
) -> None:
    MUTATIONS[name](monkeypatch)
    for seed in range(SEEDS):
        for database in _fresh(server):
            home = tmp_path / str(seed)
            home.mkdir()
            if await found_in(seed, database, home):
                return
    raise AssertionError(f"not found in {SEEDS} missions: {name}")


async def found_in(seed: int, database: Database, home: Path) -> bool:
    """Whether the two counts differ, or something was refused that could be done."""
    try:
        return bool(await differences(seed, database, home))
    except RefusedStep:
        return True
