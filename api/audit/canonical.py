"""What is sealed, in which order, and what of a row is hashed.

The canonical form of a row is its columns as JSON with sorted keys, without those that say
nothing (null, an empty text, list or object, false): a column that is added later, and is empty
where it was unknown, changes no digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.database.policies import RESTRICTED
from api.database.write_triggers import PASSING, WATCHED, key_of

SETTINGS = "SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'; " + (
    "SET LOCAL extra_float_digits = 1; SET LOCAL search_path = public, pg_catalog"
)
"""PostgreSQL writes instants, bytes and numbers as text in one way only under these."""


@dataclass(frozen=True)
class Source:
    """A table whose rows are sealed; ``t`` is its row in every expression.

    ``clock`` reads the mission's clock at the row's last write; without one a trigger tells of
    writes. Rows of a ``standing`` source may change, and the newest sealed state counts.
    ``passing`` columns say only that something was used, and are not hashed. What is ``of_reports``
    was written together with a report that changed.
    """

    table: str
    key: str
    clock: str | None = None
    standing: bool = False
    join: str = ""
    once: bool = False
    passing: Sequence[str] = ()
    of_reports: bool = False

    @property
    def restricted(self) -> bool:
        """Whether only the restricted role may read it."""
        return self.table in RESTRICTED


JUDGED = "JOIN report r ON r.mission_id = t.mission_id AND r.id = t.report_id"
CLOCKED = (
    Source("report", "t.id::text", "t.changed", standing=True),
    Source("submission", "t.report_id::text || '/' || encode(t.sha256, 'hex')", "t.sequence"),
    Source(
        "report_version",
        "t.report_id::text || '/' || t.number::text",
        "t.sequence",
        of_reports=True,
    ),
    Source(
        "judgement",
        "t.report_id::text || '/' || t.number::text || '/' || t.rules_id::text",
        "r.changed",
        join=JUDGED,
        once=True,
    ),
    Source("snapshot", "t.id::text", "t.sequence"),
    Source("audit_entry", "t.id::text", "t.sequence"),
    Source("share", "t.number::text", "t.sequence"),
    Source("shared_report", "t.report_id::text || '/' || t.share_number::text", "t.sequence"),
)
SOURCES: Sequence[Source] = (
    *CLOCKED,
    *(
        Source(table, key_of(table), standing=True, passing=PASSING.get(table, ()))
        for table in WATCHED
    ),
)
"""Every source, in the order in which a seal takes them."""

FORM = """(SELECT coalesce(jsonb_object_agg(f.key, f.value), '{{}}') FROM jsonb_each({row}) f
WHERE f.value NOT IN ('null', '""', '[]', '{{}}', 'false'))::text"""


def digest(source: Source, salt: str) -> str:
    """The SQL expression of a row's digest, SHA-256 of the salt and its canonical form."""
    passing = "".join(f" - '{column}'" for column in source.passing)
    form = FORM.format(row=f"to_jsonb(t){passing}")
    said = f"E'indelible row 1\\n{source.table}\\n' || {source.key} || E'\\n' || {form}"
    return f"sha256({salt} || convert_to({said}, 'UTF8'))"


def gone_form(source: str, row_key: str) -> bytes:
    """What is hashed where the application took a row away."""
    return f"indelible row gone 1\n{source}\n{row_key}".encode()
