"""Colours by name: as the page's CSS variables, or resolved for a document."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of the ink, the grounds, and the ramp of coverage from least to most."""

    paper: str
    sheet: str
    ink: str
    ink2: str
    violet: str
    edge: str
    line: str
    wash: str
    coverage: tuple[str, str, str, str, str]
    sans: str


LIGHT = Palette(
    paper="#F4F3EE",
    sheet="#FCFBF8",
    ink="#1B1726",
    ink2="#554F62",
    violet="#4B2A91",
    edge="#857F90",
    line="#D5D2C8",
    wash="#E8E2F4",
    coverage=("#DDD5EE", "#B7A5DB", "#8A6DC0", "#5D3A9E", "#341A70"),
    sans="Noto Sans, Noto Sans Arabic, sans-serif",
)
DARK = Palette(
    paper="#121018",
    sheet="#1A1722",
    ink="#EEEBF4",
    ink2="#B7B0C4",
    violet="#BBA6F7",
    edge="#827A94",
    line="#343040",
    wash="#2B2344",
    coverage=("#2E2747", "#4C3F78", "#7461AE", "#9F8ADB", "#D3C6FB"),
    sans=LIGHT.sans,
)
PRINT = Palette(
    paper="#FFFFFF",
    sheet="#FFFFFF",
    ink="#000000",
    ink2="#3D3949",
    violet=LIGHT.violet,
    edge=LIGHT.edge,
    line="#BBBBBB",
    wash=LIGHT.wash,
    coverage=LIGHT.coverage,
    sans=LIGHT.sans,
)
SCREEN = Palette(
    paper="var(--paper)",
    sheet="var(--sheet)",
    ink="var(--ink)",
    ink2="var(--ink2)",
    violet="var(--violet)",
    edge="var(--edge)",
    line="var(--line)",
    wash="var(--wash)",
    coverage=("var(--cov1)", "var(--cov2)", "var(--cov3)", "var(--cov4)", "var(--cov5)"),
    sans="var(--sans)",
)

READABLE = 4.5
"""The least contrast of text on its ground (WCAG 2.2, 1.4.3)."""


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours written ``#RRGGBB``, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def label_on(step: int) -> str | None:
    """What a label on a step of the coverage ramp (0 to 4) is written in: ``ink``, ``sheet``,
    or None where neither can be read in both themes and the label needs a plate beneath it.
    """
    worst = {
        name: min(contrast(getattr(theme, name), theme.coverage[step]) for theme in (LIGHT, DARK))
        for name in ("ink", "sheet")
    }
    best = max(worst, key=lambda name: worst[name])
    return best if worst[best] >= READABLE else None
