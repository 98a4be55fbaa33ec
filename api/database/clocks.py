"""Triggers that give a sealed row the clock of its own transaction.

The sealer takes rows by their reading of the mission's clock, so a row with an older reading
would never be sealed. Whoever takes the clock leaves the readings taken in a setting of the
transaction; a row that the application writes with any other reading, or none, is given the
newest of them. Where the transaction took no clock, the trigger takes it.

What another login writes is left as it is: the doctor names it.
"""

from collections.abc import Iterable, Mapping

from api.database.roles import APP

COLUMNS: Mapping[str, str] = {
    "audit_entry": "sequence",
    "report": "changed",
    "report_version": "sequence",
    "snapshot": "sequence",
    "submission": "sequence",
}
"""Where a table keeps the reading of its row's last write."""
OF_REPORTS = ("judgement", "report_version")
"""Tables that the sealer looks for among the reports that changed: a row more in one of them is a
change of its report."""
REMEMBER = """
CREATE FUNCTION remember_clock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  taken text[] := pg_catalog.string_to_array(
    nullif(pg_catalog.current_setting('app.clock', true), ''), ' ');
  behind bigint := CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.seq END;
BEGIN
  -- The clock may be taken twice in a transaction; it is locked meanwhile, so all is its own.
  IF taken[1] = NEW.mission_id::text AND taken[3]::bigint = behind THEN
    behind := taken[2]::bigint;
  END IF;
  PERFORM pg_catalog.set_config(
    'app.clock', pg_catalog.format('%s %s %s', NEW.mission_id, behind, NEW.seq), true);
  RETURN NEW;
END $$"""
OWN = """
CREATE FUNCTION own_clock(mission uuid) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  taken text[] := pg_catalog.string_to_array(
    nullif(pg_catalog.current_setting('app.clock', true), ''), ' ');
BEGIN
  IF taken IS NULL OR taken[1] <> mission::text THEN
    UPDATE public.mission_clock SET seq = seq + 1 WHERE mission_id = mission;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'The mission % has no clock to take.', mission;
    END IF;
    taken := pg_catalog.string_to_array(pg_catalog.current_setting('app.clock', true), ' ');
  END IF;
  RETURN ARRAY[taken[2]::bigint, taken[3]::bigint];
END $$"""
STAMP = """
CREATE FUNCTION stamp_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own bigint[] := public.own_clock(NEW.mission_id);
BEGIN
  IF NEW.{column} IS NULL OR NEW.{column} <= own[1] OR NEW.{column} > own[2] THEN
    NEW.{column} := own[2];
  END IF;
  RETURN NEW;
END $$"""
STAMP_REPORTS = """
CREATE FUNCTION stamp_reports() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mission uuid := (SELECT mission_id FROM written LIMIT 1);
  own bigint[];
BEGIN
  IF mission IS NOT NULL THEN
    own := public.own_clock(mission);
    UPDATE public.report r SET changed = own[2]
    WHERE r.mission_id = mission AND r.id IN (SELECT report_id FROM written)
      AND (r.changed <= own[1] OR r.changed > own[2]);
  END IF;
  RETURN NULL;
END $$"""
WHEN = f"WHEN (session_user = '{APP}')"


def clock_triggers() -> Iterable[str]:
    """The statements that make the functions and set every trigger."""
    yield REMEMBER
    yield OWN
    for column in sorted({*COLUMNS.values()}):
        yield STAMP.format(column=column)
    yield STAMP_REPORTS
    yield (
        "CREATE TRIGGER mission_clock_is_remembered BEFORE INSERT OR UPDATE ON mission_clock"
        " FOR EACH ROW EXECUTE FUNCTION remember_clock()"
    )
    for table, column in COLUMNS.items():
        yield (
            f"CREATE TRIGGER {table}_has_its_clock BEFORE INSERT OR UPDATE ON {table}"
            f" FOR EACH ROW {WHEN} EXECUTE FUNCTION stamp_{column}()"
        )
    for table in OF_REPORTS:
        yield (
            f"CREATE TRIGGER {table}_changes_its_report AFTER INSERT ON {table}"
            f" REFERENCING NEW TABLE AS written FOR EACH STATEMENT {WHEN}"
            " EXECUTE FUNCTION stamp_reports()"
        )
