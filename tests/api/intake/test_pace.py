"""A runaway phone is asked to wait; nobody else is."""

from uuid import UUID, uuid4

import pytest

from api.auth.principal import Principal
from api.intake.json_endpoint import RateLimit
from api.problems import Problem
from schemas.credential import Purpose, Role


def principal(role: Role, holder: UUID) -> Principal:
    return Principal(uuid4(), "m", role, holder, None, Purpose.BEARER)


def test_a_phone_that_sends_too_fast_is_told_when_to_come_back() -> None:
    pace, who = RateLimit(requests=3), principal(Role.OBSERVER, uuid4())
    for _ in range(3):
        pace.check(who)
    with pytest.raises(Problem) as refused:
        pace.check(who)
    response = refused.value.response()
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60


def test_another_phone_and_an_import_key_are_not_slowed_by_it() -> None:
    pace = RateLimit(requests=1)
    pace.check(principal(Role.OBSERVER, uuid4()))
    pace.check(principal(Role.OBSERVER, uuid4()))
    key = principal(Role.IMPORT, uuid4())
    for _ in range(10):
        pace.check(key)
