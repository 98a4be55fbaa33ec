"""Three whole statements of invented missions, bound throughout: preliminary, quick count,
correction. Persons' blocks are marked P, composed and accepted ones M, fixed ones T."""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.statements.blocks import (
    Annex,
    Block,
    Disclaimer,
    Heading,
    Origin,
    Paragraph,
    PlainText,
    Table,
)
from tests.analytics.statements.lint.statement import count, estimate, fact, sentence

Numbers = Mapping[str, Mapping[str, Any]]
_ORIGINS: Mapping[str, Origin] = {"P": "person", "M": "accepted", "T": "fixed"}
Lines = Sequence[tuple[str, str, str]]
"""(mark, section, text); a text that begins with # is the section's heading."""


def blocks_of(lines: Lines, numbers: Numbers) -> tuple[Block, ...]:
    """The blocks of a statement that is written in lines."""
    found: list[Block] = []
    for at, (mark, section, text) in enumerate(lines, 1):
        placed: dict[str, Any] = {
            "id": f"{section}-{at}",
            "section": section,
            "origin": _ORIGINS[mark],
        }
        if section in DISCLAIMERS:
            pieces = sentence(text, numbers)
            found.append(Disclaimer(about=section, text=pieces, **placed))  # type: ignore[arg-type]
        elif text.startswith("#"):
            level: Any = text.count("#", 0, 3)
            said = (PlainText(text=text.lstrip("# ")),)
            found.append(Heading(level=level, text=said, **placed))
        else:
            role: Any = "method" if section == "method" else "body"
            found.append(Paragraph(text=sentence(text, numbers), role=role, **placed))
    return tuple(found)


def table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: Numbers
) -> Annex:
    """An annex of one table."""
    cells = tuple(tuple(sentence(cell, numbers) for cell in row) for row in rows)
    inner = Table(title=title, columns=tuple(columns), rows=cells)
    return Annex(title=title, blocks=(inner,), id="annex-b", section="annex", origin="fixed")


DISCLAIMERS = frozenset({"before_completion", "not_endorsement", "scope", "demonstration"})


def found(code: str, number: dict[str, Any], polarity: str = "negative") -> dict[str, Any]:
    """A frozen number of a finding."""
    query = {"indicator": code, "polarity": polarity, "kind": "international"}
    return {**number, "finding": code, "query": {**query, **number["query"]}}


NUMBERS: dict[str, dict[str, Any]] = {
    "VO-OVERALL": found("VO-OVERALL", estimate(0.944, 0.924, 0.960, n=626, seen=591), "positive"),
    "VO-SECRECY": found("VO-SECRECY", estimate(0.098, 0.076, 0.123, n=622, seen=61)),
    "VO-GROUP": found("VO-GROUP", estimate(0.1058, 0.083, 0.132, n=624, seen=66)),
    "VO-GROUP-W": count(41, 66),
    "VO-ASSIST": found("VO-ASSIST", estimate(0.050, 0.035, 0.070, n=617, seen=31)),
    "VO-INTIM": found("VO-INTIM", estimate(0.019, 0.010, 0.033, n=624, seen=12)),
    "VO-STUFF": found("VO-STUFF", estimate(0.0, 0.0, 0.006, n=611, seen=0)),
    "VO-CAROUSEL": found("VO-CAROUSEL", estimate(0.0, 0.0, 0.006, n=604, seen=0)),
    "ZEROS": {"type": "merge", "text": "0.6%", "query": {"members": ["VO-STUFF", "VO-CAROUSEL"]}},
    "MADE": estimate(0.1085, 0.086, 0.135, n=627, seen=68),
    "REFUSED": found(
        "DR-REFUSE",
        {
            **count(9, 68),
            "domain": {"text": {"en": "where a complaint was made"}, "n": 68},
            "not_asked": 559,
        },
    ),
    "AC-OBS": found("AC-OBS", estimate(0.0267, 0.016, 0.042, n=636, seen=17)),
    "NOPOST": found("CO-NOPOST", count(21, 126)),
    "COPY": found("CO-NOCOPY", count(14, 119)),
    **{f"M{each}": fact(each) for each in (260, 130, 629, 647, 126, 34, 19, 8, 9, 650, 12, 11240)},
}
FINDINGS = {
    code: {
        "indicator": number["query"]["indicator"],
        "polarity": number["query"]["polarity"],
        "severity": 3 if code in ("VO-STUFF", "VO-CAROUSEL", "VO-INTIM") else 2,
        "kind": "international",
        "standards": ["obl:18"],
        "phrase": {"en": f"what {code} asks was so"},
        "query": {"part": "sample"},
    }
    for code, number in NUMBERS.items()
    if number.get("finding")
}
PRELIMINARY: Lines = (
    ("P", "headline", "# Voters were served; results did not reach the public everywhere"),
    ("T", "before_completion", "This statement comes before the process is complete."),
    ("T", "not_endorsement", "Our presence does not make the process credible."),
    ("T", "assessment", "## Overall assessment"),
    (
        "P",
        "assessment",
        "Voters chose among candidates who could campaign, and officials knew their task. After "
        "polls closed the process was weakest: results did not reach the public everywhere.",
    ),
    ("T", "conclusions", "## Preliminary conclusions"),
    (
        "M",
        "conclusions",
        "Voting was assessed as good or very good at {{VO-OVERALL|94% ±2}} of polling stations. "
        "Ballot-box stuffing and multiple voting were not seen where they could be observed.",
    ),
    (
        "M",
        "conclusions",
        "The layout of booths did not ensure secrecy at {{VO-SECRECY|10% ±2}} of polling stations, "
        "and family voting took place at {{VO-GROUP|11% (8–13%)}}; at {{VO-GROUP-W|41}} of these "
        "{{VO-GROUP-W|66}} a man accompanied women. This bears on the secret ballot.",
    ),
    (
        "P",
        "conclusions",
        "Results were not posted after {{NOPOST|21 of the 126}} counts observed, and a copy was "
        "refused after {{COPY|14 of 119}}. This falls short of the obligation of transparency.",
    ),
    (
        "P",
        "conclusions",
        "Candidates campaigned freely on uneven ground: officials of the State took part in "
        "campaign events, which blurs the line between State and candidate.",
    ),
    ("T", "legal", "## Legal framework"),
    ("P", "legal", "The law leaves the publication of results by station open, as it did in 2022."),
    ("T", "administration", "## Election administration"),
    ("P", "administration", "The Commission met its deadlines and sat in public until 9 March."),
    ("T", "women", "## Women, minorities, persons with disabilities"),
    ("P", "women", "No candidate is a woman. Ballots came in both official languages."),
    ("T", "finance", "## Campaign finance"),
    ("T", "finance", "Left to the final report: accounts are due later."),
    ("T", "voting", "## Voting"),
    (
        "M",
        "voting",
        "{{M260|260}} observers in {{M130|130}} teams followed voting at {{M629|629}} of the "
        "{{M647|647}} polling stations drawn by lot for them; what is said of voting is an "
        "estimate for all polling stations.",
    ),
    (
        "M",
        "voting",
        "One person assisted more than one voter at {{VO-ASSIST|5% (4–7%)}} of polling stations. "
        "Intimidation was seen at {{VO-INTIM|2% ±1}} of polling stations. Ballot-box stuffing and "
        "multiple voting were not seen at any of the {{ZEROS|more than 600}} polling stations "
        "where this could be observed; at 95% confidence, either could have been seen at no more "
        "than {{ZEROS|0.6%}}.",
    ),
    (
        "M",
        "voting",
        "A complaint was made at {{MADE|11% (9–14%)}} of polling stations; at {{REFUSED|nine}} of "
        "these {{REFUSED|68}} it was not accepted. This bears on the right to an effective remedy. "
        "Observers were refused or restricted at {{AC-OBS|3% (2–4%)}} of polling stations.",
    ),
    ("T", "counting", "## Counting"),
    ("M", "counting", "Counting was followed at {{M126|126}} places."),
    ("T", "incidents", "## Incidents"),
    (
        "M",
        "incidents",
        "Of {{M34|34}} cases reported, {{M19|19}} were verified by 16 March, 08:00, {{M8|eight}} "
        "of them of campaigning at a polling station. They are counted, not turned into rates.",
    ),
    ("T", "observers", "## Citizen observers"),
    ("M", "observers", "The mission heard {{M9|nine}} organisations before writing."),
    ("T", "about", "## About the mission"),
    ("T", "about", "It was invited on 3 December 2026 and works under the Declaration."),
    (
        "T",
        "method",
        "{{M650|650}} of {{M11240|11,240}} polling stations were drawn by lot in {{M12|12}} "
        "regions. “±” and brackets are 95% confidence intervals in percentage points.",
    ),
)
VOTES = {"unit": "vote", "speaks": "votes", "query": {"contest": "pres", "denominator": "valid"}}
QUICK_NUMBERS: dict[str, dict[str, Any]] = {
    "A": estimate(0.498, 0.495, 0.501, n=952, seen=None, **VOTES),
    "B": estimate(0.346, 0.343, 0.349, n=952, seen=None, **VOTES),
    "TRANSP": found("CO-TRANSP", estimate(0.9517, 0.9412, 0.962, n=950, seen=904), "positive"),
    "NOPOST": found("CO-NOPOST", estimate(0.139, 0.117, 0.161, n=948, seen=132)),
    **{f"Q{each}": fact(each) for each in (1000, 952, 21, 9, 12, 6)},
    "official": {**fact(5006), "text": "50.06%"},
}
QUICK_FINDINGS = {
    code: {
        "indicator": QUICK_NUMBERS[code]["query"]["indicator"],
        "polarity": QUICK_NUMBERS[code]["query"]["polarity"],
        "severity": 2,
        "kind": "domestic",
        "standards": ["obl:18"],
        "phrase": {"en": f"what {code} asks was so"},
        "query": {"part": "sample"},
    }
    for code in ("TRANSP", "NOPOST")
}
QUICK_COUNT: Lines = (
    (
        "P",
        "headline",
        "# The official results lie inside our ranges; half of the votes is near",
    ),
    ("T", "before_completion", "This statement comes before the process is complete."),
    ("T", "not_endorsement", "Our presence does not make the process credible."),
    ("T", "conclusions", "## Key findings"),
    (
        "M",
        "conclusions",
        "Our estimates are {{A|49.8% ±0.3}} of valid votes for the first candidate and "
        "{{B|34.6% ±0.3}} for the second. The official share, {{official|50.06%}}, lies inside our "
        "range: consistent.",
    ),
    (
        "M",
        "conclusions",
        "The range lies on both sides of half of the votes; the quick count cannot determine "
        "whether a second round is required.",
    ),
    (
        "M",
        "conclusions",
        "Counting was open to all present at {{TRANSP|95% ±1}} of polling stations; the result was "
        "not posted at {{NOPOST|14% ±2}}.",
    ),
    ("T", "method", "Ranges are 95% confidence intervals. They do not come from asking voters."),
    ("T", "about", "## How we know"),
    (
        "M",
        "about",
        "{{Q952|952}} of {{Q1000|1,000}} results entered the estimate. Of the others, "
        "{{Q21|21}} stations could not be reached, observers were refused at {{Q9|nine}}, "
        "{{Q12|12}} protocols could not be copied and {{Q6|six}} are under review.",
    ),
    ("T", "limits", "## What this does not say"),
    ("T", "limits", "The quick count checks the sum. It declares no winner."),
    ("T", "recommendations", "## We ask"),
    ("P", "recommendations", "We ask the Commission to publish results by station by 18 March."),
)
CORRECTION_NUMBERS: dict[str, dict[str, Any]] = {
    "was": fact(126),
    "counts": fact(122),
    "NOPOST": count(18, 122),
    "K": fact(1046),
    "four": fact(4),
}
CORRECTION: Lines = (
    ("P", "headline", "# The figure on the posting of results is corrected"),
    ("T", "cause", "## What was wrong"),
    (
        "P",
        "cause",
        "{{four|Four}} reports entered the figures twice, because teams sent them again under a "
        "new number. The statement counted {{was|126}} counts; the mission observed "
        "{{counts|122}}.",
    ),
    ("T", "unchanged", "## What does not change"),
    (
        "P",
        "unchanged",
        "The conclusion on the publication of results stands: they were not posted after "
        "{{NOPOST|18 of 122}} counts. No estimate changed.",
    ),
    ("T", "checked", "## What else was checked"),
    (
        "P",
        "checked",
        "A team found the double report on 18 March. All {{K|1,046}} reports were then searched "
        "for the same team, place and arrival: no other was found.",
    ),
)
