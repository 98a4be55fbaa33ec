"""For every operation and every role the status that was approved, and no operation without one.

To approve a new operation, run this module: the row that it proposes is printed by the test that
fails. Read it against docs/roles.md, put it into ``approved.csv``, and run again.
"""

import pytest

from schemas.credential import Role
from schemas.rights import RIGHTS, Right
from tests.api.authorisation.conftest import Answers
from tests.api.authorisation.operations import ROLES, approved

APPROVED = approved()


def proposed(answers: Answers, names: set[str]) -> str:
    """Rows for the table as the operations answer today."""
    columns = (*ROLES, "nobody")
    return "\n".join(
        ",".join([name, *(str(answers.own[name][each]) for each in columns)])
        for name in sorted(names)
    )


def test_no_operation_is_missing_from_the_approved_table(answers: Answers) -> None:
    missing = answers.own.keys() - APPROVED.keys()
    assert not missing, f"not approved yet; proposed:\n{proposed(answers, missing)}"
    gone = APPROVED.keys() - answers.own.keys()
    assert not gone, f"approved and no longer there: {sorted(gone)}"


@pytest.mark.parametrize("operation", APPROVED)
def test_each_role_is_answered_as_approved(answers: Answers, operation: str) -> None:
    if operation not in answers.own:
        pytest.fail("approved and no longer there")
    assert answers.own[operation] == APPROVED[operation], proposed(answers, {operation})


@pytest.mark.parametrize("operation", [each for each in APPROVED if "{slug}" in each])
def test_another_mission_is_not_there_for_any_role(answers: Answers, operation: str) -> None:
    assert set(answers.other[operation].values()) == {404}


@pytest.mark.parametrize("operation", [each for each in APPROVED if "{slug}" in each])
def test_nobody_gets_in_without_a_credential(answers: Answers, operation: str) -> None:
    method, path = operation.split(" ")
    to_the_door = path.startswith("/missions/") and method in ("GET", "HEAD")
    page = to_the_door and not path.endswith("/events")
    assert APPROVED[operation]["nobody"] == (303 if page else 401)


def test_no_operation_falls_over(answers: Answers) -> None:
    fallen = {
        name
        for where in (answers.own, answers.other)
        for name, roles in where.items()
        if max(roles.values()) >= 500
    }
    assert not fallen


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_rights_written_down(role: Role) -> None:
    assert role in RIGHTS
    assert RIGHTS[role] <= set(Right)


def test_no_report_is_read_by_an_administrator_or_the_press() -> None:
    for operation, roles in APPROVED.items():
        if "/reports" in operation and operation.startswith("GET"):
            assert (roles["administrator"], roles["press"]) == (404, 404), operation


def test_no_aggregate_is_read_by_an_observer() -> None:
    figures = ("/coverage", "/irregularities", "/quick-count", "/findings")
    for operation, roles in APPROVED.items():
        if any(each in operation for each in figures) and not operation.endswith("/releases"):
            assert (roles["observer"], roles["import"]) == (404, 404), operation
