"""A small mission, written straight into the database: three stations, two observers, a form."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import create_engine
from sqlmodel import Session, SQLModel

from api.auth.principal import new_token, token_hash
from schemas.checklist import Choice, Definition, Indicator, Question, Source
from schemas.columns import new_id, now
from schemas.credential import Credential, Purpose, Role
from schemas.election import Election, Round
from schemas.mission import Member, Mission, MissionClock, MissionSlug, Organisation
from schemas.observer import Decision, InterestDeclaration, Observer, ObserverState, Pledge
from schemas.place import Place, PlaceKind
from schemas.published import Checklist, ChecklistVersion, Rules

SLUG = "vastria-2026"
POLLING_DAY = "2026-11-08"
SEALED = (Choice(name="yes", label={"en": "Yes"}), Choice(name="no", label={"en": "No"}))
KNOWN = (Choice(name="saw", label={"en": "Saw"}), Choice(name="told", label={"en": "Told"}))

XFORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">
<h:head><h:title>Voting</h:title><model>
<instance><data id="voting" version="{version}">
<context><station/><observer/><visit/><arrived_at/><departed_at/><position/></context>
<queue/><sealed/><sealed__known/><comment/><photo/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/context/station" type="string"/>
<bind nodeset="/data/context/arrived_at" type="dateTime"/>
<bind nodeset="/data/queue" type="int"/><bind nodeset="/data/sealed" type="string"/>
<bind nodeset="/data/sealed__known" type="string" relevant=" /data/sealed = 'no'"/>
<bind nodeset="/data/comment" type="string"/><bind nodeset="/data/photo" type="binary"/>
<bind nodeset="/data/meta/instanceID" type="string" preload="uid"/>
</model></h:head><h:body/></h:html>"""


def definition(version: str) -> Definition:
    """A voting checklist of five questions and one irregularity."""
    return Definition(
        name="voting",
        version=version,
        title={"en": "Voting"},
        languages=("en",),
        stage="voting",
        questions=(
            Question(name="queue", type="integer", path="/data/queue", label={"en": "Queue"}),
            Question(
                name="sealed",
                type="select_one",
                path="/data/sealed",
                label={"en": "Box sealed"},
                choices=SEALED,
            ),
            Question(
                name="sealed__known",
                type="select_one",
                path="/data/sealed__known",
                label={"en": "How known"},
                relevant=" /data/sealed = 'no'",
                choices=KNOWN,
            ),
            Question(name="comment", type="text", path="/data/comment", label={"en": "Comment"}),
            Question(name="photo", type="image", path="/data/photo", label={"en": "Photo"}),
        ),
        indicators=(
            Indicator(
                code="box-not-sealed",
                stage="voting",
                severity=2,
                standards=("dop:4",),
                phrase={"en": "the ballot box was not sealed"},
                positive_phrase={"en": "the ballot box was sealed"},
                sources=(Source(question="sealed", options={"no": 2}),),
            ),
        ),
        checks=(),
    )


@dataclass
class SmallMission:
    """What tests need to know of the mission: its tokens, and how to make a report."""

    slug: str
    mission_id: UUID = field(default_factory=new_id)
    tokens: dict[str, str] = field(default_factory=dict)
    holders: dict[str, UUID] = field(default_factory=dict)

    @property
    def reports(self) -> str:
        """Where reports are posted."""
        return f"/api/v1/missions/{self.slug}/reports"

    def bearer(self, persona: str) -> dict[str, str]:
        """The header of a persona's token."""
        return {"Authorization": f"Bearer {self.tokens[persona]}"}

    def report(self, **members: Any) -> dict[str, Any]:
        """A report that is kept and placed, of a visit of its own; ``members`` replace or add, and
        what is ``...`` is left out."""
        report = {
            "id": str(uuid4()),
            "checklist": "voting",
            "version": "2",
            "round": "first",
            "station": "001",
            "observer": "O-1",
            "visit": str(uuid4()),
            "arrived_at": f"{POLLING_DAY}T07:10:00Z",
            "departed_at": f"{POLLING_DAY}T07:40:00Z",
            "answers": {"queue": 4, "sealed": "yes"},
        }
        return {name: value for name, value in (report | members).items() if value is not ...}


def sow(admin_url: str, slug: str = SLUG) -> SmallMission:
    """Write a small mission into an empty database and give its tokens."""
    mission = SmallMission(slug)
    engine = create_engine(admin_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with Session(engine, expire_on_commit=False) as session:
        for layer in _layers(mission):
            session.add_all(layer)
            session.flush()
        session.commit()
    engine.dispose()
    return mission


def _layers(mission: SmallMission) -> list[list[SQLModel]]:
    of = {"mission_id": mission.mission_id}
    people = Organisation(**of, code="citizens", name="Citizens Watch", kind="domestic")
    observers = {
        name: Observer(**of, organisation_id=people.id, pseudonym=name, languages=["en"])
        for name in ("O-1", "O-2", "O-unpledged", "O-undeclared", "O-suspended")
    }
    observers["O-suspended"].state = ObserverState.SUSPENDED
    members = {
        role: Member(**of, handle=role, role=role) for role in ("lead", "data_manager", "partner")
    }
    election = Election(**of, code="e", name="Election")
    return [
        [
            Mission(
                **of,
                slug=mission.slug,
                title="Vastria 2026",
                country="Vastria",
                kind="domestic",
                languages=["en"],
                demonstration=True,
                created_at=now(),
            )
        ],
        [MissionSlug(slug=mission.slug, **of), MissionClock(**of), people],
        [*observers.values(), *members.values(), election],
        [
            Round(
                **of,
                election_id=election.id,
                code="first",
                name="First round",
                polling_days=[POLLING_DAY],
                opens=time(7),
                closes=time(20),
            ),
            *[_place(mission, code) for code in ("001", "002", "003")],
            *[
                Pledge(
                    **of,
                    observer_id=observers[name].id,
                    instrument="gndem",
                    text_sha256="0" * 64,
                    language="en",
                    means="paper",
                    signed_at=now(),
                )
                for name in observers
                if name != "O-unpledged"
            ],
            *[
                InterestDeclaration(
                    **of,
                    observer_id=observer.id,
                    answers={},
                    means="paper",
                    declared_at=now(),
                    decision=Decision.ACCEPTED,
                    decided_at=now(),
                )
                for name, observer in observers.items()
                if name != "O-undeclared"
            ],
        ],
        *_published(mission),
        _credentials(
            mission,
            {
                "observer": observers["O-1"].id,
                "observer2": observers["O-2"].id,
                "unpledged": observers["O-unpledged"].id,
                "undeclared": observers["O-undeclared"].id,
                "suspended": observers["O-suspended"].id,
            }
            | {role: member.id for role, member in members.items()},
        ),
    ]


def _place(mission: SmallMission, code: str) -> Place:
    return Place(
        mission_id=mission.mission_id,
        kind=PlaceKind.STATION,
        code=code,
        name=f"School {code}",
        registered_voters=900,
        attributes={},
    )


def _published(mission: SmallMission) -> list[list[SQLModel]]:
    of = {"mission_id": mission.mission_id}
    checklist = Checklist(**of, name="voting")
    versions, rules = [], []
    for number in ("1", "2"):
        at = datetime(2026, 11, int(number), tzinfo=UTC)
        xform = XFORM.format(version=number)
        version = ChecklistVersion(
            **of,
            checklist_id=checklist.id,
            version=number,
            xform=xform,
            published_at=at,
            xform_sha256=hashlib.sha256(xform.encode()).hexdigest(),
        )
        versions.append(version)
        shape = definition(number).model_dump(mode="json")
        rules.append(
            Rules(**of, version_id=version.id, revision=1, definition=shape, published_at=at)
        )
    return [[checklist], versions, rules]


def _credentials(mission: SmallMission, holders: dict[str, UUID]) -> list[SQLModel]:
    mission.holders = holders
    credentials: list[SQLModel] = []
    for persona, holder in holders.items():
        role = persona if persona in set(Role) else Role.OBSERVER
        credentials.append(credential(mission, persona, Role(role), Purpose.BEARER, holder))
    return credentials


def credential(
    mission: SmallMission, persona: str, role: Role, purpose: Purpose, holder: UUID
) -> Credential:
    """A credential whose token is then among the mission's tokens."""
    mission.tokens[persona] = new_token()
    return Credential(
        token_hash=token_hash(mission.tokens[persona]),
        mission_id=mission.mission_id,
        role=role,
        purpose=purpose,
        holder_id=holder,
        created_at=now(),
    )
