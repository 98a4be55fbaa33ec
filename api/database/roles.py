"""Database roles: one owns and migrates, one serves and owns nothing, one may open identities."""

import hashlib
import hmac
import time
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import Connection, errors, sql

OWNER = "indelible_owner"
APP = "indelible_app"
RESTRICTED_ROLE = "indelible_restricted"
ATTEMPTS, PAUSE_SECONDS = 20, 0.05
LOGIN = frozenset({"user", "password", "passfile", "service"})


class LoginTooPowerful(Exception):
    """The login could see through row-level security; a worker must not use it."""


def app_password(secret: str) -> str:
    """The application role's password: derived, so that no second secret has to be kept."""
    return hmac.new(secret.encode(), b"indelible_app password", hashlib.sha256).hexdigest()


def app_url(admin_url: str, secret: str) -> str:
    """The same database, signed in to as the application role."""
    parts = urlsplit(admin_url)
    _, _, host = parts.netloc.rpartition("@")
    signed_in = f"{APP}:{quote(app_password(secret), safe='')}@{host}"
    options = [(name, value) for name, value in parse_qsl(parts.query) if name not in LOGIN]
    query = urlencode(options, quote_via=quote)
    return urlunsplit(parts._replace(netloc=signed_in, query=query))


def prepare_roles(connection: Connection[Any], secret: str) -> None:
    """Make both roles where they are missing, and let them into this database.

    Needs a login that may create roles. Safe to run at every start, by several at once: roles are
    the whole server's, and a lock is one database's, so that another database's start may be in
    the way, and is let pass.
    """
    for _ in range(ATTEMPTS):
        try:
            _prepare(connection, secret)
        except errors.InternalError_:  # "tuple concurrently updated"
            time.sleep(PAUSE_SECONDS)
        else:
            return
    _prepare(connection, secret)


def _prepare(connection: Connection[Any], secret: str) -> None:
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(7305226391)")
        _make(connection, OWNER, sql.SQL("NOLOGIN"))
        _make(connection, APP, sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"))
        _make(connection, RESTRICTED_ROLE, sql.SQL("NOLOGIN"))
        password = sql.SQL("ALTER ROLE {} NOINHERIT PASSWORD {}")
        connection.execute(password.format(sql.Identifier(APP), sql.Literal(app_password(secret))))
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
        _lend_restricted(connection)
        _let_in(connection)


def _make(connection: Connection[Any], role: str, attributes: sql.SQL) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if known is None:
        connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), attributes))


def _lend_restricted(connection: Connection[Any]) -> None:
    lent = "SELECT pg_has_role(%s, %s, 'MEMBER')"
    (done,) = connection.execute(lent, (APP, RESTRICTED_ROLE)).fetchone() or (False,)
    if not done:
        give = sql.SQL("GRANT {} TO {}")
        connection.execute(give.format(sql.Identifier(RESTRICTED_ROLE), sql.Identifier(APP)))


def _let_in(connection: Connection[Any]) -> None:
    (database,) = connection.execute("SELECT current_database()").fetchone() or ("",)
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {owner}",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
        "GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
        "GRANT USAGE ON SCHEMA public TO {app}, {restricted}",
    ):
        connection.execute(
            sql.SQL(statement).format(
                database=sql.Identifier(database),
                owner=sql.Identifier(OWNER),
                app=sql.Identifier(APP),
                restricted=sql.Identifier(RESTRICTED_ROLE),
            )
        )


REFUSED = """
SELECT current_user, r.rolsuper, r.rolbypassrls,
  pg_has_role(current_user, 'indelible_owner', 'MEMBER'),
  EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind = 'r')
FROM pg_roles r WHERE r.rolname = current_user"""


def refuse_powerful_login(url: str, patience: float = 60.0) -> None:
    """Raise :class:`LoginTooPowerful` where a login is a superuser, sees through or owns tables.

    A database that does not answer is waited for, ``patience`` seconds long.
    """
    with _patiently_connected(url, time.monotonic() + patience) as connection:
        row = connection.execute(REFUSED).fetchone()
    if row is None or any(row[1:]):
        name = row[0] if row else "?"
        raise LoginTooPowerful(
            f"The login {name} can see through row-level security. "
            f"A worker serves only as a role such as {APP}."
        )


def _patiently_connected(url: str, deadline: float) -> Connection[Any]:
    while True:
        try:
            return psycopg.connect(url, connect_timeout=10)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
