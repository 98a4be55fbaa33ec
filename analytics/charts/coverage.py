"""The coverage bar: how much of what was planned has come; hatched under half."""

from analytics.charts.canvas import element, hatch, key_of, picture
from analytics.charts.palette import SCREEN, Palette
from analytics.observation.coverage import Coverage


def ramp(share: float) -> int:
    """The step of the coverage ramp (0 to 4) of a share of half or more: 50, 60, 75, 100."""
    return 1 if share < 0.6 else 2 if share < 0.75 else 3 if share < 1 else 4


def coverage_bar(
    row: Coverage,
    *,
    label: str,
    desc: str | None = None,
    width: float = 96,
    palette: Palette = SCREEN,
    key: str | None = None,
) -> str:
    """A bar of received of expected. ``label`` names the group, such as an area.

    ``desc`` stands in place of what is missing, late and set aside.
    """
    key = key or key_of("bar", label, row)
    share = min(1.0, row.share or 0.0)
    frame = element("path", d=f"M0 1h{width:g}v8H0z", fill="none", stroke=palette.edge)
    fill = f"url(#{key}-under-half)" if row.under_half else palette.coverage[ramp(share)]
    filled = element("path", d=f"M0 1h{share * width:.1f}v8H0z", fill=fill) if share else ""
    pattern = hatch(key, palette) if row.under_half else ""
    return picture(
        pattern + frame + filled,
        title=f"{label}: {row.received} of {row.expected} received",
        desc=_beside(row) if desc is None else desc,
        size=(width, 10),
        key=key,
        palette=palette,
    )


def _beside(row: Coverage) -> str:
    if not row.expected:
        return f"Nothing was planned here; {row.unplanned} came."
    half = "Under half. " if row.under_half else ""
    return f"{half}{row.missing} missing, {row.late} of them late; {row.set_aside} set aside."
