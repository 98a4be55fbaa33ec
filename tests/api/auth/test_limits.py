"""Nobody locks everybody out: limits by account and address, over real sockets from several."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher

from api.auth import login_throttle, passwords
from api.server.request_headers import network_of
from api.settings import Settings, SettingsProblem
from tests.api.conftest import listening
from tests.api.small import SmallMission

Rows = Callable[..., list[tuple[Any, ...]]]
From = Callable[..., httpx.Client]
OWN = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "a long enough password"
NAMES = ("DM-1", "DM-2")
FAR = "127.0.0.77"


class People:
    """Two members with accounts, and how they sign in."""

    def __init__(self, mission: SmallMission, rows: Rows) -> None:
        self._slug, self._rows = mission.slug, rows
        self._lead = mission.bearer("lead")
        self._secrets: dict[str, str] = {}

    def join(self, client: httpx.Client, name: str) -> None:
        """Be invited and take the invitation up, with this browser."""
        answer = client.post(
            f"/missions/{self._slug}/accounts/members",
            headers=self._lead,
            data={"name": name, "role": "data_manager"},
        )
        found = re.search(r"(/invitation/[\w-]+)", answer.text)
        assert found, answer.text
        self.take_up(client, found.group(1), name)

    def take_up(self, client: httpx.Client, path: str, name: str) -> None:
        """Take an invitation up with this browser."""
        spelled = re.search(r'<code dir="ltr">([A-Z2-7 ]+)</code>', client.get(path).text)
        assert spelled
        self._secrets[name] = spelled.group(1).replace(" ", "")
        code = pyotp.TOTP(self._secrets[name]).now()
        typed = {"password": PASSWORD, "again": PASSWORD, "code": code}
        assert client.post(path, data=typed, headers=OWN).status_code == 303
        client.cookies.delete("indelible_session")

    def right(self, client: httpx.Client, name: str) -> httpx.Response:
        """Sign in as one should, though the code was used a moment ago."""
        self._rows("UPDATE account SET totp_step = 0 RETURNING 1")
        code = pyotp.TOTP(self._secrets[name]).now()
        return self._try(client, name, PASSWORD, code)

    def wrong(self, client: httpx.Client, name: str, times: int) -> list[int]:
        """Guess at a password so many times; the statuses. Every 429 says when to come again."""
        answers = [self._try(client, name, f"guess {n}", "000000") for n in range(times)]
        for answer in answers:
            assert (answer.status_code == 429) == ("retry-after" in answer.headers)
            assert 0 < int(answer.headers.get("retry-after", 1)) <= login_throttle.MINUTES * 60
        return [answer.status_code for answer in answers]

    def _try(self, client: httpx.Client, name: str, password: str, code: str) -> httpx.Response:
        typed = {"mission": self._slug, "name": name, "password": password, "code": code}
        return client.post("/sign-in", data=typed, headers=OWN)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with little work: here it is counted how often it is asked, not how long it takes."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))


@pytest.fixture
def at(serving: Settings, mission: SmallMission) -> Iterator[From]:
    """Clients of two workers, each from the source address that is asked for."""
    with listening(serving, workers=2) as addresses, ExitStack() as held:

        def client(source: str, worker: int = 0) -> httpx.Client:
            transport = httpx.HTTPTransport(local_address=source)
            made = httpx.Client(transport=transport, base_url=addresses[worker], timeout=60)
            return held.enter_context(made)

        yield client


@pytest.fixture
def people(at: From, mission: SmallMission, rows: Rows) -> People:
    """DM-1 and DM-2 took their invitations up, from a far address."""
    found = People(mission, rows)
    for name in NAMES:
        found.join(at(FAR), name)
    return found


def test_one_address_that_guesses_at_everybody_locks_out_nobody_elsewhere(
    at: From, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_throttle, "OVERALL", 12)
    attacker = at("127.0.0.2")
    for name, found in (
        ("DM-1", [401] * 5 + [429]),
        ("DM-2", [401] * 5 + [429]),
        ("nobody", [401] * 2 + [429] * 4),
    ):
        assert people.wrong(attacker, name, 6) == found
    assert people.right(attacker, "DM-1").status_code == 429
    for name in NAMES:
        assert people.right(at("127.0.0.3"), name).status_code == 303


def test_an_account_that_many_addresses_guess_at_is_slowed_but_its_own_device_gets_in(
    at: From, people: People
) -> None:
    own = at("127.0.0.9")
    assert people.right(own, "DM-1").status_code == 303
    own.cookies.delete("indelible_session")
    found = [people.wrong(at(f"127.0.1.{n}"), "DM-1", 5) for n in range(1, 5)]
    assert found == [[401] * 5] * 4
    assert people.wrong(at("127.0.1.5"), "DM-1", 2) == [429, 429]
    assert people.right(at("127.0.0.10"), "DM-1").status_code == 429
    assert people.right(own, "DM-1").status_code == 303
    assert people.right(at("127.0.0.10"), "DM-2").status_code == 303


def test_a_known_device_gets_in_beside_an_attacker_at_its_own_address(
    at: From, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_throttle, "OVERALL", 7)
    own, another = at("127.0.0.9"), at("127.0.0.9")
    assert people.right(own, "DM-1").status_code == 303
    assert people.right(another, "DM-2").status_code == 303
    another.cookies = httpx.Cookies(
        {name: value for name, value in another.cookies.items() if name == "indelible_session"}
    )
    assert people.wrong(at("127.0.0.9"), "DM-1", 6)[-1] == 429
    assert people.wrong(at("127.0.0.9"), "DM-2", 6)[-1] == 429
    assert people.right(own, "DM-1").status_code == 303
    assert people.right(another, "DM-2").status_code == 303  # by the session alone


def test_a_known_device_may_not_guess_without_end_nor_at_another_account(
    at: From, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_throttle, "KNOWN", 6)
    own = at("127.0.0.9")
    assert people.right(own, "DM-1").status_code == 303
    own.cookies.delete("indelible_session")
    assert people.wrong(own, "DM-1", 7) == [401] * 6 + [429]
    assert people.wrong(own, "DM-2", 6) == [401] * 5 + [429]
    assert people.right(at("127.0.0.10"), "DM-1").status_code == 303


def test_a_device_is_no_longer_known_once_the_account_is_set_up_anew(
    at: From, people: People, mission: SmallMission, rows: Rows
) -> None:
    own = at("127.0.0.9")
    assert people.right(own, "DM-1").status_code == 303
    own.cookies.delete("indelible_session")
    ((member,),) = rows("SELECT id FROM member WHERE handle = 'DM-1'")
    answer = own.post(
        f"/missions/{mission.slug}/accounts/members/{member}/invite", headers=mission.bearer("lead")
    )
    found = re.search(r"(/invitation/[\w-]+)", answer.text)
    assert found
    people.take_up(at(FAR), found.group(1), "DM-1")
    assert people.wrong(own, "DM-1", 6) == [401] * 5 + [429]


@pytest.mark.parametrize("value", ["", "x", "AAAA" * 40, "ü", "===="])
def test_a_cookie_that_is_none_of_ours_proves_nothing(at: From, people: People, value: str) -> None:
    forger = at("127.0.0.2")
    forger.headers["Cookie"] = f"indelible_device_12345678={value}".encode().decode("latin-1")
    assert people.wrong(forger, "DM-1", 6) == [401] * 5 + [429]


def test_all_workers_share_the_counts_and_a_success_ends_them(at: From, people: People) -> None:
    for first in (True, False):
        assert people.wrong(at("127.0.0.2", 0), "DM-1", 2) == [401, 401]
        assert people.wrong(at("127.0.0.2", 1), "DM-1", 2) == [401, 401]
        if first:
            assert people.right(at("127.0.0.2", 1), "DM-1").status_code == 303
    assert people.wrong(at("127.0.0.2", 0), "DM-1", 2) == [401, 429]
    assert people.wrong(at("127.0.0.2", 1), "DM-1", 1) == [429]


def test_counts_end_after_their_time_and_their_rows_go(
    at: From, people: People, rows: Rows
) -> None:
    for n in range(3):
        people.wrong(at("127.0.0.2"), f"nobody {n}", 1)
    assert people.wrong(at("127.0.0.2"), "DM-1", 6)[-1] == 429
    ((before,),) = rows("SELECT count(*) FROM attempt")
    assert before == 1 + 2 * 4  # the address, and for each name itself and it from there
    people.wrong(at("127.0.0.2"), "DM-1", 20)
    assert rows("SELECT count(*) FROM attempt") == [(before,)]  # what is refused adds nothing
    rows("UPDATE attempt SET at = at - interval '16 minutes' RETURNING 1")
    assert people.right(at("127.0.0.2"), "DM-1").status_code == 303
    assert rows("SELECT count(*) FROM attempt WHERE number > 0") == [(0,)]


def test_the_table_tells_neither_names_nor_addresses(at: From, people: People, rows: Rows) -> None:
    people.wrong(at("127.0.0.2"), "DM-1", 1)
    kept = str(rows("SELECT * FROM attempt"))
    assert "127.0.0.2" not in kept
    assert "DM-1" not in kept


def test_a_client_that_says_where_it_comes_from_is_not_believed(at: From, people: People) -> None:
    attacker = at("127.0.0.1")
    for n in range(5):
        attacker.headers["X-Forwarded-For"] = f"198.51.100.{n}"
        assert people.wrong(attacker, "DM-1", 1) == [401]
    attacker.headers["X-Forwarded-For"] = "198.51.100.99"
    assert people.wrong(attacker, "DM-1", 1) == [429]


def test_a_proxy_that_is_named_is_believed_and_no_hop_before_it(
    serving: Settings, people: People
) -> None:
    behind = replace(serving, trusted_proxies=("127.0.0.1",))
    with listening(behind) as (address,), httpx.Client(base_url=address) as proxy:
        for n in range(5):
            proxy.headers["X-Forwarded-For"] = f"203.0.113.{n}, 198.51.100.1"
            assert people.wrong(proxy, "DM-1", 1) == [401]
        assert people.wrong(proxy, "DM-1", 1) == [429]
        proxy.headers["X-Forwarded-For"] = "198.51.100.2"
        assert people.right(proxy, "DM-1").status_code == 303


def test_a_proxy_that_is_no_address_is_refused() -> None:
    environment = {"INDELIBLE_HOME": "/tmp", "INDELIBLE_SECRET": "s"}
    for said in ("*", "proxy.example", "10.0.0.0/99", "10.0.0.1/8"):
        with pytest.raises(SettingsProblem, match="INDELIBLE_TRUSTED_PROXIES"):
            Settings.from_environment(environment | {"INDELIBLE_TRUSTED_PROXIES": said})
    several = environment | {"INDELIBLE_TRUSTED_PROXIES": "10.0.0.7, fd00::/8"}
    assert Settings.from_environment(several).trusted_proxies == ("10.0.0.7", "fd00::/8")


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix", "unix"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_address_is_counted_by_the_network_of_its_subscriber(
    host: str, network: str
) -> None:
    assert network_of(host) == network


def wrong_keys(client: httpx.Client, slug: str) -> Iterator[httpx.Response]:
    """A key that opens nothing at every door that takes keys, one after the other."""
    wrong = {"Authorization": "Bearer wrong"}
    digest = (
        'Digest username="00", realm="indelible", nonce="1.2", uri="/x", qop=auth, nc=1,'
        ' cnonce="a", response="0", algorithm=MD5'
    )
    yield client.get("/api/v1/me", headers=wrong)
    yield client.post(f"/api/v1/missions/{slug}/reports", headers=wrong, json={})
    yield client.get("/openrosa/wrong/formList")
    yield client.get("/openrosa/-/formList", headers={"Authorization": digest})
    yield client.post("/api/v1/enrol", json={"code": "wrong"})
    yield client.post("/api/v1/enrol/opening", json={"code": "wrong"})
    yield client.get("/sign-in/wrong")
    yield client.post("/sign-in/wrong", headers=OWN)
    yield client.get("/invitation/wrong")
    yield client.post("/invitation/wrong", headers=OWN)
    yield client.get(f"/api/v1/missions/{slug}/coverage", headers=wrong)
    yield client.get(f"/missions/{slug}/", headers=wrong)
    passkey = {"headers": OWN | {"Host": "localhost"}, "data": {"answer": "{}"}}
    yield client.post("/sign-in/passkey", **passkey)


def test_every_door_counts_keys_that_open_nothing_and_a_right_one_always_passes(
    at: From, mission: SmallMission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_throttle, "WRONG_KEYS", 0)
    attacker = at("127.0.0.2")
    for answer in wrong_keys(attacker, mission.slug):
        assert answer.status_code == 429, answer.request.url
        assert int(answer.headers["retry-after"]) > 0
    right = mission.bearer("lead")
    assert attacker.get("/api/v1/me", headers=right).status_code == 200
    assert attacker.get("/api/v1/me").status_code == 401
    monkeypatch.setattr(login_throttle, "WRONG_KEYS", 300)
    found = [each.status_code for each in wrong_keys(at("127.0.0.3"), mission.slug)]
    assert set(found) == {303, 401, 404, 410}  # a page sends to the sign-in


def test_short_codes_are_counted_by_the_address_that_guesses(at: From, people: People) -> None:
    attacker = at("127.0.0.2")
    guesses = [attacker.post("/api/v1/enrol", json={"code": f"ACDEFGH{x}"}) for x in "ACDEFG"]
    assert [each.status_code for each in guesses] == [404] * 5 + [429]
    assert int(guesses[-1].headers["retry-after"]) > 0
    other = at("127.0.0.3").post("/api/v1/enrol", json={"code": "ACDEFGHA"})
    assert other.status_code == 404
