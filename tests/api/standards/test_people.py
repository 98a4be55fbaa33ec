"""Who observes: bound by a code, open about interests, known by an accreditation."""

from typing import Any

import pytest

from api.audit.sealed_work import office
from api.imports.papers import import_accreditations
from api.imports.table import read_table
from api.people.texts import load_text
from tests.api.standards.conftest import SLUG, Walked

CALM = {"access_given": "freely"}


async def gates(walked: Walked, pseudonym: str) -> dict[str, str]:
    """How an observer stands, as the phone is told."""
    found: dict[str, str] = (await walked.get("/api/v1/me", pseudonym)).json()["gates"]
    return found


def load(walked: Walked, body: str) -> bool:
    """Put a text of the citizens' code in force; whether it was not so before."""
    with office(walked.settings) as at, at.work(at.mission(SLUG)) as work:
        made = load_text(work.session, work.mission_id, "gndem", "en", "Pledge", body)
        return made is not None


async def test_who_signed_on_paper_signed_the_text_that_came_in_the_same_file(
    walked: Walked,
) -> None:
    assert (await gates(walked, "W-1"))["pledge"] == "signed"
    assert (await walked.send("W-1", "voting", CALM))["status"] == 201


async def test_a_text_that_is_loaded_again_is_in_force_again(
    walked: Walked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)

    assert load(walked, "Take no side, and say so.")
    assert (await gates(walked, "W-1"))["pledge"] == "outdated"
    assert (await walked.send("W-1", "voting", CALM))["status"] == 202
    assert load(walked, "Take no side.")
    assert not load(walked, "Take no side.")
    assert (await gates(walked, "W-1"))["pledge"] == "signed"
    assert (await walked.send("W-1", "voting", CALM))["status"] == 201


async def test_who_signed_the_text_between_signs_anew(
    walked: Walked, monkeypatch: pytest.MonkeyPatch, rows: Any
) -> None:
    monkeypatch.setattr("api.intake.reference_cache.FRESH_SECONDS", 0.0)
    load(walked, "Take no side, and say so.")
    code = (await walked.get("code", "W-1")).json()
    signed = await walked.post("pledge", {"text_sha256": code["sha256"]}, "W-1")
    assert signed.status_code == 201
    rows("DELETE FROM pledge WHERE means = 'paper' RETURNING 1")
    assert (await walked.send("W-1", "voting", CALM))["status"] == 201
    load(walked, "Take no side.")
    assert (await walked.send("W-1", "voting", CALM))["status"] == 202


async def test_an_observer_is_of_the_kind_of_its_organisation_and_carries_its_accreditation(
    walked: Walked,
) -> None:
    me = (await walked.get("/api/v1/me", "M-1")).json()
    assert (me["kind"], me["accreditation"]) == ("international", None)
    table = b"pseudonym,state,number,issuer\nM-1,issued,ACC-77,Commission\n"
    with office(walked.settings) as at, at.work(at.mission(SLUG)) as work:
        import_accreditations(work, read_table(table))
    me = (await walked.get("/api/v1/me", "M-1")).json()
    assert me["accreditation"] == {"state": "issued", "number": "ACC-77", "issuer": "Commission"}
    assert (await walked.get("/api/v1/me", "W-1")).json()["accreditation"] is None
    assert (await walked.get("/api/v1/me")).json()["accreditation"] is None


async def test_accreditation_is_not_decided_before_it_is_asked_for(walked: Walked) -> None:
    table = b"pseudonym,state,applied_on,decided_on\nM-1,refused,2026-11-10,2026-11-01\n"
    with office(walked.settings) as at, at.work(at.mission(SLUG)) as work:
        outcome = import_accreditations(work, read_table(table))
    assert [each.line for each in outcome.refused] == [2]
    assert "decided_on" in outcome.refused[0].reason


async def test_a_declaration_that_declares_something_is_decided_on_the_person_s_page(
    walked: Walked,
) -> None:
    declared = {"answers": {"ties": "A cousin stands."}}
    assert (await walked.post("declaration", declared, "W-2")).status_code == 201
    assert (await walked.send("W-2", "voting", CALM))["status"] == 202
    (listed,) = [
        each
        for each in (await walked.get("observers")).json()["items"]
        if each["pseudonym"] == "W-2"
    ]
    asked = listed["declaration"]
    assert (asked["decision"], asked["declares_something"]) == ("pending", True)
    page = f"/missions/{SLUG}/people/W-2"
    shown = (await walked.get(page)).text
    assert "A cousin stands." in shown
    assert f'value="{asked["id"]}"' in shown

    async def decide(**more: str) -> Any:
        return await walked.client.post(
            f"/missions/{SLUG}/people/declarations",
            headers=walked.bearer("lead"),
            data={"declaration": asked["id"], "reason": "A close tie."} | more,
        )

    assert (await decide(refuse="yes")).status_code == 303
    assert (await gates(walked, "W-2"))["declaration"] == "refused"
    assert f'value="{asked["id"]}"' in (await walked.get(page)).text
    assert (await decide()).status_code == 303
    assert (await gates(walked, "W-2"))["declaration"] == "accepted"
    reports = (await walked.get("reports")).json()["items"]
    assert {each["status"] for each in reports} == {"received"}
    assert f'value="{asked["id"]}"' not in (await walked.get(page)).text


async def test_a_declaration_that_holds_a_nul_is_refused_by_its_question(walked: Walked) -> None:
    refused = await walked.post("declaration", {"answers": {"ties": "a\0b"}}, "W-2")
    assert (refused.status_code, refused.json()["field"]) == (422, "answers.ties")
    state = {"suspended": True, "reason": "a\0b"}
    assert (await walked.post("observers/W-2/state", state)).status_code == 422


async def test_women_are_counted_in_the_record_however_the_file_writes_them(
    walked: Walked, rows: Any
) -> None:
    rows(
        "UPDATE observer SET gender = CASE pseudonym WHEN 'W-1' THEN 'F' WHEN 'W-2' THEN 'femme'"
        " ELSE 'man' END RETURNING 1"
    )
    duties = (await walked.get("compliance")).json()["items"]
    (balance,) = [each for each in duties if each["standard"] == "dop:20"]
    assert "women: 2 of 3" in balance["on_record"]
