"""The table of a correction: each number as published, as it is now, and the effect."""

from collections.abc import Iterator, Sequence

from analytics.statements.blocks import ExemptText, Sentence, Table, plain
from analytics.statements.kinds import CorrectedNumber
from analytics.statements.printing import Printer


def corrected_table(corrected: Sequence[CorrectedNumber], printer: Printer) -> Iterator[Table]:
    """Old and new side by side, in one format; nothing where no number is corrected."""
    if not corrected:
        return
    speech = printer.speech
    names = ("place", "was", "now", "moved", "effect")
    yield Table(
        title=plain(speech.say("corrected.table")),
        columns=tuple(plain(speech.say(f"correction.{each}")) for each in names),
        rows=tuple(_row(each, printer) for each in corrected),
        groups="indicators",
    )


def _row(each: CorrectedNumber, printer: Printer) -> tuple[Sentence, ...]:
    speech, ledger = printer.speech, printer.ledger
    was, now = each.in_language(speech.language)
    numbers = (
        (
            ledger.fact(
                f"correction/{each.number_id}/{name}",
                0,
                {"measure": name, "number": each.number_id},
                text=text,
            ),
        )
        for name, text in (("was", was), ("now", now), ("moved", each.moved))
    )
    words = ExemptText(text=each.changes_to(speech.language), why="wording")
    effect = speech.say(f"effect.{each.effect}", words=words)
    place = ExemptText(text=each.place_in(speech.language), why="wording")
    return ((place,), *numbers, effect)
