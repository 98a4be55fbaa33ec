"""SVG elements with escaped text, colours by name, row labels, and the frame of a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from textwrap import wrap


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


Attribute = str | float | int | None


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel, without needless zeros."""
    return f"{round(value, 1) + 0.0:g}"


def element(tag: str, *inside: str, **attributes: Attribute) -> str:
    """One element. ``inside`` is markup; attributes are escaped, None is left out.

    An underscore in an attribute's name stands for a hyphen; ``class_`` is ``class``.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    content = "".join(inside)
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def _attribute(value: Attribute) -> str:
    return escape(value) if isinstance(value, str) else number(float(value or 0))


_OF_LETTERS = ("fill", "font_size", "font_weight")


def text(
    x: float, y: float, words: str, *, halo: str | None = None, **attributes: Attribute
) -> str:
    """Words at a point; they are escaped. ``halo`` is the ground drawn around the letters.

    How the letters look stands on an inner tspan, because a page's rule for ``svg text`` would
    win over attributes of the text element itself.
    """
    looks = {name: attributes.pop(name) for name in _OF_LETTERS if name in attributes}
    if halo:
        looks |= {
            "stroke": halo,
            "stroke_width": 4,
            "stroke_linejoin": "round",
            "paint_order": "stroke",
        }
    written = element("tspan", escape(words), **looks) if looks else escape(words)
    return element("text", written, x=x, y=y, **attributes)


def line(points: list[tuple[float, float]]) -> str:
    """Path data through points, in order."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def hatch(key: str, palette: Palette) -> str:
    """The pattern of what is under half: violet strokes on the sheet, readable in grey."""
    return element(
        "defs",
        element(
            "pattern",
            element("path", d="M0 0h6v6H0z", fill=palette.sheet),
            element("path", d="M0 0v6", stroke=palette.violet, stroke_width=2.4),
            id=f"{key}-under-half",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        ),
    )


def key_of(*parts: object) -> str:
    """An id made from what a picture shows: letters first, the same for the same picture."""
    return "f" + sha256(repr(parts).encode()).hexdigest()[:10]


def picture(
    body: str, *, title: str, desc: str, size: tuple[float, float], key: str, palette: Palette
) -> str:
    """The whole SVG: role, title and description, size in pixels. It is never mirrored."""
    width, height = (number(each) for each in size)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" direction="ltr"'
        f' aria-labelledby="{key}-title {key}-desc"'
        f' font-family="{escape(palette.sans)}" font-size="12" fill="{palette.ink2}">'
        f'<title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-desc">{escape(desc)}</desc>{body}</svg>'
    )


NARROW = 328.0
"""What a page of 360 pixels leaves to a figure."""
LETTER, LINE = 6.6, 16.0
"""How wide a letter is taken to be, and how high a line of them."""


@dataclass(frozen=True)
class Labels:
    """``left`` is the room that they take beside the rows, ``above`` over each of them."""

    lines: tuple[tuple[str, ...], ...]
    left: float
    above: float

    @classmethod
    def of(cls, labels: Sequence[str], beside: float) -> "Labels":
        """Labels of which as much as ``beside`` may stand beside the rows."""
        longest = max(map(length, labels), default=0.0)
        if longest <= beside:
            return cls(tuple((each,) for each in labels), longest, 0.0)
        lines = tuple(tuple(wrap(each, int(NARROW / LETTER))) for each in labels)
        return cls(lines, 0.0, LINE * max(map(len, lines)))

    def draw(self, row: int, top: float, middle: float, palette: Palette) -> str:
        """A row's label: its lines from ``top``, or beside it on the line ``middle``."""
        if not self.above:
            return "".join(text(0, middle, each, fill=palette.ink) for each in self.lines[row])
        last = top + self.above - 2
        first = last - LINE * (len(self.lines[row]) - 1)
        return "".join(
            text(0, first + LINE * at, each, fill=palette.ink)
            for at, each in enumerate(self.lines[row])
        )


def length(words: str) -> float:
    """How much room words take, with a gap after them."""
    return LETTER * len(words) + 10
