"""Acts on registers, places, checklists and people, each done with success."""

import hashlib
from datetime import timedelta
from typing import Any

from api.registers.catalogue import REGISTERS
from api.registers.register import Field, Register
from schemas.columns import now
from tests.api.audit.acting import Acting
from tests.api.intake.sealing import sealed
from tests.mobile_forms.form_files import PICTURE, WITH_FILES
from tests.mobile_forms.spreadsheets import SETTINGS, spreadsheet

DAY = f"{now():%Y-%m-%d}"


async def keep_registers(act: Acting) -> None:
    """A row in each register by the API and by its page, filled in later by both."""
    statement = (await act.get("statements"))["items"][0]["id"]
    for number, register in enumerate(REGISTERS):
        name = register.name
        given = _row(register, f"{number}-api", statement)
        made = await act(f"POST api/registers/{name}", json=given)
        later = {each.name: _value(each, "later", statement) for each in register.later()[:1]}
        if later:
            at = {"row_id": made.json()["id"]}
            await act(f"PATCH api/registers/{name}/{{row_id}}", at=at, json=later)
        page = _row(register, f"{number}-page", statement)
        typed = {key: value if isinstance(value, str) else "en=x" for key, value in page.items()}
        await act(f"POST page/registers/{name}", data=typed)


def _row(register: Register, number: str, statement: str) -> dict[str, Any]:
    return {
        each.name: _value(each, number, statement)
        for each in register.fields
        if each.required and not each.later
    }


def _value(field: Field, number: str, statement: str) -> Any:
    kinds: dict[str, Any] = {
        "choice": field.choices[0][0] if field.choices else "",
        "date": DAY,
        "area": "01",
        "moment": f"{now() - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "yes": True,
        "standard": "dop:5",
        "standards": ["dop:5"],
        "languages": "en",
        "statement": statement,
        "observer": "S-2001",
        "own": f"law:{number}",
        "texts": {"en": "x"},
    }
    if (field.name, field.kind) == ("outcome", "choice"):
        return field.choices[1][0]
    return kinds.get(field.kind, f"{field.name} {number}")


async def keep_places(act: Acting) -> None:
    """Hours, stations, elections, rounds, contests, a run-off, tables, samples, the state."""
    await act("POST api/hours", json={"round": "first", "area": "01", "opens": "06:30"})
    moved = {"kind": "moved", "on": DAY, "address": "New Street 4"}
    await act("POST api/stations/{code}/changes", at={"code": "0003"}, json=moved)
    await act("POST api/elections", json={"code": "council", "name": "Council"})
    polled = {
        "code": "council-1",
        "name": "First",
        "polling_days": [DAY],
        "opens": "07:00",
        "closes": "20:00",
    }
    await act("POST api/elections/{code}/rounds", at={"code": "council"}, json=polled)
    people = [{"code": "A", "name": "Ada"}, {"code": "B", "name": "Bo"}]
    contest = {
        "round": "council-1",
        "code": "mayor",
        "name": "Mayor",
        "denominator": "valid",
        "contestants": people,
    }
    await act("POST api/contests", json=contest)
    await act(
        "POST api/rounds",
        json={
            "of": "council-1",
            "code": "council-2",
            "name": "Second",
            "days": [DAY],
            "contests": {"mayor": ["A", "B"]},
        },
    )
    await act("POST page/elections", data={"add": "election", "code": "seats", "name": "Seats"})
    stations = "code,name\n" + "".join(f"900{each},School\n" for each in range(1, 5))
    await act("POST api/tables/{noun}", at={"noun": "stations"}, content=stations)
    other = b"code,name\n9009,Other\n"
    written = {"of": "stations", "act": "write", "seen": hashlib.sha256(other).hexdigest()}
    await act("POST page/tables", data=written, files={"file": ("s.csv", other)})
    draw = {"size": 10, "seed": 3, "round": "first", "code": "second"}
    await act("POST api/samples", json=draw)
    await act("POST page/samples", data=draw | {"code": "third"})
    await act("POST api/state", json={"state": "active", "reason": "It goes on."})


async def keep_checklists(act: Acting) -> None:
    """Drafts, files beside them, published, discarded, retired."""
    plain = spreadsheet(settings=[SETTINGS | {"form_id": "plain"}])
    await act("POST api/checklists/lint", content=plain)
    await act("POST api/checklists/adopt", content=plain)
    made = (await act("POST api/checklists", content=WITH_FILES)).json()
    form = {"name": made["checklist"], "version": made["version"]}
    media = "api/checklists/{name}/versions/{version}/media/{file}"
    await act(f"PUT {media}", at=form | {"file": "seal.png"}, content=PICTURE)
    await act(f"DELETE {media}", at=form | {"file": "seal.png"})
    await act(
        "POST page/checklists/{name}/{version}/media",
        at=form,
        files={"file": ("seal.png", PICTURE)},
    )
    await act("DELETE api/checklists/{name}/versions/{version}", at=form)
    page = await act("POST page/checklists", files={"file": ("form.xlsx", plain)})
    name, version = page.headers["location"].split("/")[-2:]
    drafted = {"name": name, "version": version}
    await act("POST api/checklists/{name}/versions/{version}/publish", at=drafted)
    await act("POST api/checklists/{name}/versions/{version}/retire", at=drafted)
    again = (await act("POST api/checklists", content=WITH_FILES)).json()
    form = {"name": again["checklist"], "version": again["version"]}
    await act("POST page/checklists/{name}/{version}", at=form, data={"act": "discard"})


async def keep_people(act: Acting) -> None:
    """Phones, pledges, declarations, suspension, alarms, Collect."""
    person = {"pseudonym": "S-2002"}
    enrol = "POST api/observers/{pseudonym}/enrolment"
    code = (await act(enrol, at=person, json={"means": "sheet"})).json()["code"]
    await act("POST /api/v1/enrol/opening", "nobody", json={"code": code})
    enrolled = await act("POST /api/v1/enrol", "nobody", json={"code": code})
    act.tokens["phone"] = enrolled.json()["token"]
    for _ in range(2):
        await act.client.post("/api/v1/enrol", json={"code": code})
    first, *_ = (await act.get("alarms"))["items"]
    await act("POST api/alarms/{alarm}/settle", at={"alarm": first["id"]})
    other = (await act(enrol, at=person, json={"means": "sheet"})).json()["code"]
    for _ in range(2):
        await act.client.post("/api/v1/enrol", json={"code": other})
    second, *_ = (await act.get("alarms"))["items"]
    await act("POST page/people/alarms/{id}/settle", at={"id": second["id"]})
    text = await act.get("code", "phone")
    pledged = {"text_sha256": text["sha256"], "language": "en"}
    await act("POST api/pledge", "phone", json=pledged)
    await act("POST api/rehearsal", "phone", json={"probe": "x"})
    me = (await act.client.get("/api/v1/me", headers=act.headers("phone"))).json()
    outbox = sealed(me, act.tokens["phone"], [])
    await act("POST api/outboxes", content=outbox)
    await act("POST page/outboxes", files={"file": ("a.outbox", outbox)})
    declared = [
        (await act("POST api/declaration", "phone", json={"answers": {}})).json()["id"]
        for _ in range(2)
    ]
    await act(
        "POST api/declarations/decide",
        json={"declarations": declared[:1], "decision": "accepted", "reason": "read"},
    )
    await act("POST page/people/declarations", data={"declaration": declared[1], "reason": "read"})
    await act(
        "POST api/observers/{pseudonym}/state",
        at=person,
        json={"suspended": True, "reason": "a complaint"},
    )
    await act(
        "POST page/people/{pseudonym}/state",
        at=person,
        data={"act": "reinstate", "reason": "settled"},
    )
    await act("POST api/observers/{pseudonym}/collect", at=person)
    await act("POST page/people/{pseudonym}/telephone", at=person)
    await act("POST page/people/sheet")
    await act("PUT api/phones", json={"forget_hours": 24})
    await act("POST page/people/phones", data={"hours": "48"})
    await act("POST page/people/phones/passphrase", data={"passphrase": "yes"})
    code = (await act(enrol, at=person, json={"means": "sheet"})).json()["code"]
    enrolled = await act.client.post("/api/v1/enrol", json={"code": code})
    act.tokens["phone"] = enrolled.json()["token"]
    await act("POST api/observers/{pseudonym}/phones/wipe", at=person)
    await act("POST page/people/{pseudonym}/wipe", at=person)
    await act("POST api/phone/leaving", "phone", json={"reports": 1})
    await act("POST page/people/{pseudonym}/revoke", at=person)
    await act("DELETE api/observers/{pseudonym}/phones", at=person)
