"""The tables of a quick count: all shares, what is official beside them, and their bounds."""

from collections.abc import Sequence

from analytics.results.quick_count import Share, against_official
from analytics.statements.blocks import Sentence, Table, isolated, plain
from analytics.statements.facts import ContestCount
from analytics.statements.printing import Printer
from analytics.statements.vote_numbers import (
    contestant_name,
    extreme,
    official_number,
    share_number,
)


def bounds_table(
    contest: ContestCount, printer: Printer, shares: Sequence[Share] | None = None
) -> Table:
    """The least and the most of each share, whatever the missing results say."""
    ledger = printer.ledger
    return _table(
        "votes.bounds",
        ("votes.candidate", "votes.lowest", "votes.highest"),
        [
            (
                _named(contest, share, printer),
                (extreme(contest, share, "lowest", share.lowest, ledger),),
                (extreme(contest, share, "highest", share.highest, ledger),),
            )
            for share in (contest.count.shares if shares is None else shares)
        ],
        printer,
    )


def shares_table(contest: ContestCount, printer: Printer) -> Table:
    """Each share with its range, in the order of the ballot; beside it the official one, and
    whether they agree."""
    columns, official = ["votes.candidate", "votes.share"], contest.official or {}
    if official:
        columns += ["votes.official", "votes.compared"]
    rows = []
    for share in contest.count.shares:
        row: list[Sentence] = [
            _named(contest, share, printer),
            (share_number(contest, share, printer.ledger),),
        ]
        if official:
            given = official.get(share.contestant)
            verdict = official_verdict(contest, share)
            row += [
                () if given is None else (official_number(contest, share, given, printer.ledger),),
                () if verdict is None else printer.speech.say(f"votes.{verdict.replace(' ', '_')}"),
            ]
        rows.append(tuple(row))
    return _table("votes.table", columns, rows, printer)


def _table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Sentence, ...]],
    printer: Printer,
) -> Table:
    speech = printer.speech
    return Table(
        title=plain(speech.say(title)),
        columns=tuple(plain(speech.say(each)) for each in columns),
        rows=tuple(rows),
    )


def _named(contest: ContestCount, share: Share, printer: Printer) -> Sentence:
    language = printer.speech.language
    return tuple(isolated(contestant_name(contest, share, language), language))


def official_verdict(contest: ContestCount, share: Share) -> str | None:
    """How an official share stands to the quick count; None where none was given."""
    given = (contest.official or {}).get(share.contestant)
    if given is None:
        return None
    return against_official(share, given, len(contest.official or {}), response_met=True)
