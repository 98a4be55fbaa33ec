"""The table of rules: what each reads, what it says to the author, and the act that mends it."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.statements.lint import (
    binding,
    claims,
    contradictions,
    duties,
    gates,
    judgement,
    printing,
)
from analytics.statements.lint.found import Check
from analytics.statements.lint.messages import MESSAGES, Message


@dataclass(frozen=True)
class Rule:
    """One release lint. ``norms`` are the standards of a mission from abroad that it serves;
    ``of_draft`` says that what a rule composes must keep it before anybody has written a word;
    ``warns`` that some of what it finds may stand with a reason."""

    id: str
    check: Check
    norms: tuple[str, ...] = ()
    of_draft: bool = False
    warns: bool = False

    @property
    def messages(self) -> Mapping[str, Message]:
        """What it says, by what was found."""
        return MESSAGES[self.id]


RULES: tuple[Rule, ...] = (
    Rule("number.unbound", binding.unbound, ("dop:4", "coc:7"), of_draft=True),
    Rule("number.moved", binding.moved, ("coc:7",), of_draft=True),
    Rule("number.stale", binding.stale, ("coc:7",), warns=True),
    Rule("unit.wrong", printing.wrong_units, ("coc:7",)),
    Rule("domain.missing", printing.domains, ("coc:7",)),
    Rule("interval.forbidden", printing.intervals_forbidden, ("dop:19",), of_draft=True),
    Rule("interval.display", printing.interval_display, ("coc:7",), of_draft=True),
    Rule("n.small", printing.small_numbers, ("coc:7",)),
    Rule("response.low", printing.low_response, ("dop:19",)),
    Rule("day.not-begun", claims.day_not_begun, ("coc:7",)),
    Rule("contest.mixed", claims.mixed_contests, ("coc:7",)),
    Rule("zero.claim", claims.zeros, ("coc:7",)),
    Rule("silence.read", claims.silence, ("dop:12",)),
    Rule("verdict.machine", judgement.of_nobody, ("coc:7",)),
    Rule("word.banned", judgement.banned_words, ("coc:7",), warns=True),
    Rule("scope.overall", judgement.of_the_whole, ("dop:5",), of_draft=True),
    Rule("disclaimer.missing", duties.disclaimers, ("dop:7", "dop:11"), of_draft=True),
    Rule("section.silent", duties.silent_sections, ("dop:5", "dop:16", "dop:17", "dop:22")),
    Rule("citizen.consulted", duties.consulted, ("dop:17",)),
    Rule("balance", judgement.balance, ("coc:7",), warns=True),
    Rule("incident.unverified", duties.evidence, ("dop:13", "dop:14", "dop:15")),
    Rule("compare.untested", claims.comparisons, ("dop:8",), of_draft=True),
    Rule("contradiction", contradictions.contradictions, ("coc:7",), warns=True),
    Rule("standard.missing", duties.standards, ("dop:18",)),
    Rule("release.gates", gates.open_gates, ("dop:7",), warns=True),
)
