"""The demonstration mission: two organisations, a drawn sample, teams sent out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import insert
from sqlmodel import select

from api.audit.unit_of_work import Work
from api.demonstration.country import (
    ASSEMBLY,
    CONSTITUENCIES,
    CONTESTANTS,
    NAME,
    PRESIDENT,
    Country,
    code_of,
)
from api.demonstration.names import (
    ABROAD,
    CIVIC,
    CONTEST_NAMES,
    COUNTRY,
    ELECTION,
    MAJORITY,
    STANDING,
    TITLE,
)
from api.missions.mission_file import MissionFile
from api.people.contacts import keep_contacts
from api.people.pledges import PaperSignatures
from api.people.texts import load_text
from api.samples.draw import draw_sample
from schemas.columns import new_id
from schemas.condition import CONDITIONS, Condition, ConditionState, Contact, Party
from schemas.credential import Role
from schemas.deployment import DeployedObserver, Deployment
from schemas.election import Round
from schemas.mission import Member, Organisation
from schemas.observer import InterestDeclaration, Observer, Pledge
from schemas.place import Area, Place, PlaceKind, RoundPlace
from schemas.statement import Publication, StatementKind

SUMMARIES = {
    "coc": (
        "International observers: a summary of the code, for demonstration",
        """\
This is a summary for a demonstration. It is not the text of the Code of Conduct.

- Respect the country's sovereignty and everybody's human rights.
- Respect the laws of the country and the authority of those who run the election.
- Guard the integrity of the mission: report conflicts of interest and misconduct.
- Stay impartial at all times, in private too. Take no gifts from anyone with a stake.
- Do not obstruct the process. Do not instruct, advise or correct officials.
- Identify yourself whenever you are asked.
- Be accurate: note good and bad, say what you saw and what you were told, where and when.
- Say nothing to the media or the public before the mission has spoken.
- Cooperate with other observers, domestic and international.
- Behave with care and respect.
- A breach is looked into; whoever breaks the code may be sent home.

By pledging you say that you have read this and will keep to it.
""",
    ),
    "gndem": (
        "Citizen observers: a summary of the principles, for demonstration",
        """\
This is a summary for a demonstration. It is not the text of the Declaration of Global Principles.

- Observe for the citizens of the country, for no party and no candidate.
- Stay non-partisan in what you do and say as long as you observe.
- Respect the law, the secrecy of the vote and the rights of voters.
- Do not obstruct the process. Do not instruct officials.
- Report exactly and on time what you saw, good and bad.
- Say when a matter touches your own interests.
- Never put anybody at risk by what you write down or publish.
- Leave it to your organisation to announce what was found.

By pledging you say that you have read this, and that you are and remain non-partisan.
""",
    ),
}
"""By instrument: title and body, in English."""


SLUG = "sarelia"
ROUND = "first"
CONTEST = PRESIDENT
SAMPLED = 0.7
STATIONS_PER_TEAM = 10
MOBILE_TEAMS = 0.09
"""International teams for each station of the country."""
TO_TOWN = 3.0
"""Roads decide where they go: a town is so much likelier to be visited."""
PLEDGED = datetime(2026, 3, 2, 9, tzinfo=UTC)


COORDINATOR = "+999 555 0100"
"""Whom an observer calls: a number of no country."""


@dataclass(frozen=True)
class Team:
    """A team sent out: its observers' pseudonyms and the stations it goes to, by index."""

    observers: tuple[str, ...]
    domestic: bool
    stations: tuple[int, ...]


def mission_file(polling_day: date) -> MissionFile:
    """The mission as a file would say it."""
    return MissionFile.model_validate({
        "mission": {
            "slug": SLUG, "title": f"{NAME}, presidential and regional elections",
            "titles": TITLE, "country": NAME, "country_names": COUNTRY,
            "kind": "domestic", "languages": ["en", "fr", "ar"], "zone": "UTC",
            "response_threshold": 0.8, "demonstration": True, "arrangement": "citizen",
            "checklists": ["voting", "counting", "results", "incident", "access_denied"],
            "phases": ["campaign", "voting", "counting", "complaints"],
            "legal_pack": [{"title": f"Electoral law of {NAME} (invented)"}],
        },
        "organisations": [
            {"code": "civic", "name": f"{NAME} Civic Count", "names": CIVIC,
             "kind": "domestic", "endorsement": "endorser"},
            {"code": "abroad", "name": "Meridian Observation Mission", "names": ABROAD,
             "kind": "international", "endorsement": "endorser"},
        ],
        "election": {"code": "president", "name": "presidential and regional elections",
                     "names": ELECTION},
        "rounds": [{
            "code": ROUND, "name": "First round", "polling_days": [polling_day],
            "opens": time(7), "closes": time(19),
        }],
        "contests": [
            {"round": ROUND, "code": CONTEST, "name": "President",
             "names": CONTEST_NAMES[PRESIDENT], "denominator": "valid",
             "thresholds": [{
                 "name": "majority", "share": 0.5, "names": MAJORITY,
             }],
             "contestants": _standing(PRESIDENT)},
            {"round": ROUND, "code": ASSEMBLY, "name": "Regional assemblies",
             "names": CONTEST_NAMES[ASSEMBLY],
             "denominator": "valid", "areas": [code_of(name) for name in CONSTITUENCIES],
             "contestants": _standing(ASSEMBLY)},
        ],
        "funding": [{"funder": "An invented foundation", "purpose": "This demonstration"}],
    })  # fmt: skip


def _standing(contest: str) -> list[dict[str, Any]]:
    """Who stands in a contest."""
    return [
        {"code": code, "name": name, "names": STANDING[code], "acceptance": "accepted"}
        for code, name in CONTESTANTS[contest]
    ]


def deploy(work: Work, country: Country, seed: int) -> None:
    """Write the country, draw the mission's sample from it, send the teams out."""
    places = _write_country(work, country)
    size = max(round(SAMPLED * len(country.stations)), 1)
    sample = draw_sample(work, size=size, seed=seed, stratify_by="region")
    _write_teams(work, country, teams_of(country, sample.drawn.codes, seed), places)
    _write_registers(work)


def _write_registers(work: Work) -> None:
    """How the nine conditions stand, whom the mission spoke with, what it published first: all of
    it invented."""
    lead = work.session.exec(select(Member.id).where(Member.role == Role.LEAD)).one()
    by: dict[str, Any] = {
        "mission_id": work.mission_id, "recorded_by": lead, "recorded_at": PLEDGED,
    }  # fmt: skip
    for letter in CONDITIONS:
        state = ConditionState.PARTLY if letter in "bg" else ConditionState.MET
        work.session.add(Condition(
            **by, letter=letter, state=state, evidence="Invented for the demonstration.",
            stood_on=PLEDGED.date(),
        ))  # fmt: skip
    for party in (Party.AUTHORITY, Party.CITIZEN_GROUP):
        work.session.add(Contact(
            **by, party=party, body="An invented body", subject="Before election day",
            held_at=PLEDGED,
        ))  # fmt: skip
    work.session.add(Publication(
        **by, number="1", kind=StatementKind.PRESENCE, title=f"Who observes in {NAME}, and why",
        languages=["en", "fr", "ar"], published_at=PLEDGED + timedelta(days=7),
        published_in="A press conference, and sarelia.example/presence", announces=True,
        authority="An invented commission", copied_at=PLEDGED + timedelta(days=6),
        copied_how="By hand, against a stamp",
    ))  # fmt: skip


def teams_of(country: Country, drawn: Iterable[str], seed: int) -> list[Team]:
    """A domestic observer at each drawn station; international pairs going round.

    ``drawn`` are codes of stations, in any order.
    """
    chance = np.random.default_rng([seed, 3])
    index = {each.code: place for place, each in enumerate(country.stations)}
    domestic = [
        Team((f"S-{2001 + number}",), True, (station,))
        for number, station in enumerate(sorted(index[code] for code in drawn))
    ]
    count = len(country.stations)
    pull = np.array([1.0 if each.rural else TO_TOWN for each in country.stations])
    abroad = []
    for number in range(max(round(MOBILE_TEAMS * count), 1)):
        size = min(STATIONS_PER_TEAM, count)
        route = chance.choice(count, size=size, replace=False, p=pull / pull.sum())
        pair = (f"M-{101 + 2 * number}", f"M-{102 + 2 * number}")
        abroad.append(Team(pair, False, tuple(int(each) for each in route)))
    return domestic + abroad


def _write_country(work: Work, country: Country) -> list[UUID]:
    constituencies = {each.code: each for each in work.session.exec(select(Area))}
    areas = [
        constituencies.get(region.code)
        or Area(mission_id=work.mission_id, code=region.code, name=region.name, level="region")
        for region in country.regions
    ]
    for area, region in zip(areas, country.regions, strict=True):
        area.name, area.level = region.name, "region"
        outline = [*region.outline, region.outline[0]]
        area.shape = {"type": "Polygon", "coordinates": [outline]}
    work.session.add_all(areas)
    work.session.flush()
    ids = [new_id() for _ in country.stations]
    work.session.execute(insert(Place), [
        {"mission_id": work.mission_id, "id": identity, "kind": PlaceKind.STATION.value,
         "code": each.code, "name": each.name, "address": "", "area_id": areas[each.region].id,
         "registered_voters": each.registered, "latitude": each.latitude,
         "longitude": each.longitude, "attributes": {
             "region": country.regions[each.region].code,
             "setting": "rural" if each.rural else "urban"}}
        for identity, each in zip(ids, country.stations, strict=True)
    ])  # fmt: skip
    round_id = work.session.exec(select(Round.id)).one()
    work.session.execute(insert(RoundPlace), [
        {"mission_id": work.mission_id, "round_id": round_id, "place_id": identity,
         "registered_voters": each.registered}
        for identity, each in zip(ids, country.stations, strict=True)
    ])  # fmt: skip
    return ids


def _write_teams(work: Work, country: Country, teams: list[Team], places: list[UUID]) -> None:
    organisations = {each.code: each.id for each in work.session.exec(select(Organisation))}
    round_id = work.session.exec(select(Round.id)).one()
    observers: list[dict[str, Any]] = []
    deployments: list[dict[str, Any]] = []
    sent: list[dict[str, Any]] = []
    for team in teams:
        organisation = organisations["civic" if team.domestic else "abroad"]
        people = sorted(new_id() for _ in team.observers)
        observers += [
            {"mission_id": work.mission_id, "id": identity, "organisation_id": organisation,
             "pseudonym": name, "languages": ["en", "fr"]}
            for identity, name in zip(people, team.observers, strict=True)
        ]  # fmt: skip
        for station in team.stations:
            deployment = new_id()
            deployments.append({
                "mission_id": work.mission_id, "id": deployment, "round_id": round_id,
                "organisation_id": organisation, "kind": "static" if team.domestic else "mobile",
                "place_id": places[station], "area_id": None,
                "expected": _expected(team, station, country),
            })  # fmt: skip
            sent += [{"mission_id": work.mission_id, "deployment_id": deployment,
                      "observer_id": identity} for identity in people]  # fmt: skip
    work.session.execute(insert(Observer), observers)
    _write_papers(work, observers)
    work.session.execute(insert(Deployment), deployments)
    work.session.execute(insert(DeployedObserver), sent)
    contacts = {"coordinator_telephone": COORDINATOR}
    keep_contacts(work.session, work.mission_id, {each["id"]: contacts for each in observers})


def _write_papers(work: Work, observers: list[dict[str, Any]]) -> None:
    """Everybody pledged on paper, to a summary that says it is one, and had nothing to declare.

    Only the last one's pledge never came: what their team sends is held for review.
    """
    for instrument, (title, body) in SUMMARIES.items():
        load_text(
            work.session, work.mission_id, instrument, "en", title, body, summary=True, at=PLEDGED
        )
    paper = PaperSignatures.of(work.session, work.mission_id)
    pledges = [
        paper.pledge(each["id"], each["organisation_id"], each["languages"], PLEDGED)
        for each in observers[:-1]
    ]
    declarations = [paper.declaration(each["id"], PLEDGED) for each in observers]
    work.session.execute(insert(Pledge), [each.model_dump() for each in pledges])
    work.session.execute(insert(InterestDeclaration), [each.model_dump() for each in declarations])


def _expected(team: Team, station: int, country: Country) -> dict[str, int]:
    """Three reports on voting and one on the count, or on the way one of voting each; where there
    are two contests each count has a report on the result of either."""
    counting = {"counting": 1}
    if len(country.contests_at(station)) > 1:
        counting["results"] = 1
    if team.domestic:
        return {"voting": 3} | counting
    return {"voting": 1} | (counting if station == team.stations[-1] else {})
