"""The second wall: what the application's own role can and cannot see."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import errors, sql
from sqlalchemy import create_engine

from api.database.policies import (
    ACCOUNT_SIGNATURES,
    ATTEMPT_SIGNATURES,
    CLOSING_SIGNATURES,
    REPLACED,
    RESTRICTED,
    SEALING_SIGNATURES,
    SIGNATURES,
    SPEND_SIGNATURES,
    granted,
    grantee,
)
from api.database.roles import (
    OWNER,
    RESTRICTED_ROLE,
    LoginTooPowerful,
    refuse_powerful_login,
)
from schemas.columns import now
from schemas.tables import GLOBAL_TABLES, metadata
from tests.conftest import Database

TABLES = [table.name for table in metadata.sorted_tables if table.name not in GLOBAL_TABLES]


def add_mission(connection: psycopg.Connection[tuple[object, ...]], slug: str) -> UUID:
    """A mission with its clock, added as the application does."""
    mission = uuid4()
    connection.execute("SELECT set_config('app.mission_id', %s, false)", (str(mission),))
    connection.execute("INSERT INTO mission_slug VALUES (%s, %s)", (slug, mission))
    connection.execute(
        "INSERT INTO mission (mission_id, slug, title, country, kind, scope, state, languages,"
        " zone, response_threshold, demonstration, created_at)"
        " VALUES (%s, %s, 'M', 'C', 'domestic', 'full', 'active', '[]', 'UTC', 0.8, false, now())",
        (mission, slug),
    )
    connection.execute("INSERT INTO mission_clock (mission_id, seq) VALUES (%s, 0)", (mission,))
    return mission


def test_without_a_mission_named_the_application_sees_nothing(database: Database) -> None:
    with psycopg.connect(database.app_url) as connection:
        add_mission(connection, "a")
    with psycopg.connect(database.app_url) as connection:
        assert connection.execute("SELECT count(*) FROM mission").fetchone() == (0,)


def test_in_one_mission_the_other_is_invisible_and_cannot_be_written(database: Database) -> None:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        a, b = add_mission(connection, "a"), add_mission(connection, "b")
        assert connection.execute("SELECT mission_id FROM mission").fetchall() == [(b,)]
        assert connection.execute("UPDATE mission SET title = 'x'").rowcount == 1
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO organisation (mission_id, id, code, name, kind)"
                " VALUES (%s, %s, 'o', 'O', 'domestic')",
                (a, uuid4()),
            )


def test_a_credential_is_read_only_through_its_function_and_redeemed_once(
    database: Database,
) -> None:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        mission = add_mission(connection, "a")
        connection.execute(
            "INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at)"
            " VALUES (%s, %s, 'lead', 'sign_in', %s, now())",
            (b"h" * 32, mission, uuid4()),
        )
        found = connection.execute("SELECT slug, role FROM find_credential(%s)", (b"h" * 32,))
        assert found.fetchone() == ("a", "lead")
        redeem = "SELECT redeem_credential(%s)"
        assert connection.execute(redeem, (b"h" * 32,)).fetchone() == (True,)
        assert connection.execute(redeem, (b"h" * 32,)).fetchone() == (False,)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM credential")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_of_a_mission_is_walled_in_and_granted_as_written(
    database: Database, table: str
) -> None:
    with psycopg.connect(database.admin_url) as connection:
        policy = "SELECT qual, with_check FROM pg_policies WHERE tablename = %s"
        ((using, check),) = connection.execute(policy, (table,)).fetchall()
        assert "app.mission_id" in using
        assert using == check
        forced = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s"
        assert connection.execute(forced, (table,)).fetchone() == (True, True)
        grants = (
            "SELECT privilege_type FROM information_schema.role_table_grants"
            " WHERE table_name = %s AND grantee = %s"
        )
        for role in ("indelible_app", "indelible_restricted"):
            given = {row[0] for row in connection.execute(grants, (table, role))}
            noted = {"INSERT"} if (table, role) == ("unsealed_write", RESTRICTED_ROLE) else set()
            assert given == (set(granted(table)) if role == grantee(table) else noted)
        owner = "SELECT tableowner FROM pg_tables WHERE tablename = %s"
        assert connection.execute(owner, (table,)).fetchone() == (OWNER,)


def test_the_migrated_tables_are_those_of_the_schemas(database: Database) -> None:
    engine = create_engine(database.admin_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_worker_refuses_a_login_that_sees_through_the_walls(database: Database) -> None:
    with pytest.raises(LoginTooPowerful, match="row-level security"):
        refuse_powerful_login(database.admin_url)
    refuse_powerful_login(database.app_url)


def test_no_table_stands_outside_the_schemas_or_the_walls(database: Database) -> None:
    with psycopg.connect(database.admin_url) as connection:
        tables = connection.execute(
            "SELECT relname, relforcerowsecurity FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchall()
    assert {name for name, _ in tables} == {*metadata.tables, "alembic_version"}
    assert {name for name, forced in tables if not forced} == {*GLOBAL_TABLES, "alembic_version"}


@pytest.mark.parametrize("table", sorted(RESTRICTED))
def test_what_few_may_see_is_shut_until_the_role_is_taken_on(
    database: Database, table: str
) -> None:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        add_mission(connection, "a")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(sql.SQL("TABLE {}").format(sql.Identifier(table)))
        connection.execute("SET ROLE indelible_restricted")
        shown = connection.execute(sql.SQL("TABLE {}").format(sql.Identifier(table)))
        assert shown.fetchall() == []
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM report")


@pytest.mark.parametrize("table", sorted(GLOBAL_TABLES))
def test_a_global_table_takes_rows_at_most_and_shows_none(database: Database, table: str) -> None:
    every = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    with psycopg.connect(database.app_url) as connection:
        may = {
            each
            for each in every
            for row in connection.execute("SELECT has_table_privilege(%s, %s)", (table, each))
            if row[0]
        }
        shown = "SELECT has_any_column_privilege(%s, 'SELECT')"
        assert connection.execute(shown, (table,)).fetchone() == (False,)
    assert may == (set() if table == "spent_challenge" else {"INSERT"})


def test_functions_with_the_owner_s_powers_are_few_and_pinned(database: Database) -> None:
    with psycopg.connect(database.admin_url) as connection:
        found = connection.execute(
            "SELECT p.oid::regprocedure::text, p.proconfig,"
            " EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0)"
            " FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
        ).fetchall()
    signatures = (
        *SIGNATURES,
        *ACCOUNT_SIGNATURES,
        *ATTEMPT_SIGNATURES,
        *SPEND_SIGNATURES,
        *SEALING_SIGNATURES,
        *CLOSING_SIGNATURES,
    )
    written = {name.replace(", ", ",") for name in signatures if name not in REPLACED}
    assert {name for name, _, _ in found} == written
    for _, configuration, for_everyone in found:
        assert configuration == ["search_path=pg_catalog, public"]
        assert not for_everyone


@pytest.mark.parametrize("expired", [True, False])
def test_what_is_expired_or_revoked_cannot_be_redeemed(database: Database, expired: bool) -> None:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        mission = add_mission(connection, "a")
        connection.execute(
            "INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at,"
            " expires_at) VALUES (%s, %s, 'lead', 'sign_in', %s, now(), %s)",
            (b"h" * 32, mission, uuid4(), now() if expired else None),
        )
        if not expired:
            connection.execute("SELECT revoke_credential(%s)", (b"h" * 32,))
        redeem = "SELECT redeem_credential(%s)"
        assert connection.execute(redeem, (b"h" * 32,)).fetchone() == (False,)


def test_64_at_once_redeem_a_code_once(database: Database) -> None:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        mission = add_mission(connection, "a")
        connection.execute(
            "INSERT INTO credential (token_hash, mission_id, role, purpose, holder_id, created_at)"
            " VALUES (%s, %s, 'observer', 'enrolment', %s, now())",
            (b"h" * 32, mission, uuid4()),
        )

    def redeem(_: int) -> bool:
        with psycopg.connect(database.app_url) as connection:
            row = connection.execute("SELECT redeem_credential(%s)", (b"h" * 32,)).fetchone()
        return bool(row and row[0])

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(redeem, range(64))) == 1
