"""The functions of ODK XForms for XPath, tested by the examples of ``examples.json``."""

from collections.abc import Callable

from mobile_forms.functions.moments import MOMENTS
from mobile_forms.functions.nodes import NODES
from mobile_forms.functions.numbers import NUMBERS
from mobile_forms.functions.places import PLACES
from mobile_forms.functions.texts import TEXTS
from mobile_forms.functions.values import LIMITS, Value

FUNCTIONS: dict[str, Callable[..., Value]] = {
    **TEXTS,
    **NUMBERS,
    **MOMENTS,
    **NODES,
    **PLACES,
    **LIMITS,
}
"""Beside these stand the functions that XPath 1.0 has itself: count, sum, concat, not, …"""

ON_PHONES: dict[str, str] = {
    "once": "It keeps what the phone said first: put it in a calculation.",
    "jr:choice-name": "Labels are for people: compare the name of the option.",
    "jr:itext": "Labels are for people: compare the name of the option.",
    "pulldata": "The file stands on the phone: put it in a calculation and judge that.",
    "instance": "The list stands on the phone: put it in a calculation and judge that.",
    "current": "Name the question, as in ${name}.",
    "randomize": "An order by chance is for the phone's screen.",
    "random": "Judging again would find another number: put it in a calculation.",
    "uuid": "Judging again would find another text: put it in a calculation.",
    "version": "The version of a report is known: it is no part of an expression.",
}
"""What rules may not use, and what an author writes instead."""
