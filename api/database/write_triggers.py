"""Triggers that record which tables were written, for the sealer.

Tables with a reading of the mission's clock are followed by it. Of the others a trigger notes
each write in ``unsealed_write``, in the same transaction and with the login that wrote. What of
every table is sealed, and why not, stands in docs/seals.md.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy.dialects import postgresql

from api.database.policies import MISSION
from api.database.roles import APP, RESTRICTED_ROLE
from schemas.tables import metadata

FIRST = (
    "accreditation", "briefing", "call", "checklist_version", "code_text", "complaint",
    "condition", "conduct_case", "contact", "contest", "contestant", "departure", "finding",
    "funding", "hours", "identity", "interest_declaration", "member", "mission",
    "mission_standard", "note", "observer", "organisation", "place_change", "pledge",
    "recommendation", "reprisal", "round", "rules", "sample", "source", "statement",
)  # fmt: skip
"""Tables without a clock whose every write is sealed: people and pledges, registers, rules,
statements."""
LATER = (
    "edit", "quick_count_release", "earlier_indicator", "publication", "no_go_area", "desk_act",
    "conflict_resolution", "second_typing", "observer_question", "message", "incident_event",
    "finding_choice", "finding_choice_version", "statement_comment", "lint_reason",
    "added_finding", "source_figure",
)  # fmt: skip
"""Those that came with a later migration, which sets their triggers itself."""
PASSING: Mapping[str, tuple[str, ...]] = {
    "account": ("totp_step",),
    "credential": ("seen_at",),
    "head_recipient": ("handed", "problem", "tried_at"),
    "linked_account": ("used_at",),
    "passkey": ("sign_count", "used_at"),
}
"""Ways in, and who keeps the heads, without the columns that move whenever they are used."""
BY_STATEMENT = (
    "alarm",
    "area",
    "attachment",
    "checklist",
    "deployed_observer",
    "deployment",
    "election",
    "form_file",
    "official_result",
    "phone",
    "place",
    "round_place",
    "sampled_station",
    "stratum",
    "visit",
    "workbook",
)
"""Tables that are written many rows at once, or whose rows are large: one note tells of all the
rows of a statement, by their keys."""
LATER_BY_STATEMENT = (
    "contest_area", "message_delivery", "verified_answer", "statement_block",
    "statement_block_version",
    "source_file",
)  # fmt: skip
"""The same, of those that came with a later migration."""
WATCHED = (*FIRST, *LATER, *PASSING, *BY_STATEMENT, *LATER_BY_STATEMENT)
KEYS: Mapping[str, tuple[str, ...]] = {
    "account": ("member_id",),
    "attachment": ("report_id", "name"),
    "contest_area": ("contest_id", "area_id"),
    "credential": ("token_hash",),
    "deployed_observer": ("deployment_id", "observer_id"),
    "edit": ("instance_id",),
    "form_file": ("version_id", "name"),
    "identity": ("holder_id",),
    "message_delivery": ("message_id", "observer_id"),
    "mission": ("mission_id",),
    "official_result": ("contest_id", "place_id", "source"),
    "round_place": ("round_id", "place_id"),
    "source_file": ("source_id",),
    "sampled_station": ("sample_id", "place_id"),
    "statement_block": ("statement_id", "id"),
    "verified_answer": ("report_id", "question"),
    "workbook": ("rules_id",),
}
"""What, beside the mission, names a row, where it is not its ``id``."""

ROW_FUNCTION = """
CREATE OR REPLACE FUNCTION note_write() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public SET bytea_output = 'hex' AS $$
DECLARE
  written jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  entered text := coalesce(current_setting('app.mission_id', true), '');
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - TG_ARGV[1:] = written - TG_ARGV[1:] THEN
    RETURN NULL;
  END IF;
  -- A credential is spent before anybody has entered its mission.
  PERFORM set_config('app.mission_id', written ->> 'mission_id', true);
  INSERT INTO public.unsealed_write (mission_id, id, source, row_keys, login)
  VALUES ((written ->> 'mission_id')::uuid, gen_random_uuid(), TG_TABLE_NAME,
    ARRAY[written ->> TG_ARGV[0]], session_user);
  PERFORM set_config('app.mission_id', entered, true);
  RETURN NULL;
END $$"""
NOTE = """
INSERT INTO public.unsealed_write (mission_id, id, source, row_keys, login)
SELECT mission_id, gen_random_uuid(), {table}, array_agg(row_key), {login}
FROM (SELECT mission_id, {key} AS row_key, row_number() OVER () / 1000 AS part FROM {rows}) t
GROUP BY mission_id, part"""
STATEMENT_FUNCTION = f"""
CREATE OR REPLACE FUNCTION note_writes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT FROM written) THEN
    EXECUTE format('{NOTE.format(table="%L", login="session_user", key="%s", rows="written t")}',
      TG_TABLE_NAME, TG_ARGV[0]);
  END IF;
  RETURN NULL;
END $$"""


def key_of(table: str) -> str:
    """The text that, beside the mission, names the row ``t`` of a sealed table."""
    return " || '/' || ".join(f"t.{column}::text" for column in KEYS.get(table, ("id",)))


def among(table: str) -> str:
    """The condition that the row ``t`` is one of those of :func:`key_values`.

    It compares columns with what was given, and nothing is calculated: behind row-level security an
    index is used for nothing else.
    """
    columns = KEYS.get(table, ("id",))
    given = [f"%(key{at})s::{_kind(table, column)}[]" for at, column in enumerate(columns)]
    if len(columns) == 1:
        return f"t.{columns[0]} = ANY ({given[0]})"
    names = ", ".join(f"t.{column}" for column in columns)
    return f"({names}) IN (SELECT * FROM unnest({', '.join(given)}))"  # noqa: S608  own names


def key_values(table: str, keys: Iterable[str]) -> dict[str, list[str]]:
    """The columns that name rows, column by column, of the texts of :func:`key_of`. All but the
    last are UUIDs, the last may hold strokes."""
    columns = KEYS.get(table, ("id",))
    parts = [each.split("/", len(columns) - 1) for each in keys]
    return {f"key{at}": [each[at] for each in parts] for at in range(len(columns))}


def _kind(table: str, column: str) -> str:
    return metadata.tables[table].c[column].type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]


def read_through(table: str) -> str:
    """From where the application's login reads a sealed table: a global one by its function."""
    return "credentials_of_mission()" if table == "credential" else table


def watchers() -> Iterable[str]:
    """The statements that set the first triggers."""
    yield ROW_FUNCTION
    yield f"GRANT INSERT ON unsealed_write TO {RESTRICTED_ROLE}"
    yield from map(watcher, FIRST)


def watcher(table: str) -> str:
    """The statement that sets one table's trigger, for each row."""
    (key,) = KEYS.get(table, ("id",))
    named = ", ".join(f"'{column}'" for column in (key, *PASSING.get(table, ())))
    return (
        f"CREATE TRIGGER {table}_is_sealed AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION note_write({named})"
    )


def watchers_by_statement(table: str) -> Iterable[str]:
    """The statements that set one table's triggers, for all rows of a statement together."""
    key = key_of(table).replace("'", "''")
    for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        yield (
            f"CREATE TRIGGER {table}_{event.lower()}_is_sealed AFTER {event} ON {table} "
            f"REFERENCING {rows} TABLE AS written "
            f"FOR EACH STATEMENT EXECUTE FUNCTION note_writes('{key}')"
        )


def note_standing(table: str, rows: str) -> str:
    """The statement that notes every row that stands in the mission entered, as if the
    application wrote it now; ``rows`` is from where they are read."""
    own = f"(SELECT * FROM {rows} WHERE {MISSION}) t"  # noqa: S608  our own names alone
    return NOTE.format(table=f"'{table}'", login=f"'{APP}'", key=key_of(table), rows=own)
