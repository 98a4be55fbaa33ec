"""The sentences of a statement, by language: one table of templates each, under the same names."""

from analytics.statements.templates import ar, en, es, fr, pt
from analytics.statements.templates.fixed import FIXED
from analytics.statements.templates.titles import LANGUAGES, TITLES
from analytics.statements.templates.topics import TOPICS, VOTES

_ALIKE = {**TITLES, **TOPICS, **VOTES, **FIXED}
_OWN = {
    "en": en.TEMPLATES,
    "fr": fr.TEMPLATES,
    "ar": ar.TEMPLATES,
    "es": es.TEMPLATES,
    "pt": pt.TEMPLATES,
}
TEMPLATES: dict[str, dict[str, str]] = {
    language: {**{name: texts[at] for name, texts in _ALIKE.items()}, **_OWN[language]}
    for at, language in enumerate(LANGUAGES)
}
