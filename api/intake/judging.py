"""Judging one report within a time limit, so that none keeps the others of a worker waiting.

Most are judged in a thousandth of a second. One that is not done after ``AT_ONCE_SECONDS`` is
judged again in a thread of its own, one at a time in a worker, while the worker goes on taking
reports in. What is not done there after ``MAX_SECONDS`` either is kept and held: the reason says
so, and the report is judged again when other rules are published under its version.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import structlog

from api.intake.candidate import Reason, not_accepted
from api.intake.envelope import Envelope
from api.intake.reference_cache import KnownRules, Verdict
from mobile_forms.functions.values import TooSlow, limited

AT_ONCE_SECONDS = 0.02
"""CPU time that others wait for. A checklist of 200 questions takes a twentieth of it."""
MAX_SECONDS = 2.0
"""CPU time that any report may take."""
TOO_SLOW = Reason(
    "judgement",
    "too_slow",
    f"The checklist's rules take longer than {MAX_SECONDS:.0f} seconds on these answers. Its "
    "author looks for rules that go through rows for each row, and publishes others.",
)

log = structlog.get_logger("indelible.intake")


@dataclass(frozen=True, slots=True)
class JudgedAnswers:
    """What the rules make of a report; without rules the answers as sent."""

    answers: dict[str, Any]
    codes: bytes | None = None
    flags: tuple[dict[str, Any], ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class TimedJudging:
    """Judges reports of all missions of this worker; the slow ones one by one."""

    slow: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def judge(
        self, envelope: Envelope, rules: KnownRules | None, accepted: Collection[str] = ()
    ) -> JudgedAnswers:
        """What the rules say of a report, in spite of the reasons ``accepted``. Never raises for
        what an answer holds."""
        if rules is None:
            return JudgedAnswers(envelope.answers)
        try:
            verdict = await self._verdict(envelope, rules)
        except TooSlow:
            log.warning("report judged too slowly", report=str(envelope.id), rules=str(rules.id))
            verdict = rules.judge.unjudged(envelope.answers)
            reasons = (*not_accepted(_reasons(verdict), accepted), TOO_SLOW)
            return _judged(envelope, verdict, None, reasons)
        except Exception as error:
            log.error("report not judged", error=type(error).__name__, rules=str(rules.id))
            reason = Reason("answers", "unjudgeable", "The rules could not be applied to these.")
            return JudgedAnswers(envelope.answers, reasons=(reason,))
        reasons = not_accepted(_reasons(verdict), accepted)
        return _judged(envelope, verdict, verdict.codes, reasons)

    async def _verdict(self, envelope: Envelope, rules: KnownRules) -> Verdict:
        try:
            with limited(AT_ONCE_SECONDS):
                return rules.judge.judge(envelope.answers, envelope.observed)
        except TooSlow:
            async with self.slow:
                return await asyncio.to_thread(_judge_apart, envelope, rules)


def _reasons(verdict: Verdict) -> tuple[Reason, ...]:
    return tuple(Reason(one.field, one.code, one.message) for one in verdict.reasons)


def _judged(
    envelope: Envelope, verdict: Verdict, codes: bytes | None, reasons: tuple[Reason, ...]
) -> JudgedAnswers:
    # A person who decides about a held report sees also what could not be read, and what was
    # accepted stays as it was sent.
    read, sent = verdict.answers, envelope.answers
    if reasons:
        answers = {**sent, **read}
    else:
        blamed = {each.field for each in verdict.reasons}
        answers = {name: each for name, each in sent.items() if name in blamed} | read
    return JudgedAnswers(answers, codes, tuple(verdict.flags), reasons)


def _judge_apart(envelope: Envelope, rules: KnownRules) -> Verdict:
    """In another thread, with evaluators that no other waits for."""
    with limited(MAX_SECONDS):
        return rules.judge.another().judge(envelope.answers, envelope.observed)
