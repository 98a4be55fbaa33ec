"""JSON texts of every kind and extreme, as a phone, a partner or an attacker may send them."""

import json

from hypothesis import strategies as st

NUMBERS = (
    "0", "-0", "-0.0", "1.5", "1E5", "1e15", "1e16", "1e19", "1e22", "1e300", "1e308", "-1e308",
    "5e-324", "1e400", "-1e999", "9223372036854775808", "18446744073709551616",
    "123456789012345678901234567890.5", "1" + "0" * 400, "-" + "9" * 5000, "0." + "0" * 400 + "1",
)  # fmt: skip
TEXTS = (
    "", " ", "yes", "no", "\x01", "\x0b\x1f", "\x1b[31m", "\x7f\x85\x9f", "\ufffe\uffff", "\ufeff",
    "\u202e\u2066abc", "\u2028\u2029", "\N{GRINNING FACE}", "e\u0301" * 50, "\U0010ffff",
    "=cmd|' /C calc'!A0", "@SUM(1)", "<script>&lt;", "{{ 7*7 }}", "%s %(x)s {0}", "'\"\\", "NaN",
    "1" * 5000, "1e999", "x" * 40_000, "a\r\nb\tc", "2026-13-40", "9" * 400 + " 1",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59",
)  # fmt: skip
"""No NUL and no half character: those are refused at the door."""


def text_of(value: str) -> str:
    """A JSON string."""
    return json.dumps(value, ensure_ascii=False)


def object_of(members: dict[str, str]) -> str:
    """A JSON object of texts by name."""
    return "{" + ",".join(f"{text_of(name)}:{value}" for name, value in members.items()) + "}"


numbers = (
    st.sampled_from(NUMBERS)
    | st.integers().map(str)
    | st.floats(allow_nan=False, allow_infinity=False).map(repr)
)
words = st.sampled_from(TEXTS) | st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20
)
names = words.map(lambda each: each[:100]).filter(bool)
deep = st.integers(1, 28).map(lambda levels: "[" * levels + "]" * levels)
scalars = st.sampled_from(("null", "true", "false")) | numbers | words.map(text_of)
values = st.recursive(
    scalars | deep,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda some: f"[{','.join(some)}]")
        | st.dictionaries(names, inner, max_size=3).map(object_of)
    ),
    max_leaves=5,
)


def objects(known: list[str], most: int = 5) -> st.SearchStrategy[dict[str, str]]:
    """Members, most of them by a name that is known."""
    return st.dictionaries(
        st.sampled_from(known) | st.sampled_from(known) | names, values, max_size=most
    )
