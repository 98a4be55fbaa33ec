"""The checklist of the benchmark: 40 questions, 36 of them indicators, skip logic, two checks."""

import hashlib
from typing import Any

from sqlalchemy import create_engine
from sqlmodel import Session

from schemas.checklist import Check, Choice, Definition, Indicator, Question, Source
from schemas.columns import now
from schemas.published import Checklist, ChecklistVersion, Rules
from tests.api.small import POLLING_DAY, SmallMission

NAME = "voting-40"
BOUNDARY = "indelible-benchmark"
OPTIONS = tuple(Choice(name=name, label={"en": name}) for name in ("yes", "no", "not_observed"))
COUNTS = ("registered", "voted", "spoilt", "queue")
ASKED = tuple(f"q{number:02}" for number in range(36))


def definition() -> Definition:
    """The checklist as the server judges it."""
    asked = tuple(
        Question(
            name=name,
            type="select_one",
            path=f"/data/{name}",
            label={"en": name},
            choices=OPTIONS,
            relevant="/data/q00 != ''" if number % 3 == 1 else None,
        )
        for number, name in enumerate(ASKED)
    )
    counts = tuple(
        Question(name=name, type="integer", path=f"/data/{name}", label={"en": name})
        for name in COUNTS
    )
    indicators = tuple(
        Indicator(
            code=f"not-{name}",
            stage="voting",
            severity=2,
            standards=("dop:4",),
            phrase={"en": name},
            positive_phrase={"en": name},
            sources=(Source(question=name, options={"no": 2}),),
        )
        for name in ASKED
    )
    checks = (
        _check("more-than-registered", "/data/voted > /data/registered"),
        _check("more-spoilt-than-voted", "/data/spoilt > /data/voted"),
    )
    return Definition(
        name=NAME,
        version="1",
        title={"en": "Voting"},
        languages=("en",),
        stage="voting",
        questions=asked + counts,
        indicators=indicators,
        checks=checks,
    )


def _check(name: str, when: str) -> Check:
    return Check(
        name=name, flag_when=when, explanation={"en": name}, inputs=("voted",), formula=when
    )


def publish(admin_url: str, mission: SmallMission) -> None:
    """Publish the checklist in a mission."""
    of = {"mission_id": mission.mission_id}
    xform = "<data/>"
    checklist = Checklist(**of, name=NAME)
    version = ChecklistVersion(
        **of,
        checklist_id=checklist.id,
        version="1",
        xform=xform,
        published_at=now(),
        xform_sha256=hashlib.sha256(xform.encode()).hexdigest(),
    )
    shape = definition().model_dump(mode="json")
    rules = Rules(**of, version_id=version.id, revision=1, definition=shape, published_at=now())
    engine = create_engine(admin_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with Session(engine) as session:
        for row in (checklist, version, rules):
            session.add(row)
            session.flush()
        session.commit()
    engine.dispose()


def answers() -> dict[str, Any]:
    """Forty answers, three of them irregular."""
    chosen = {name: "no" if number % 12 == 5 else "yes" for number, name in enumerate(ASKED)}
    return chosen | {"registered": 900, "voted": 412, "spoilt": 3, "queue": 14}


def json_report(identity: str) -> dict[str, Any]:
    """A report as JSON, of a visit of its own."""
    return {
        "id": identity,
        "checklist": NAME,
        "version": "1",
        "round": "first",
        "station": "001",
        "observer": "O-1",
        "visit": identity,
        "arrived_at": f"{POLLING_DAY}T07:10:00Z",
        "departed_at": f"{POLLING_DAY}T07:40:00Z",
        "device": {"id": "d", "sequence": 7},
        "position": {"lat": 41.7, "lon": 44.8, "accuracy_m": 6.5},
        "answers": answers(),
    }


def openrosa_submission(identity: str) -> tuple[bytes, str]:
    """The same report as a multipart body, and its content type."""
    leaves = "".join(f"<{name}>{value}</{name}>" for name, value in answers().items())
    xml = (
        f'<data id="{NAME}" version="1"><context><station>001</station><observer>O-1</observer>'
        f"<visit>{identity}</visit><arrived_at>{POLLING_DAY}T07:10:00Z</arrived_at>"
        "<position>41.7 44.8 0 6.5</position>"
        f"</context>{leaves}<meta><instanceID>uuid:{identity}</instanceID></meta></data>"
    )
    head = (
        f"--{BOUNDARY}\r\n"
        'Content-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n'
        "Content-Type: text/xml\r\n\r\n"
    )
    body = f"{head}{xml}\r\n--{BOUNDARY}--\r\n".encode()
    return body, f"multipart/form-data; boundary={BOUNDARY}"
