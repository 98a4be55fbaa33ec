"""Every register of a mission."""

from api.people.messages import tell_of_closed_area
from api.problems import NOT_FOUND, Problem
from api.registers.register import Field, Register
from schemas.condition import Complaint, Condition, Contact
from schemas.memory import Note, Recommendation, Source
from schemas.mission import Departure, Funding, MissionStandard
from schemas.observer import ConductCase, Reprisal
from schemas.place import NoGoArea
from schemas.rights import Right
from schemas.statement import Publication, StatementKind
from schemas.words import N_

LETTERS = (
    ("a", N_("a: invited or accepted")),
    ("b", N_("b: access to every stage and technology")),
    ("c", N_("c: access to everyone concerned")),
    ("d", N_("d: free movement")),
    ("e", N_("e: free to publish")),
    ("f", N_("f: free choice of observers")),
    ("g", N_("g: accreditation for the whole country")),
    ("h", N_("h: no interference with activities")),
    ("i", N_("i: no reprisals")),
)
STATES = (
    ("met", N_("met")),
    ("partly", N_("partly met")),
    ("not_met", N_("not met")),
    ("unknown", N_("unknown")),
)
PARTIES = (
    ("authority", N_("the authority")),
    ("citizen_group", N_("a citizen group")),
    ("contestant", N_("a contestant")),
    ("media", N_("media")),
    ("other", N_("other")),
)
OUTCOMES = (
    ("pending", N_("pending")),
    ("upheld", N_("upheld")),
    ("partly_upheld", N_("partly upheld")),
    ("dismissed", N_("dismissed")),
    ("inadmissible", N_("inadmissible")),
    ("withdrawn", N_("withdrawn")),
)
SOURCES = (
    ("observed", N_("observed")),
    ("citizen", N_("a citizen")),
    ("contestant", N_("a contestant")),
    ("media", N_("media")),
    ("official", N_("an official")),
)
PRIORITIES = (("priority", N_("priority")), ("other", N_("other")))
FOLLOWED = (
    ("not_assessed", N_("not assessed")),
    ("fully", N_("fully")),
    ("mostly", N_("mostly")),
    ("partially", N_("partially")),
    ("not_implemented", N_("not implemented")),
)

KINDS = (
    (StatementKind.PRESENCE.value, N_("presence")),
    (StatementKind.INTERIM.value, N_("interim")),
    (StatementKind.PRELIMINARY.value, N_("preliminary")),
    (StatementKind.FINAL.value, N_("final")),
    (StatementKind.AD_HOC.value, N_("ad hoc")),
    (StatementKind.CORRECTION.value, N_("correction")),
)
PARTS = (
    ("part:1", N_("Legal framework")),
    ("part:2", N_("Electoral system and boundaries")),
    ("part:3", N_("Election management")),
    ("part:4", N_("Voter registration")),
    ("part:5", N_("Voter education")),
    ("part:6", N_("Candidacy and campaigning")),
    ("part:7", N_("Media")),
    ("part:8", N_("Voting operations")),
    ("part:9", N_("Counting and tabulation")),
    ("part:10", N_("Dispute resolution")),
)

REGISTERS = (
    Register(
        "conditions",
        N_("Conditions"),
        N_("How far the nine conditions of observation are met."),
        Condition,
        (
            Field("letter", N_("Condition"), "choice", choices=LETTERS),
            Field("state", N_("State"), "choice", choices=STATES),
            Field("evidence", N_("Evidence"), "words"),
            Field("stood_on", N_("On"), "date", past=True),
        ),
        standards=("dop:12",),
    ),
    Register(
        "contacts",
        N_("Contacts"),
        N_("With the authority, with contestants, with citizen groups before a statement."),
        Contact,
        (
            Field("party", N_("With"), "choice", choices=PARTIES),
            Field("body", N_("Body or group")),
            Field("subject", N_("Subject"), "words"),
            Field("held_at", N_("When"), "moment"),
            Field("outcome", N_("Outcome"), "words", required=False, later=True),
        ),
        standards=("dop:10", "dop:17"),
    ),
    Register(
        "complaints",
        N_("Complaints"),
        N_("Filed, due, decided; appeals name what they appeal."),
        Complaint,
        (
            Field("number", N_("Number")),
            Field("subject", N_("Subject"), "words"),
            Field("complainant", N_("Complainant")),
            Field("body", N_("Filed with")),
            Field("area", N_("Area"), "area", required=False),
            Field("standards", N_("Standards"), "standards", required=False),
            Field("filed_on", N_("Filed"), "date", past=True),
            Field("due_on", N_("Due"), "date", required=False, later=True),
            Field("decided_on", N_("Decided"), "date", required=False, later=True, past=True),
            Field("outcome", N_("Outcome"), "choice", required=False, choices=OUTCOMES, later=True),
            Field("appeal_of", N_("Appeal of"), "complaint", required=False),
        ),
        standards=("bamako:20",),
        in_order=(("filed_on", "due_on"), ("filed_on", "decided_on")),
    ),
    Register(
        "funding",
        N_("Funding"),
        N_("Who pays for the mission. Everyone may read this."),
        Funding,
        (
            Field("funder", N_("Funder")),
            Field("purpose", N_("For"), "words", required=False),
            Field("organisation", N_("Paid to"), "organisation", required=False),
            Field("amount", N_("Amount"), "amount", required=False),
            Field("currency", N_("Currency"), required=False),
            Field("begins_on", N_("From"), "date", required=False),
            Field("ends_on", N_("Until"), "date", required=False),
        ),
        read=None,
        standards=("dop:6",),
        in_order=(("begins_on", "ends_on"),),
    ),
    Register(
        "publications",
        N_("Publications"),
        N_("What the mission published, and the authority's copy of it. Everyone may read this."),
        Publication,
        (
            Field("number", N_("Number")),
            Field("kind", N_("Kind"), "choice", choices=KINDS),
            Field("title", N_("Title")),
            Field("languages", N_("Languages"), "languages", example="en fr"),
            Field("published_at", N_("Published"), "moment", past=True),
            Field("published_in", N_("Where"), "words"),
            Field("announces", N_("Says mandate, composition and duration"), "yes", required=False),
            Field("statement", N_("Statement of this system"), "statement", required=False),
            Field(
                "corrects",
                N_("Corrects number"),
                "publication",
                required=False,
                needed_where=("kind", StatementKind.CORRECTION.value),
            ),
            Field("sha256", N_("SHA-256 of the file"), "sha256", required=False),
            Field("authority", N_("Authority"), required=False, later=True),
            Field(
                "copied_at",
                N_("Copy given"),
                "moment",
                past=True,
                required=False,
                later=True,
                awaited=N_("not given yet"),
            ),
            Field("copied_how", N_("How it was given"), required=False, later=True),
        ),
        read=None,
        write=Right.LOG_PUBLICATIONS,
        standards=("dop:7",),
    ),
    Register(
        "departures",
        N_("Departures"),
        N_("Where the mission departs from a principle, and why: a statement says so."),
        Departure,
        (
            Field("standard", N_("Standard"), "standard"),
            Field("explanation", N_("Explanation"), "words"),
        ),
        standards=("dop:22",),
    ),
    Register(
        "no_go",
        N_("No-go areas"),
        N_("Where nobody is sent, and why. The teams there are told; they are withdrawn by hand."),
        NoGoArea,
        (
            Field("area", N_("Area"), "area"),
            Field("reason", N_("Reason"), "words"),
            Field("begins_on", N_("From"), "date"),
            Field("ends_on", N_("Until"), "date", required=False, later=True),
        ),
        write=Right.CLOSE_AREAS,
        standards=("bamako:48", "bamako:60"),
        in_order=(("begins_on", "ends_on"),),
        tell=lambda work, row: tell_of_closed_area(
            work, row.area_id, row.reason, row.begins_on, row.ends_on
        ),
    ),
    Register(
        "notes",
        N_("Notes"),
        N_("The core team's notes; no one else reads them."),
        Note,
        (
            Field("section", N_("Section")),
            Field("subject", N_("Subject")),
            Field("words", N_("Note"), "words"),
            Field("area", N_("Area"), "area", required=False),
        ),
        read=Right.SEE_DRAFTS,
    ),
    Register(
        "sources",
        N_("Sources"),
        N_("Where a figure comes from that no checklist holds."),
        Source,
        (
            Field("title", N_("Title")),
            Field("owner", N_("Owner")),
            Field("dated", N_("Dated"), "date", required=False),
            Field("method", N_("Method"), "words", required=False),
            Field("sha256", N_("SHA-256 of the file"), required=False),
        ),
        standards=("dop:4",),
    ),
    Register(
        "recommendations",
        N_("Recommendations"),
        N_("What this mission recommends, and what became of earlier ones."),
        Recommendation,
        (
            Field("number", N_("Number")),
            Field("words", N_("Recommendation"), "words"),
            Field("addressee", N_("To")),
            Field("priority", N_("Priority"), "choice", required=False, choices=PRIORITIES),
            Field("law", N_("Article of law to change"), required=False),
            Field("part", N_("Part of the process"), "choice", required=False, choices=PARTS),
            Field("obligations", N_("Obligations"), "standards", required=False),
            Field("earlier", N_("Repeats"), required=False),
            Field("of_mission", N_("Of an earlier mission"), required=False),
            Field(
                "implementation",
                N_("Implemented"),
                "choice",
                required=False,
                choices=FOLLOWED,
                later=True,
            ),
        ),
        standards=("dop:4", "dop:7"),
    ),
    Register(
        "standards",
        N_("National standards"),
        N_("Articles of national law and regional charters that findings may name."),
        MissionStandard,
        (
            Field("code", N_("Code"), "own"),
            Field("instrument", N_("Instrument")),
            Field("says", N_("What it asks, in our words"), "texts"),
        ),
        write=Right.DIRECT,
        standards=("dop:18",),
    ),
    Register(
        "reprisals",
        N_("Reprisals"),
        N_("Pressure on those who observe or speak with us."),
        Reprisal,
        (
            Field("affected", N_("Whom it befell (never a name)")),
            Field("account", N_("What happened"), "words"),
            Field("source", N_("Source"), "choice", choices=SOURCES),
            Field("area", N_("Area"), "area", required=False),
            Field("happened_at", N_("When"), "moment", required=False),
            Field("verified", N_("Verified"), "yes", required=False, later=True),
        ),
        read=Right.SEE_RESTRICTED,
        write=Right.SEE_RESTRICTED,
        standards=("dop:12i",),
        restricted=True,
    ),
    Register(
        "conduct",
        N_("Conduct"),
        N_("Possible breaches of the Code by our own people."),
        ConductCase,
        (
            Field("observer", N_("Observer"), "observer"),
            Field("standard", N_("Duty"), "standard"),
            Field("account", N_("What happened"), "words"),
            Field("outcome", N_("Outcome"), "words", required=False, later=True),
            Field("closed_at", N_("Closed"), "moment", required=False, later=True),
        ),
        read=Right.SEE_RESTRICTED,
        write=Right.SEE_RESTRICTED,
        standards=("coc:11",),
        restricted=True,
        recorded_by="opened_by",
        recorded_at="opened_at",
    ),
)
BY_NAME = {each.name: each for each in REGISTERS}


def register_named(name: str) -> Register:
    """A register by its name. Problem: 404."""
    if name not in BY_NAME:
        raise Problem(NOT_FOUND)
    return BY_NAME[name]
