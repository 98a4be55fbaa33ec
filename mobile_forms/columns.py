"""The sheets and columns that a checklist may have: XLSForm's, and ours."""

from schemas.checklist import KNOWN as KNOWN

OUR_SURVEY = frozenset(
    {
        "indicator",
        "irregular_when",
        "judged_when",
        "severity",
        "standards",
        "stage",
        "section",
        "phrase",
        "positive_phrase",
        "noun",
        "rel",
        "among",
    }
)
OUR_CHOICES = frozenset({"irregularity", "severity", "standards", "station_is"})
CHECKS = frozenset({"name", "flag_when", "explanation", "difference", "tolerance"})
SENTENCES = ("phrase", "positive_phrase")
"""The forms of an irregularity that every one has: where it was seen, and where not."""
FORMS = ("noun", "label", "rel")
"""The forms that one may have beside: the thing, its name in a table, the places where it was
seen. In the sheet survey a ``label`` is the question's."""
WITH_ARTICLE = "noun_with_article"
"""The noun as some languages list it; others leave it out."""
INDICATORS = frozenset(
    {
        "code",
        "stage",
        "severity",
        "standards",
        "access",
        "among",
        "unread",
        *SENTENCES,
        *FORMS,
        WITH_ARTICLE,
    }
)
ALL = "all"
"""In the column ``among``: not asked means fine, and the share is of all."""
SURVEY = OUR_SURVEY | {
    "type", "name", "label", "hint", "guidance_hint", "relevant", "required", "required_message",
    "constraint", "constraint_message", "appearance", "calculation", "default", "read_only",
    "readonly", "choice_filter", "repeat_count", "parameters", "trigger", "note",
}  # fmt: skip
CHOICES = OUR_CHOICES | {"list_name", "list name", "name", "label"}
OUR_SETTINGS = frozenset(
    {"stage", "title", "two_teams", "expected", "expected_per", "per", "sms_prefix"}
)
SETTINGS = OUR_SETTINGS | frozenset(
    {
        "repeat_visits",
        "form_title",
        "form_id",
        "version",
        "default_language",
        "stage",
        "style",
        "title",
        "instance_name",
        "public_key",
        "submission_url",
        "allow_choice_duplicates",
    }
)
KNOWN_HEADERS = {
    "survey": SURVEY,
    "choices": CHOICES,
    "settings": SETTINGS,
    "checks": CHECKS,
    "indicators": INDICATORS,
}
NOTES = "notes"
"""A sheet for the author's own words; it is not read."""

OTHER_MEDIA = frozenset({"image", "big-image", "audio", "video", "media"})
"""What would be shown or played beside a text; a picture in these sheets alone is."""
WITH_FILES = ("survey", "choices")
LISTS = frozenset({"stations.csv", "contestants.csv", "contests.csv"})
"""The lists that a mission keeps, to be chosen from."""
FREE_PREFIXES = ("bind", "body")
"""What may stand before ``::`` beside a language: it is handed on to the form as it is."""

RESERVED_OPTIONS = frozenset({"not_observed", "not_applicable"})
"""Option names with a meaning of their own; see :class:`schemas.codes.Status`."""

RESERVED_NAMES = frozenset({"meta", "data"})
RULES = ("relevant", "constraint", "irregular_when", "judged_when", "flag_when", "difference")
"""The columns whose expressions the server evaluates."""
EXPRESSIONS = (
    *RULES,
    "calculation",
    "choice_filter",
    "repeat_count",
    "required",
    "read_only",
    "readonly",
)
"""All columns of expressions, those of phones alone too."""

TRANSLATED = {
    "survey": (
        "label",
        "hint",
        "constraint_message",
        "required_message",
        "phrase",
        "positive_phrase",
        "noun",
        "rel",
        "among",
    ),
    "choices": ("label",),
    "indicators": (*SENTENCES, *FORMS, "among"),
    "checks": ("explanation",),
    "settings": ("title",),
}
