"""Row-level security and grants, emitted with each table by one function.

A table of a mission shows and takes only rows of the mission named by ``app.mission_id`` in the
running transaction. Without that name it shows none.
"""

from collections.abc import Iterable

from api.database.roles import APP, RESTRICTED_ROLE

MISSION = "mission_id = nullif(current_setting('app.mission_id', true), '')::uuid"
APPEND_ONLY = frozenset(
    {"submission", "report_version", "judgement", "audit_entry", "snapshot", "seal", "edit"}
    | {"share", "shared_report", "finding_choice_version", "statement_block_version", "lint_reason"}
)
"""Rows of these are added and read, never changed or taken away."""
RESTRICTED = frozenset({"identity", "conduct_case", "reprisal"})
"""Names, and what may harm people: only the restricted role may open these tables, and the
application takes it on for as long as it needs (:func:`api.database.sessions.unsealed`)."""

FUNCTIONS = (
    """
CREATE FUNCTION find_credential(hash bytea)
RETURNS TABLE (mission_id uuid, slug text, role text, purpose text, holder_id uuid,
  expires_at timestamptz, used_at timestamptz, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.mission_id, s.slug, c.role, c.purpose, c.holder_id,
    c.expires_at, c.used_at, c.revoked_at
  FROM public.credential c JOIN public.mission_slug s ON s.mission_id = c.mission_id
  WHERE c.token_hash = hash $$""",
    """
CREATE FUNCTION redeem_credential(hash bytea) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH redeemed AS (
    UPDATE public.credential SET used_at = clock_timestamp()
    WHERE token_hash = hash AND used_at IS NULL AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > clock_timestamp())
    RETURNING 1)
  SELECT EXISTS (SELECT FROM redeemed) $$""",
    """
CREATE FUNCTION revoke_credential(hash bytea) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH revoked AS (
    UPDATE public.credential SET revoked_at = clock_timestamp()
    WHERE token_hash = hash AND revoked_at IS NULL RETURNING 1)
  SELECT EXISTS (SELECT FROM revoked) $$""",
    """
CREATE FUNCTION find_mission(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT mission_id FROM public.mission_slug WHERE slug = wanted $$""",
)
SIGNATURES = (
    "find_credential(bytea)",
    "redeem_credential(bytea)",
    "revoke_credential(bytea)",
    "find_mission(text)",
)

ACCOUNT_FUNCTIONS = (
    """
CREATE FUNCTION open_credential(hash bytea, minutes integer)
RETURNS TABLE (mission_id uuid, slug text, role text, purpose text, holder_id uuid,
  opened_at timestamptz, expires_at timestamptz, used_at timestamptz, revoked_at timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.credential c SET opened_at = coalesce(c.opened_at, clock_timestamp()),
    expires_at = least(c.expires_at,
      coalesce(c.opened_at, clock_timestamp()) + make_interval(mins => minutes))
  FROM public.mission_slug s
  WHERE c.token_hash = hash AND s.mission_id = c.mission_id AND c.purpose = 'enrolment'
  RETURNING c.mission_id, s.slug, c.role, c.purpose, c.holder_id,
    c.opened_at, c.expires_at, c.used_at, c.revoked_at $$""",
    """
CREATE FUNCTION credentials_of(holder uuid)
RETURNS TABLE (token_hash bytea, role text, purpose text, created_at timestamptz,
  expires_at timestamptz, used_at timestamptz, revoked_at timestamptz, opened_at timestamptz,
  seen_at timestamptz, label text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT token_hash, role, purpose, created_at, expires_at, used_at, revoked_at, opened_at,
    seen_at, label FROM public.credential
  WHERE holder_id = holder
    AND mission_id = nullif(current_setting('app.mission_id', true), '')::uuid $$""",
    """
CREATE FUNCTION revoke_credentials_of(holder uuid, purposes text[]) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH revoked AS (
    UPDATE public.credential SET revoked_at = clock_timestamp()
    WHERE holder_id = holder AND purpose = ANY (purposes) AND revoked_at IS NULL
      AND mission_id = nullif(current_setting('app.mission_id', true), '')::uuid
    RETURNING 1)
  SELECT count(*) FROM revoked $$""",
    """
CREATE FUNCTION revoke_all_credentials() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH revoked AS (
    UPDATE public.credential SET revoked_at = clock_timestamp()
    WHERE revoked_at IS NULL
      AND mission_id = nullif(current_setting('app.mission_id', true), '')::uuid
    RETURNING 1)
  SELECT count(*) FROM revoked $$""",
    """
CREATE FUNCTION see_credential(hash bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.credential SET seen_at = clock_timestamp() WHERE token_hash = hash $$""",
    """
CREATE FUNCTION attempt(wanted bytea, most integer, overall integer, minutes integer)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7305226394);
  DELETE FROM public.attempt WHERE at < clock_timestamp() - make_interval(mins => minutes);
  IF (SELECT count(*) >= overall OR count(*) FILTER (WHERE target = wanted) >= most
      FROM public.attempt) THEN
    RETURN false;
  END IF;
  INSERT INTO public.attempt (id, target, at)
  VALUES (gen_random_uuid(), wanted, clock_timestamp());
  RETURN true;
END $$""",
    """
CREATE FUNCTION forget_attempts(wanted bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  DELETE FROM public.attempt WHERE target = wanted $$""",
    """
CREATE FUNCTION every_mission() RETURNS TABLE (mission_id uuid, slug text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT mission_id, slug FROM public.mission_slug ORDER BY slug $$""",
)
ACCOUNT_SIGNATURES = (
    "open_credential(bytea, integer)",
    "credentials_of(uuid)",
    "revoke_credentials_of(uuid, text[])",
    "revoke_all_credentials()",
    "see_credential(bytea)",
    "attempt(bytea, integer, integer, integer)",
    "forget_attempts(bytea)",
    "every_mission()",
)
"""As migration 0002 made them; :data:`REPLACED` are no more."""
REPLACED = ("attempt(bytea, integer, integer, integer)", "forget_attempts(bytea)")

ATTEMPT_FUNCTIONS = (
    # What is full already refuses without writing, so that a refused attempt counts nowhere else
    # and adds no row. Whoever passes that check together with others is sorted out by the numbers
    # that the rows have afterwards. The order of the targets is that of the caller, wide before
    # narrow, and the same for all: no two attempts wait for each other.
    """
CREATE FUNCTION count_attempt(targets bytea[], most integer[], minutes integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  lasts interval := make_interval(mins => minutes);
  since timestamptz := clock_timestamp() - make_interval(mins => minutes);
  ends timestamptz;
  had integer;
  began timestamptz;
BEGIN
  DELETE FROM public.attempt WHERE id IN (
    SELECT id FROM public.attempt WHERE at <= since LIMIT 1000 FOR UPDATE SKIP LOCKED);
  SELECT max(a.at + lasts) INTO ends
    FROM unnest(targets, most) AS w (target, most)
    JOIN public.attempt a ON a.target = w.target AND a.number >= w.most AND a.at > since;
  IF ends IS NULL THEN
    FOR each IN 1 .. cardinality(targets) LOOP
      INSERT INTO public.attempt AS a (id, target, at, number)
      VALUES (gen_random_uuid(), targets[each], clock_timestamp(), 1)
      ON CONFLICT (target) DO UPDATE SET
        number = CASE WHEN a.at > since THEN a.number + 1 ELSE 1 END,
        at = CASE WHEN a.at > since THEN a.at ELSE excluded.at END
      RETURNING a.number, a.at INTO had, began;
      IF had > most[each] THEN
        ends := greatest(ends, began + lasts);
      END IF;
    END LOOP;
  END IF;
  IF ends IS NULL THEN
    RETURN 0;
  END IF;
  RETURN greatest(1, ceil(extract(epoch FROM ends - clock_timestamp()))::integer);
END $$""",
    """
CREATE FUNCTION forget_attempt(targets bytea[], narrow bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  FOR each IN 1 .. cardinality(targets) LOOP
    IF targets[each] = narrow THEN
      DELETE FROM public.attempt WHERE target = narrow;
    ELSE
      UPDATE public.attempt SET number = greatest(0, number - 1) WHERE target = targets[each];
    END IF;
  END LOOP;
END $$""",
)
ATTEMPT_SIGNATURES = (
    "count_attempt(bytea[], integer[], integer)",
    "forget_attempt(bytea[], bytea)",
)

SPEND = (
    """
CREATE FUNCTION spend_challenge(wanted bytea, ends timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  DELETE FROM public.spent_challenge WHERE until < clock_timestamp();
  INSERT INTO public.spent_challenge (digest, until) VALUES (wanted, ends) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$""",
)
SPEND_SIGNATURES = ("spend_challenge(bytea, timestamp with time zone)",)

SEALING_FUNCTIONS = (
    f"""
CREATE FUNCTION credentials_of_mission() RETURNS SETOF credential
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT * FROM public.credential WHERE {MISSION} $$""",  # noqa: S608  our own names alone
)
SEALING_SIGNATURES = ("credentials_of_mission()",)


CLOSING_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION revoke_all_credentials() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH revoked AS (
    UPDATE public.credential SET revoked_at = now()
    WHERE revoked_at IS NULL
      AND mission_id = nullif(current_setting('app.mission_id', true), '')::uuid
    RETURNING 1)
  SELECT count(*) FROM revoked $$""",
    """
CREATE FUNCTION restore_credentials(ended timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH restored AS (
    UPDATE public.credential SET revoked_at = NULL
    WHERE revoked_at = ended
      AND mission_id = nullif(current_setting('app.mission_id', true), '')::uuid
    RETURNING 1)
  SELECT count(*) FROM restored $$""",
)
"""What a closing ends has the moment of its transaction, so that it is known again."""
CLOSING_SIGNATURES = ("revoke_all_credentials()", "restore_credentials(timestamp with time zone)")


def secure_mission_table(table: str) -> Iterable[str]:
    """The statements that wall a mission's table in and let the application use it."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY {table}_of_mission ON {table} USING ({MISSION}) WITH CHECK ({MISSION})"
    yield f"GRANT {', '.join(granted(table))} ON {table} TO {grantee(table)}"


def grantee(table: str) -> str:
    """The role that may open a mission's table."""
    return RESTRICTED_ROLE if table in RESTRICTED else APP


def granted(table: str) -> tuple[str, ...]:
    """What the application may do with a mission's table."""
    if table in APPEND_ONLY:
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "UPDATE", "DELETE")


def secure_global_table(table: str) -> Iterable[str]:
    """The application may add to a global table; it reads it only through functions."""
    yield f"GRANT INSERT ON {table} TO {APP}"


def callable_by_application(functions: Iterable[str], signatures: Iterable[str]) -> Iterable[str]:
    """The statements that make functions which run as their owner and alone reach global tables,
    and let the application call them."""
    yield from functions
    for signature in signatures:
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {signature} TO {APP}"
