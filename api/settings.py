"""Settings from the environment: database, home, secret."""

import ipaddress
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SECRET_FILE = "secret"


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
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks whose ``X-Forwarded-For`` and ``-Proto`` are believed."""
    metrics_token: str | None = field(default=None, repr=False)
    figures_socket: Path | None = None
    """Where the supervisor's background process answers; without one a worker does its work."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment; make the home and its secret where they are not there yet.

        Raises :class:`SettingsProblem` without a place for the home, or with a port that is none.
        """
        values = os.environ if environment is None else environment
        home = home_folder(values)
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
            trusted_proxies=_proxies(values.get("INDELIBLE_TRUSTED_PROXIES") or ""),
            metrics_token=values.get("INDELIBLE_METRICS_TOKEN") or None,
        )

    @property
    def address(self) -> str:
        """Where people reach this installation, without a slash at its end; on this machine where
        nobody says otherwise. What commands print begins with it."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def media(self) -> Path:
        """The folder of photos, where they are kept in files."""
        if self.media_url is None:
            return self.home / "media"
        return Path(self.media_url.removeprefix("file://"))


def home_folder(values: Mapping[str, str]) -> Path:
    """The home, made where it is not there yet. Raises :class:`SettingsProblem`."""
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
        make_private_folder(home, home_mode())
    except OSError as error:
        raise SettingsProblem(f"INDELIBLE_HOME {home} cannot be made: {error.strerror}.") from error
    return home


def make_private_folder(folder: Path, mode: int = 0o700) -> None:
    """Make a folder with this mode, whatever the umask, unless it is there; and so each one
    missing above it."""
    if not folder.is_dir():
        make_private_folder(folder.parent, mode)
        try:
            folder.mkdir(mode=0o700)
            folder.chmod(mode)
        except FileExistsError:
            if not folder.is_dir():  # else another process was the first
                raise


def home_mode() -> int:
    """The mode of a home that is made: root's is passed through by PostgreSQL's user."""
    return 0o711 if sys.platform != "win32" and os.geteuid() == 0 else 0o700


def _kept_secret(home: Path) -> str:
    """The secret kept in the home, made with mode 0600 at the first start."""
    made = secrets.token_urlsafe(32)
    return made if write_secret(home, made) else read_secret(home)


def write_secret(home: Path, secret: str) -> bool:
    """Keep a secret in the home, mode 0600; False where one is kept already.

    It is made whole beside its place and linked there: of two that start at once one wins, and
    neither reads what is half written.
    """
    file = home / SECRET_FILE
    if file.exists():
        return False
    try:
        return _linked(file, secret)
    except OSError as error:
        raise SettingsProblem(f"{file} cannot be written: {error.strerror}.") from error


def _linked(file: Path, secret: str) -> bool:
    descriptor, beside = tempfile.mkstemp(dir=file.parent, prefix="secret-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(secret)
            out.flush()
            os.fsync(out.fileno())
        os.link(beside, file)
    except FileExistsError:
        return False
    finally:
        os.unlink(beside)
    return True


def read_secret(home: Path) -> str:
    """The secret that is kept in the home. Raises :class:`SettingsProblem`."""
    file = home / SECRET_FILE
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


def _proxies(text: str) -> tuple[str, ...]:
    found = tuple(each.strip() for each in text.split(",") if each.strip())
    for each in found:
        try:
            ipaddress.ip_network(each)
        except ValueError as error:
            raise SettingsProblem(
                f"INDELIBLE_TRUSTED_PROXIES: {each!r} is neither an address nor a network, such as "
                "10.0.0.7 or 10.0.0.0/24."
            ) from error
    return found


def _count(values: Mapping[str, str], name: str, usual: int) -> int:
    text = values.get(name) or str(usual)
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= 1_000_000:
        raise SettingsProblem(f"{name} is {text!r}. It must be a whole number above 0.")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsProblem(f"PORT is {text!r}. It must be a number from 1 to 65535.")
    return int(text)
