"""A provider is named in the environment, whole or not at all."""

from pathlib import Path

import pytest

from api.settings import OpenIdProvider, Settings, SettingsProblem
from tests.api.auth.provider import CLIENT, CLIENT_SECRET

NAMED = {
    "INDELIBLE_OIDC_ISSUER": "https://login.example/realm/",
    "INDELIBLE_OIDC_CLIENT_ID": CLIENT,
    "INDELIBLE_OIDC_CLIENT_SECRET": CLIENT_SECRET,
}


def test_a_provider_is_named_in_the_environment_and_its_secret_is_not_shown(tmp_path: Path) -> None:
    home = {"INDELIBLE_HOME": str(tmp_path)}
    found = Settings.from_environment(NAMED | home).openid
    assert found == OpenIdProvider(
        "https://login.example/realm", CLIENT, CLIENT_SECRET, "login.example"
    )
    assert CLIENT_SECRET not in repr(found)
    assert Settings.from_environment(home).openid is None


@pytest.mark.parametrize(
    "change",
    [
        {"INDELIBLE_OIDC_ISSUER": "http://login.example"},
        {"INDELIBLE_OIDC_CLIENT_ID": ""},
        {"INDELIBLE_OIDC_CLIENT_SECRET": ""},
    ],
)
def test_a_provider_named_by_half_is_said_at_the_start(
    tmp_path: Path, change: dict[str, str]
) -> None:
    with pytest.raises(SettingsProblem, match="INDELIBLE_OIDC"):
        Settings.from_environment(NAMED | {"INDELIBLE_HOME": str(tmp_path)} | change)
