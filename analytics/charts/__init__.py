"""The house's figures, as SVG: the same code draws the pages' charts and the documents'.

Every figure takes a :class:`Palette`: :data:`SCREEN` leaves the colours to the page's tokens,
:data:`LIGHT` and :data:`DARK` resolve them. An axis is never mirrored, even
where the page runs from right to left.
"""

from analytics.charts.areas import MapArea, area_map
from analytics.charts.arrival import arrival_curve
from analytics.charts.bars import Bar, RatingRow, bar_chart, coverage_bar, rating_chart
from analytics.charts.canvas import DARK, LIGHT, SCREEN, Palette
from analytics.charts.convergence import EstimateAtMoment, convergence
from analytics.charts.intervals import (
    Axis,
    IntervalRow,
    axis_for,
    axis_scale,
    dot_and_interval,
    interval_chart,
    share_and_line,
)
from analytics.charts.layered_map import (
    AreaLayer,
    DrawnArea,
    IncidentMark,
    StationMarks,
    layered_map,
    small_map,
)
from analytics.charts.map_geometry import shapes_of
from analytics.charts.squares import squares

__all__ = [
    "DARK",
    "LIGHT",
    "SCREEN",
    "AreaLayer",
    "Axis",
    "Bar",
    "DrawnArea",
    "EstimateAtMoment",
    "IncidentMark",
    "IntervalRow",
    "MapArea",
    "Palette",
    "RatingRow",
    "StationMarks",
    "area_map",
    "arrival_curve",
    "axis_for",
    "axis_scale",
    "bar_chart",
    "convergence",
    "coverage_bar",
    "dot_and_interval",
    "interval_chart",
    "layered_map",
    "rating_chart",
    "shapes_of",
    "share_and_line",
    "small_map",
    "squares",
]
