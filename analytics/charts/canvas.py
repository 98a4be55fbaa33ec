"""SVG elements with escaped text, and the accessible frame of a picture."""

from hashlib import sha256
from html import escape

from analytics.charts.palette import Palette

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
