"""How a number is printed: units, domains, intervals, percentages, small numbers, response."""

from typing import Any

import pytest

from analytics.statements.blocks import Figure, FigureRow, Sentence, Table
from analytics.statements.lint import Response
from tests.analytics.statements.lint.statement import (
    Case,
    count,
    estimate,
    fires_once_at_its_words,
    found_in,
    paragraph,
    sentence,
)

DOMAIN = {
    "text": {"en": "where a complaint was made", "fr": "où une plainte a été déposée"},
    "n": 68,
}
N: dict[str, dict[str, Any]] = {
    "s": count(9, 40),
    "o": count(27, 72, "observation", stations=64),
    "twice": count(27, 72, "station", stations=64),
    "big": count(90, 400),
    "e": estimate(0.12, 0.10, 0.14),
    "wide": estimate(0.0252, 0.0105, 0.0448, n=636, seen=16),
    "few": estimate(0.4, 0.2, 0.6, n=20, seen=8),
    "some": estimate(0.1, 0.08, 0.13, n=60, seen=6),
    "q": estimate(0.498, 0.495, 0.501, n=600, speaks="votes", unit="vote"),
    "d": {**estimate(0.13, 0.08, 0.18, n=106, seen=14), "domain": DOMAIN, "not_asked": 494},
    "rare": estimate(0.002, 0.0004, 0.008, n=981, seen=2),
}
STATIONS = {
    "en": ("At {{o|27 of 72}} polling stations observed it was so.", "polling stations",
           "In {{o|27 of 72}} observations it was so."),
    "fr": ("Dans {{o|27 sur 72}} bureaux de vote observés.", "bureaux de vote",
           "Dans {{o|27 sur 72}} observations."),
    "es": ("En {{o|27 de 72}} mesas de votación observadas.", "mesas de votación",
           "En {{o|27 de 72}} observaciones."),
    "pt": ("Em {{o|27 de 72}} mesas de voto observadas.", "mesas de voto",
           "Em {{o|27 de 72}} observações."),
    "ar": ("في {{o|27 من 72}} مراكز الاقتراع التي رُصدت.", "مراكز الاقتراع",
           "في {{o|27 من 72}} زيارة."),
}  # fmt: skip
OF_ALL = {
    "en": ("At {{s|9 of 40}} polling stations it was so.", "9 of 40 polling stations",
           "At {{s|9 of 40}} polling stations observed it was so."),
    "fr": ("Dans {{s|9 sur 40}} bureaux de vote.", "9 sur 40 bureaux de vote",
           "Dans {{s|9 sur 40}} bureaux de vote observés."),
    "es": ("En {{s|9 de 40}} mesas de votación.", "9 de 40 mesas de votación",
           "En {{s|9 de 40}} mesas de votación observadas."),
    "pt": ("Em {{s|9 de 40}} mesas de voto.", "9 de 40 mesas de voto",
           "Em {{s|9 de 40}} mesas de voto observadas."),
    "ar": ("في {{s|9 من 40}} من مراكز الاقتراع.", "9 من 40 من مراكز الاقتراع",
           "في {{s|9 من 40}} من مراكز الاقتراع التي رُصدت."),
}  # fmt: skip
QUANTITY = {
    "en": ("At some polling stations, {{some|10% (8–13%)}}, it was so.",
           "At {{some|10% (8–13%)}} of polling stations it was so."),
    "fr": ("Dans certains bureaux de vote, {{some|10\u202f% (8–13\u202f%)}}.",
           "Dans {{some|10\u202f% (8–13\u202f%)}} des bureaux de vote."),
    "es": ("En algunas mesas, {{some|10\u202f% (8–13\u202f%)}}.",
           "En el {{some|10\u202f% (8–13\u202f%)}} de las mesas de votación."),
    "pt": ("Em algumas mesas, {{some|10% (8–13%)}}.",
           "Em {{some|10% (8–13%)}} das mesas de voto."),
    "ar": ("في بعض مراكز الاقتراع، {{some|10% (8%–13%)}}.",
           "في {{some|10% (8%–13%)}} من مراكز الاقتراع."),
}  # fmt: skip


@pytest.mark.parametrize("language", STATIONS)
def test_visits_are_not_called_stations_in_any_language(language: str) -> None:
    broken, noun, mended = STATIONS[language]
    said = broken[broken.index("|") + 1 : broken.index("}}")]
    fires_once_at_its_words(Case("unit.wrong", language, broken, f"{said} {noun}", mended, N))


def test_a_count_of_stations_that_holds_a_station_twice_is_found() -> None:
    broken = "At {{twice|27 of 72}} polling stations observed it was so."
    mended = "At {{s|9 of 40}} polling stations observed it was so."
    fires_once_at_its_words(
        Case("unit.wrong", "en", broken, "27 of 72 polling stations", mended, N)
    )


@pytest.mark.parametrize("language", OF_ALL)
def test_a_count_does_not_speak_of_all_polling_stations_in_any_language(language: str) -> None:
    broken, words, mended = OF_ALL[language]
    fires_once_at_its_words(Case("interval.forbidden", language, broken, words, mended, N))


def test_a_number_of_whom_was_asked_says_of_which() -> None:
    for language, broken, mended in (
        (
            "en",
            "A complaint was not accepted at {{d|13% ±5}} of polling stations.",
            "Where a complaint was made, it was not accepted at {{d|13% ±5}} of polling stations.",
        ),
        (
            "fr",
            "Une plainte n'a pas été acceptée dans {{d|13\u202f% ±5}} des bureaux de vote.",
            "Dans {{d|13\u202f% ±5}} des bureaux de vote où une plainte a été déposée.",
        ),
    ):
        said = broken[broken.index("|") + 1 : broken.index("}}")]
        fires_once_at_its_words(Case("domain.missing", language, broken, said, mended, N))


def test_what_refers_back_to_its_condition_says_of_which() -> None:
    text = "One was made at {{e|12% ±2}} of polling stations; at {{d|14}} of these it was refused."
    assert found_in([paragraph(text, N)], N) == ()


def test_a_chart_says_of_which_too() -> None:
    row = FigureRow(label="Not accepted", number_id="d")
    drawn = Figure(picture="intervals", title="So", alternative="So", rows=(row,), id="here")
    assert [each.rule for each in found_in([drawn], N)] == ["domain.missing"]
    row = FigureRow(label="Not accepted, where a complaint was made", number_id="d")
    assert found_in([drawn.model_copy(update={"rows": (row,)})], N) == ()


def test_no_interval_stands_on_what_nobody_drew_by_lot() -> None:
    broken = "In {{big|22% ±4}} of polling stations observed it was so."
    mended = "In {{big|22%}} of polling stations observed it was so."
    fires_once_at_its_words(Case("interval.forbidden", "en", broken, "22% ±4", mended, N))
    broken = "With confidence, it was so at {{s|9 of 40}} polling stations observed."
    mended = "It was so at {{s|9 of 40}} polling stations observed."
    fires_once_at_its_words(Case("interval.forbidden", "en", broken, "confidence", mended, N))


def test_no_whisker_is_drawn_for_a_count() -> None:
    row = FigureRow(label="So", number_id="s")
    drawn = Figure(picture="intervals", title="So", alternative="So", rows=(row,), id="here")
    assert [each.rule for each in found_in([drawn], N)] == ["interval.forbidden"]
    assert found_in([drawn.model_copy(update={"picture": "squares"})], N) == ()


def test_areas_are_not_ranked_by_counts() -> None:
    fires_once_at_its_words(
        Case(
            "interval.forbidden",
            "en",
            "The worst region was North, {{s|9 of 40}}.",
            "worst region",
            "In the North it was so at {{s|9 of 40}} places.",
            N,
        )
    )
    rows: tuple[tuple[Sentence, ...], ...] = ((sentence("North", N), sentence("{{s|9 of 40}}", N)),)
    table = Table(
        title="So", columns=("Area", "Seen"), rows=rows, groups="areas", ranked_by="number", id="x"
    )
    assert [each.rule for each in found_in([table], N)] == ["interval.forbidden"]
    assert found_in([table.model_copy(update={"ranked_by": "name"})], N) == ()


@pytest.mark.parametrize(
    ("broken", "words", "mended"),
    [
        ("{{wide|3% ±1}}", "3% ±1", "{{wide|3% (1–4%)}}"),
        ("{{rare|0%}}", "0%", "{{rare|fewer than 1% (0.0–0.8%)}}"),
        ("{{q|50%}}", "50%", "{{q|49.8% ±0.3}}"),
    ],
)
def test_what_is_printed_is_the_interval_and_never_none_or_all(
    broken: str, words: str, mended: str
) -> None:
    of = "{} of them."
    fires_once_at_its_words(
        Case("interval.display", "en", of.format(broken), words, of.format(mended), N)
    )


def test_few_are_said_as_x_of_n() -> None:
    broken, mended = "In {{s|22%}} of them it was so.", "In {{s|9 of 40}} of them it was so."
    fires_once_at_its_words(Case("n.small", "en", broken, "22%", mended, N))
    broken, mended = "At {{few|40% ±20}} it was so.", "At {{few|8 of 20}} it was so."
    fires_once_at_its_words(Case("n.small", "en", broken, "40% ±20", mended, N))


@pytest.mark.parametrize("language", QUANTITY)
def test_a_word_of_quantity_needs_a_hundred_answers_in_every_language(language: str) -> None:
    broken, mended = QUANTITY[language]
    said = broken[broken.index("|") + 1 : broken.index("}}")]
    fires_once_at_its_words(Case("n.small", language, broken, said, mended, N))


def test_nothing_on_fewer_than_thirty_stations_leads() -> None:
    numbers = {"f": {**count(9, 20), "finding": "f"}, "g": {**count(9, 40), "finding": "g"}}
    fires_once_at_its_words(
        Case(
            "n.small",
            "en",
            "It was so at {{f|9 of 20}} polling stations observed.",
            "9 of 20",
            "It was so at {{g|9 of 40}} polling stations observed.",
            numbers,
            section="conclusions",
        )
    )


def test_no_estimate_is_printed_where_too_few_of_a_class_reported() -> None:
    low = {"response": Response(0.8, 0.93, {"the north": 0.71, "the south": 0.97})}
    enough = {"response": Response(0.8, 0.93, {"the north": 0.81})}
    text = "It was so at {{e|12% ±2}} of polling stations."
    case = Case("response.low", "en", text, "12% ±2", text, N, wrong=low, right=enough)
    fires_once_at_its_words(case)
    (problem,) = found_in([paragraph(text, N)], N, **low)
    assert problem.message.startswith("Only 71% of the north reported")
