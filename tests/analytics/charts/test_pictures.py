"""Figures of coverage: named, described, escaped, readable, drawn the same for documents."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import numpy as np
import pytest

from analytics.charts import (
    DARK,
    LIGHT,
    EstimateAtMoment,
    MapArea,
    area_map,
    arrival_curve,
    convergence,
    coverage_bar,
    shapes_of,
)
from analytics.charts.arrival import nice_top
from analytics.charts.canvas import contrast, label_on
from analytics.observation.coverage import Coverage
from analytics.observation.ids import micro
from analytics.observation.plan_coverage import arrivals

NIGHT = datetime(2027, 3, 14, 20, tzinfo=UTC)
SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))


def covered(received: int, expected: int) -> Coverage:
    return Coverage(
        group=1,
        expected=expected,
        received=received,
        missing=expected - received,
        held=0,
        flagged=0,
        late=0,
        unplanned=0,
        set_aside=0,
    )


def a_map(**options: object) -> str:
    areas = [
        MapArea("Dorrin <b>", (SQUARE,), covered(22, 66)),
        MapArea("Estmar", (tuple((x + 1, y) for x, y in SQUARE),), covered(63, 81)),
    ]
    return area_map(areas, title="Counts received, by region", **options)  # type: ignore[arg-type]


def an_arrival(**options: object) -> str:
    minutes = micro(NIGHT) + np.arange(300) * 60_000_000
    curve = arrivals(
        minutes,
        minutes[:200:2],
        as_of=NIGHT + timedelta(hours=3),
    )
    return arrival_curve(curve, title="Counts are behind plan", zone=UTC, **options)  # type: ignore[arg-type]


def a_convergence(**options: object) -> str:
    points = [
        EstimateAtMoment(
            NIGHT + timedelta(minutes=15 * n), 0.49 + 0.1 / n, 0.49 - 0.02 / n, 0.49 + 0.2 / n
        )
        for n in range(1, 20)
    ]
    return convergence(
        points,
        title="Candidate A around half",
        contestant="A",
        zone=UTC,
        threshold=0.5,
        threshold_label="50% first-round line",
        **options,  # type: ignore[arg-type]
    )


def a_bar(**options: object) -> str:
    return coverage_bar(covered(22, 66), label="Dorrin & Co", **options)  # type: ignore[arg-type]


PICTURES = [a_map, an_arrival, a_convergence, a_bar]


@pytest.mark.parametrize("draw", PICTURES)
def test_every_picture_is_well_formed_and_carries_its_title_and_description(draw: object) -> None:
    root = ElementTree.fromstring(draw())  # type: ignore[operator]
    title, desc = list(root)[:2]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text
    assert desc.text


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_for_a_document_has_every_colour_resolved(draw: object) -> None:
    assert "var(" in draw()  # type: ignore[operator]
    assert "var(" not in draw(palette=LIGHT)  # type: ignore[operator]


@pytest.mark.parametrize("draw", PICTURES)
def test_the_same_picture_twice_on_one_page_keeps_its_ids_apart_by_key(draw: object) -> None:
    once, again = (set(re.findall(r' id="([^"]+)"', draw(key=key))) for key in "ab")  # type: ignore[operator]
    assert once
    assert not once & again


@pytest.mark.parametrize("draw", PICTURES)
def test_no_picture_needs_an_inline_style_and_none_is_mirrored(draw: object) -> None:
    assert " style=" not in draw()  # type: ignore[operator]
    assert 'direction="ltr"' in draw()  # type: ignore[operator]


def test_names_from_the_field_are_escaped() -> None:
    assert "Dorrin &lt;b&gt;" in a_map()
    assert "Dorrin &amp; Co" in a_bar()


def test_under_half_is_hatched_and_said_and_over_half_is_not() -> None:
    assert "under-half)" in a_bar()
    assert "Under half: Dorrin" in a_map()
    assert "under-half" not in coverage_bar(covered(40, 66), label="Keshal")


def test_a_bar_never_runs_over_its_frame_and_an_unplanned_group_draws_none() -> None:
    assert "M0 1h96.0v8H0z" in coverage_bar(covered(70, 66), label="Keshal")
    assert "Nothing was planned" in coverage_bar(covered(0, 0), label="Keshal")


def test_labels_on_the_map_can_be_read_in_both_themes() -> None:
    for step in range(5):
        name = label_on(step)
        grounds = [theme.coverage[step] if name else theme.sheet for theme in (LIGHT, DARK)]
        written = [getattr(theme, name or "ink") for theme in (LIGHT, DARK)]
        assert min(map(contrast, written, grounds)) >= 4.5


def test_a_page_s_own_rule_for_text_cannot_take_a_label_its_colour() -> None:
    labels = [each for each in ElementTree.fromstring(a_map()).iter() if each.text == "63/81"]
    assert [(each.tag.split("}")[1], each.get("fill")) for each in labels] == [
        ("tspan", "var(--sheet)")
    ]


def test_black_on_white_has_the_contrast_that_the_norm_gives() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_the_quick_count_says_when_its_range_crosses_the_threshold() -> None:
    assert "The range crosses 50%" in a_convergence()
    assert "50% first-round line" in a_convergence()


def test_no_estimate_and_no_shape_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="points"):
        convergence([], title="", contestant="", zone=UTC)
    with pytest.raises(ValueError, match="areas"):
        area_map([MapArea("X", (), covered(1, 1))], title="")


def test_shapes_are_read_from_polygons_and_refused_from_points() -> None:
    ring = [[0, 0], [1, 0], [1, 1]]
    assert len(shapes_of({"type": "MultiPolygon", "coordinates": [[ring], [ring]]})) == 2
    assert shapes_of({"type": "Polygon", "coordinates": [ring]}) == (((0, 0), (1, 0), (1, 1)),)
    with pytest.raises(ValueError, match="shape: Point"):
        shapes_of({"type": "Point", "coordinates": [0, 0]})


@pytest.mark.parametrize(
    ("most", "top"),
    [(1, 4), (9, 20), (55, 60), (88, 100), (1000, 1000), (1001, 2000), (4230, 5000)],
)
def test_the_axis_of_arrivals_ends_on_a_number_whose_quarters_are_whole(
    most: int, top: int
) -> None:
    assert nice_top(most) == top
