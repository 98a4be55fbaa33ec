"""Moments as pages write them: 28 Nov, 14:03; the year where it is not this one; zone on hover."""

from datetime import date, datetime, tzinfo

from babel.dates import format_date
from markupsafe import Markup, escape

from schemas.words import N_, word

NEVER = "–"
"""Where there is no moment."""
SECONDS_AGO, MINUTES_AGO = N_("{n} s ago"), N_("{n} min ago")
MINUTE, HOUR = 60, 3600


def day_of(at: date, language: str, today: date) -> str:
    """A day: ``28 Nov``, ``28 Nov 2025`` where it is of another year than today."""
    form = "d MMM" if at.year == today.year else "d MMM y"
    return format_date(at, form, locale=language)


def when(at: datetime, zone: tzinfo, language: str, now: datetime, form: str = "%H:%M") -> str:
    """A moment in a zone: ``28 Nov, 14:03``; of today the hour alone is not enough, for a page may
    be printed."""
    here = at.astimezone(zone)
    day = day_of(here.date(), language, now.astimezone(zone).date())
    comma = "، " if language == "ar" else ", "
    return f"{day}{comma}{here:{form}}"


def ago(at: datetime, language: str, now: datetime) -> str:
    """How long ago, in words; nothing from an hour on, and of what is to come."""
    seconds = int((now - at).total_seconds())
    if not 0 <= seconds < HOUR:
        return ""
    if seconds < MINUTE:
        return word(language, SECONDS_AGO).format(n=seconds)
    return word(language, MINUTES_AGO).format(n=seconds // MINUTE)


def marked(said: str, at: datetime, zone: tzinfo, name: str) -> Markup:
    """The same as an element that names its zone on hover."""
    here = at.astimezone(zone)
    title = f"{here:%Y-%m-%d %H:%M:%S} {name}"
    written = '<time datetime="{}" title="{}"><bdi>{}</bdi></time>'
    return Markup(written).format(here.isoformat(timespec="seconds"), title, escape(said))
