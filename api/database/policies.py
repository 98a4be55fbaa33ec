"""Row-level security and grants, emitted with each table by one function.

A table of a mission shows and takes only rows of the mission named by ``app.mission_id`` in the
running transaction. Without that name it shows none.
"""

from collections.abc import Iterable

from api.database.roles import APP

MISSION = "mission_id = nullif(current_setting('app.mission_id', true), '')::uuid"
APPEND_ONLY = frozenset({"submission", "report_version", "judgement", "audit_entry", "snapshot"})
"""Rows of these are added and read, never changed or taken away."""

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


def secure_mission_table(table: str) -> Iterable[str]:
    """The statements that wall a mission's table in and let the application use it."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY {table}_of_mission ON {table} USING ({MISSION}) WITH CHECK ({MISSION})"
    yield f"GRANT {', '.join(granted(table))} ON {table} TO {APP}"


def granted(table: str) -> tuple[str, ...]:
    """What the application may do with a mission's table."""
    if table in APPEND_ONLY:
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "UPDATE", "DELETE")


def secure_global_table(table: str) -> Iterable[str]:
    """The application may add to a global table; it reads it only through functions."""
    yield f"GRANT INSERT ON {table} TO {APP}"


def doors() -> Iterable[str]:
    """The functions through which the application reads the global tables."""
    yield from FUNCTIONS
    for signature in SIGNATURES:
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {signature} TO {APP}"
