"""A mission's file: who runs it, what is voted on, which checklists it uses."""

import re
import tomllib
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from api.checklists.publishing import library_names
from api.places.voting import (
    Code,
    ContestPlan,
    ElectionPlan,
    Names,
    RoundPlan,
    Words,
    Zone,
    each_once,
    printable,
)
from schemas.mission import BOUND_BY, Arrangement, Endorsement, Gate, Kind, MissionState, Scope
from schemas.standards import own_code
from schemas.station_noun import known_noun

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class MissionFileProblem(Exception):
    """A mission's file that cannot be used; the message names the field."""


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise ValueError("small letters, digits and hyphens are needed, at most 63")
    return value


def _of_the_library(value: str) -> str:
    known = library_names()
    if value not in known:
        raise ValueError(f"the library has no such checklist. It has: {', '.join(known)}")
    return value


def _known_nouns(value: dict[str, str]) -> dict[str, str]:
    return {language: known_noun(language, noun) for language, noun in value.items()}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


Retained = Literal["identities", "photos"]
"""The classes of data that are kept for so many days after the mission is closed."""


class LawPlan(_Shape):
    """A law or rule of the mission's pack."""

    title: Words
    reference: Words | None = None
    url: Words | None = None


class MissionPlan(_Shape):
    """The mission itself."""

    slug: Annotated[str, AfterValidator(_slug)]
    title: Words
    titles: Names = {}
    country: Words
    country_names: Names = {}
    kind: Kind = Kind.DOMESTIC
    scope: Scope = Scope.FULL
    languages: list[Code] = Field(default=["en"], min_length=1)
    zone: Zone = "UTC"
    response_threshold: float = Field(default=0.8, gt=0, le=1)
    checklists: list[Annotated[str, AfterValidator(_of_the_library)]] = ["voting", "counting"]
    demonstration: bool = False
    arrangement: Arrangement | None = None
    state: Literal[MissionState.EXPLORATORY, MissionState.ACTIVE] = MissionState.ACTIVE
    phases: list[Code] = []
    gates: list[Gate] = []
    legal_pack: list[LawPlan] = []
    embargo_until: AwareDatetime | None = None
    shares_frame: bool = False
    phones_passphrase: bool = False
    retention_days: dict[Retained, Annotated[int, Field(ge=0, le=36_500)]] = {}
    station_noun: Annotated[dict[str, str], AfterValidator(_known_nouns)] = {}


class OrganisationPlan(_Shape):
    """An organisation that sends observers, bound to one instrument: coc or gndem."""

    code: Code
    name: Words
    names: Names = {}
    kind: Kind
    instrument: Literal["", "coc", "gndem"] = ""
    endorsement: Endorsement = Endorsement.NOT_ENDORSING
    endorsed_on: date | None = None

    @model_validator(mode="after")
    def _own_instrument(self) -> Self:
        if self.instrument not in ("", BOUND_BY[self.kind]):
            raise ValueError(f"instrument: {self.kind} observers pledge to {BOUND_BY[self.kind]}")
        return self


class FundingPlan(_Shape):
    """Who pays for the mission."""

    funder: Words
    purpose: str = Field(default="", max_length=2000)
    amount: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    currency: str = Field(default="", max_length=10)


class StandardPlan(_Shape):
    """A standard that the mission adds: an article of national law, with our paraphrase."""

    code: Annotated[str, AfterValidator(own_code)]
    instrument: Words
    says: dict[Code, Words] = Field(min_length=1)


class CodePlan(_Shape):
    """The text that observers pledge to, in one language."""

    instrument: Literal["coc", "gndem"]
    language: Code
    title: Words
    text: Annotated[
        str, StringConstraints(min_length=1, max_length=200_000), AfterValidator(printable)
    ]
    summary: bool = False


class ObserverPlan(_Shape):
    """An observer, by pseudonym; ``organisation`` is a code."""

    pseudonym: Code
    organisation: Code
    languages: list[Code] = ["en"]
    pledged: bool = False
    declared: bool = False


class MissionFile(_Shape):
    """A mission as its file says it."""

    mission: MissionPlan
    organisations: list[OrganisationPlan] = []
    observers: list[ObserverPlan] = []
    election: ElectionPlan
    rounds: list[RoundPlan] = Field(min_length=1)
    contests: list[ContestPlan] = []
    funding: list[FundingPlan] = []
    standards: list[StandardPlan] = []
    codes: list[CodePlan] = []

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        organisations = each_once("organisations", (each.code for each in self.organisations))
        rounds = each_once("rounds", (each.code for each in self.rounds))
        each_once("contests", (f"{each.round}/{each.code}" for each in self.contests))
        each_once("observers", (each.pseudonym for each in self.observers))
        each_once("standards", (each.code for each in self.standards))
        for contest in self.contests:
            if contest.round not in rounds:
                raise ValueError(f"contests: {contest.code} names no round {contest.round!r}")
        for observer in self.observers:
            if observer.organisation not in organisations:
                raise ValueError(
                    f"observers: {observer.pseudonym} names no organisation "
                    f"{observer.organisation!r}"
                )
        return self


def read_mission_file(data: bytes) -> MissionFile:
    """Read a mission's TOML. Raises :class:`MissionFileProblem` naming the field."""
    try:
        return MissionFile.model_validate(tomllib.loads(data.decode("utf-8-sig")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MissionFileProblem(f"It is not TOML in UTF-8: {error}.") from error
    except ValidationError as error:
        raise MissionFileProblem(_said(error)) from error


def _said(error: ValidationError) -> str:
    """One thing to mend: a field that is not known first, as it is often another misspelt."""
    found = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    where = ".".join(str(part) for part in found["loc"])
    words = found["msg"].removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        words = "there is no such field"
    return f"{where}: {words}." if where else f"{words}."
