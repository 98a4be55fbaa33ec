"""Which writes are of consequence, and how the sealer comes to know of them.

Tables with a reading of the mission's clock are followed by it. Of the others a trigger notes
each write in ``unsealed_write``, in the same transaction and with the login that wrote.
"""

from collections.abc import Iterable

from api.database.roles import RESTRICTED_ROLE

FIRST = (
    "accreditation", "briefing", "call", "checklist_version", "code_text", "complaint",
    "condition", "conduct_case", "contact", "contest", "contestant", "departure", "finding",
    "funding", "hours", "identity", "interest_declaration", "member", "mission",
    "mission_standard", "note", "observer", "organisation", "place_change", "pledge",
    "recommendation", "reprisal", "round", "rules", "sample", "source", "statement",
)  # fmt: skip
"""Tables without a clock whose every write is sealed: people and pledges, registers, rules,
statements. Secrets (accounts, credentials, phones) and plans are not among them."""
LATER = ("edit", "quick_count_release", "earlier_indicator", "publication", "no_go_area")
"""Those that came with a later migration, which sets their triggers itself."""
WATCHED = (*FIRST, *LATER)

FUNCTION = """
CREATE FUNCTION note_write() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  written jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
BEGIN
  INSERT INTO public.unsealed_write (mission_id, id, source, row_key, login)
  VALUES ((written ->> 'mission_id')::uuid, gen_random_uuid(), TG_TABLE_NAME,
    written ->> TG_ARGV[0], session_user);
  RETURN NULL;
END $$"""


def key_of(table: str) -> str:
    """The column that, beside the mission, names a row of a watched table."""
    own = {"identity": "holder_id", "mission": "mission_id", "edit": "instance_id"}
    return own.get(table, "id")


def watchers() -> Iterable[str]:
    """The statements that set the first triggers."""
    yield FUNCTION
    yield f"GRANT INSERT ON unsealed_write TO {RESTRICTED_ROLE}"
    yield from map(watcher, FIRST)


def watcher(table: str) -> str:
    """The statement that sets one table's trigger."""
    return (
        f"CREATE TRIGGER {table}_is_sealed AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION note_write('{key_of(table)}')"
    )
