"""What the environment says: where the database, the home and the secret are."""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class SettingsProblem(Exception):
    """The environment does not say enough, or says something impossible."""


@dataclass(frozen=True)
class OpenIdProvider:
    """Where members may sign in besides here, as ``INDELIBLE_OIDC_…`` names it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str


@dataclass(frozen=True)
class Settings:
    """The environment of one installation. ``database_url`` is None for the embedded server."""

    home: Path
    secret: str = field(repr=False)
    database_url: str | None = field(default=None, repr=False)
    media_url: str | None = None
    public_url: str | None = None
    port: int = 8000
    connections: int = 2048
    connections_per_address: int = 256
    openid: OpenIdProvider | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment; make the home and its secret where they are not there yet.

        Raises :class:`SettingsProblem` without a place for the home, or with a port that is none.
        """
        values = os.environ if environment is None else environment
        home = _home(values)
        return cls(
            home=home,
            secret=values.get("INDELIBLE_SECRET") or _kept_secret(home),
            database_url=values.get("DATABASE_URL") or None,
            media_url=values.get("INDELIBLE_MEDIA_URL") or None,
            public_url=(values.get("INDELIBLE_PUBLIC_URL") or "").rstrip("/") or None,
            port=_port(values.get("PORT") or "8000"),
            connections=_count(values, "INDELIBLE_CONNECTIONS", 2048),
            connections_per_address=_count(values, "INDELIBLE_CONNECTIONS_PER_ADDRESS", 256),
            openid=_openid(values),
        )

    @property
    def media(self) -> Path:
        """The folder of photos, where they are kept in files."""
        if self.media_url is None:
            return self.home / "media"
        return Path(self.media_url.removeprefix("file://"))


def _home(values: Mapping[str, str]) -> Path:
    if values.get("INDELIBLE_HOME"):
        home = Path(values["INDELIBLE_HOME"]).expanduser().absolute()
    elif sys.platform != "win32" and os.geteuid() == 0:
        home = Path("/var/lib/indelible")
    elif values.get("XDG_DATA_HOME"):
        home = Path(values["XDG_DATA_HOME"]) / "indelible"
    elif values.get("HOME"):
        home = Path(values["HOME"]) / ".local/share/indelible"
    else:
        raise SettingsProblem("There is no HOME. Set INDELIBLE_HOME to a folder to keep data in.")
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o711)
    except OSError as error:
        raise SettingsProblem(f"INDELIBLE_HOME {home} cannot be made: {error.strerror}.") from error
    return home


def _kept_secret(home: Path) -> str:
    """The secret kept in the home, made with mode 0600 at the first start."""
    file = home / "secret"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(file)
    except OSError as error:
        raise SettingsProblem(f"{file} cannot be written: {error.strerror}.") from error
    made = secrets.token_urlsafe(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(made)
        out.flush()
        os.fsync(out.fileno())
    return made


def _read_secret(file: Path) -> str:
    try:
        kept = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise SettingsProblem(f"{file} cannot be read: {error}.") from error
    if not kept:
        raise SettingsProblem(f"{file} is empty. Put the installation's secret back.")
    return kept


def _openid(values: Mapping[str, str]) -> OpenIdProvider | None:
    issuer = (values.get("INDELIBLE_OIDC_ISSUER") or "").rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise SettingsProblem("INDELIBLE_OIDC_ISSUER must be an https address.")
    client, secret = (
        values.get(f"INDELIBLE_OIDC_CLIENT_{each}") or "" for each in ("ID", "SECRET")
    )
    if not client or not secret:
        raise SettingsProblem(
            "INDELIBLE_OIDC_ISSUER needs INDELIBLE_OIDC_CLIENT_ID and INDELIBLE_OIDC_CLIENT_SECRET."
        )
    name = values.get("INDELIBLE_OIDC_NAME") or parts.hostname or issuer
    return OpenIdProvider(issuer, client, secret, name)


def _count(values: Mapping[str, str], name: str, usual: int) -> int:
    text = values.get(name) or str(usual)
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= 1_000_000:
        raise SettingsProblem(f"{name} is {text!r}. It must be a whole number above 0.")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsProblem(f"PORT is {text!r}. It must be a number from 1 to 65535.")
    return int(text)
