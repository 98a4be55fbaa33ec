"""Triggers that stamp a sealed row with the clock of its own transaction.

The sealer takes rows by their reading of the mission's clock, so a row with an older reading
would never be sealed. Whoever takes the clock leaves the readings taken in settings of the
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
    "share": "sequence",
    "shared_report": "sequence",
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
  behind bigint := CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.seq END;
BEGIN
  -- The clock may be taken twice in a transaction; it is locked meanwhile, so all is its own.
  IF pg_catalog.current_setting('app.clock_of', true) = NEW.mission_id::text THEN
    behind := least(behind, pg_catalog.current_setting('app.clock_behind')::bigint);
  END IF;
  PERFORM pg_catalog.set_config('app.clock_of', NEW.mission_id::text, true),
    pg_catalog.set_config('app.clock_behind', behind::text, true),
    pg_catalog.set_config('app.clock_upto', NEW.seq::text, true);
  RETURN NEW;
END $$"""
OWN_CLOCK = """
CREATE FUNCTION own_clock(mission uuid) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  IF pg_catalog.current_setting('app.clock_of', true) IS DISTINCT FROM mission::text THEN
    UPDATE public.mission_clock SET seq = seq + 1 WHERE mission_id = mission;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'The mission % has no clock to take.', mission;
    END IF;
  END IF;
  RETURN pg_catalog.current_setting('app.clock_upto')::bigint;
END $$"""
STAMP = """
CREATE FUNCTION stamp_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.{column} := public.own_clock(NEW.mission_id);
  RETURN NEW;
END $$"""
STAMP_REPORTS = """
CREATE FUNCTION stamp_reports() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mission uuid := (SELECT mission_id FROM written LIMIT 1);
  upto bigint;
BEGIN
  IF mission IS NOT NULL THEN
    upto := public.own_clock(mission);
    UPDATE public.report r SET changed = upto
    WHERE r.mission_id = mission AND r.id IN (SELECT report_id FROM written)
      AND (r.changed > upto
        OR r.changed <= pg_catalog.current_setting('app.clock_behind')::bigint);
  END IF;
  RETURN NULL;
END $$"""
BY_OTHERS = f"session_user <> '{APP}'"
OWN_READING = """
CASE WHEN current_setting('app.clock_of', true) = NEW.mission_id::text THEN coalesce(
  NEW.{column} > current_setting('app.clock_behind')::bigint
  AND NEW.{column} <= current_setting('app.clock_upto')::bigint, false) ELSE false END"""
"""Asked before a trigger's function is called: nearly always nothing is to be done."""


def clock_triggers() -> Iterable[str]:
    """The statements that make the functions and set every trigger."""
    yield REMEMBER
    yield OWN_CLOCK
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
            f" FOR EACH ROW WHEN (NOT ({BY_OTHERS} OR {OWN_READING.format(column=column)}))"
            f" EXECUTE FUNCTION stamp_{column}()"
        )
    for table in OF_REPORTS:
        yield (
            f"CREATE TRIGGER {table}_changes_its_report AFTER INSERT ON {table}"
            f" REFERENCING NEW TABLE AS written FOR EACH STATEMENT WHEN (NOT {BY_OTHERS})"
            " EXECUTE FUNCTION stamp_reports()"
        )
