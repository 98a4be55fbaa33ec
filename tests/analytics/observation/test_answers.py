"""What reports answered, as columns beside a record."""

from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from analytics.observation.answers import NO_ANSWERS, Spoken, count_texts, sum_staff
from analytics.observation.code_matrix import KINDS
from analytics.observation.ids import ID
from analytics.observation.record import ROW, STATUSES, Batch, Record
from schemas.report import COUNTED

CHECKLISTS = ("opening", "voting")
REPORT = some.fixed_dictionaries(
    {
        "received": some.integers(1, 9),
        "status": some.integers(0, len(STATUSES) - 1),
        "checklist": some.integers(0, 1),
        "kind": some.integers(0, len(KINDS) - 1),
        "said": some.sampled_from([None, '["good"]', '["bad"]']),
        "gone": some.just(False) | some.booleans(),
    }
)
NEWS = some.dictionaries(some.integers(1, 9), REPORT, max_size=6)


def identity(number: int) -> bytes:
    return number.to_bytes(16)


def batch_of(news: dict[int, dict[str, Any]], clock: int) -> Batch:
    here = {number: said for number, said in news.items() if not said["gone"]}
    rows = np.zeros(len(here), dtype=ROW)
    rows["id"] = np.frombuffer(b"".join(map(identity, here)), dtype=ID)
    rows["changed"], rows["rules"] = clock, -1
    for name in ("received", "status", "checklist", "kind"):
        rows[name] = [said[name] for said in here.values()]
    gone = b"".join(identity(number) for number, said in news.items() if said["gone"])
    return Batch(rows, clock, rows["id"], CHECKLISTS, (), ("",), gone=np.frombuffer(gone, dtype=ID))


def spoken(news: dict[int, dict[str, Any]]) -> list[Spoken]:
    texts = {said["said"] for said in news.values()}
    return [
        (text, b"".join(identity(at) for at, said in news.items() if said["said"] == text))
        for text in texts
    ]


@given(some.lists(NEWS, min_size=1, max_size=4))
def test_answers_follow_their_reports_wherever_these_stand(
    batches: list[dict[int, dict[str, Any]]],
) -> None:
    record, answers, stand = Record.empty({}), NO_ANSWERS, dict[int, dict[str, Any]]()
    for clock, news in enumerate(batches, 1):
        record = record.with_rows(batch_of(news, clock))
        answers = answers.over(record).with_texts(spoken(news), record)
        stand = {at: said for at, said in (stand | news).items() if not said["gone"]}
        counted = Counter(
            (CHECKLISTS[said["checklist"]], KINDS[said["kind"]], said["said"])
            for said in stand.values()
            if said["said"] is not None and STATUSES[said["status"]] in COUNTED
        )
        found = count_texts(record, answers)
        assert {tuple(each[:3]): each[3] for each in found} == counted
        assert answers.clock == clock
    again = NO_ANSWERS.over(record).with_texts(spoken(stand), record)
    assert sorted(count_texts(record, again)) == sorted(count_texts(record, answers))


FIGURE = some.sampled_from([0.0, 1.0, 2.0, 3.0, 7.0, 0.1, -1.0, 1e300])
SAYING = some.tuples(some.integers(0, 3), some.booleans(), FIGURE, FIGURE)


@given(some.lists(SAYING, max_size=8))
def test_staff_is_summed_of_reports_whose_figures_can_be(
    said: list[tuple[int, bool, float, float]],
) -> None:
    place, sent, staff, women = (np.array([each[at] for each in said]) for at in range(4))
    found = sum_staff(
        place.astype(np.int64), sent.astype(np.bool_), staff * 1.0, women * 1.0, places=4
    )
    fit = [each for each in said if 0 <= each[3] <= each[2] and each[2] > 0]
    assert (found.reports, found.set_aside) == (len(said), len(said) - len(fit))
    assert found.women == sum(each[3] for each in fit) or found.women > 1e299
    assert found.stations == len({each[0] for each in fit})
    for at in range(4):
        own = [each for each in fit if each[0] == at and each[1]]
        assert found.sent_at[at] == len(own)
        assert np.isclose(found.women_at[at], sum(each[3] for each in own))
        assert np.isclose(found.staff_at[at], sum(each[2] for each in own))
