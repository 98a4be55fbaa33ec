"""Reads a drafted statement: its frozen numbers, its sentences, and its page.

Every number of the snapshot is held against the oracle's; every bound number of a text must be a
writing of what was counted, with the noun of its unit and the words of its domain.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

from tests.truth.comparing import Difference, Found, fields_of, number_said, unequal
from tests.truth.counting import SAMPLE, VISITS, Count, Number
from tests.truth.feeding import Asking
from tests.truth.forms import form
from tests.truth.protocols import protocols, quick_count
from tests.truth.wording import noun_after, objections, turned, wrong_noun

BESIDE = ("told", "not_observed", "unanswered", "not_applicable", "not_asked")
LINK = re.compile(r'<a class="n" href="[^"]*/numbers/([^"#]+)#?[^"]*"><bdi>(.*?)</bdi>')
ELECTION_DAY = ("opening", "voting", "closing", "counting", "tabulation", "quick_count")
GRAVE = 3
PARTS = ("words", "bound", "exempt")
Text = list[dict[str, Any]]


async def of_statement(asking: Asking, count: Count) -> Found:
    """Draft a statement of the round, and read it."""
    identity = await asking.draft(count.round)
    statement = await asking.json(f"statements/{identity}")
    if not count.begun():
        return list(_of_a_day_to_come(statement, count.round))
    counted = {key[:4]: each for key, each in count.irregularities().items() if key[4] is None}
    found = list(_of_snapshot(statement["snapshot"]["numbers"], count, counted))
    blocks = list(_blocks(statement["blocks"]))
    method = " ".join(
        each["text"]
        for block in blocks
        if block.get("role") == "method"
        for text in texts_of(block)
        for each in text
    )
    for block in blocks:
        found += _of_block(block, counted, method)
    page = (await asking.page(f"statements/{identity}")).text
    found += _of_page(page, statement["blocks"])
    return found


def _of_a_day_to_come(statement: dict[str, Any], round_code: str) -> Iterator[Difference]:
    """Of a round whose polls have not opened nothing of election day may be said."""
    sections = {each.get("section") for each in statement["blocks"]} & set(ELECTION_DAY)
    if sections:
        yield Difference("statement", round_code, "sections before polls", sorted(sections), [])
    rates = [each for each in statement["snapshot"]["numbers"] if _rate(each)]
    if rates:
        yield Difference("statement", round_code, "rates before polls", sorted(rates)[:3], [])


def _rate(number_id: str) -> tuple[tuple[str, str, str, str], str] | None:
    """The checklist, irregularity, kind and part that a number is of, and which of its numbers."""
    parts = number_id.split("/")
    if len(parts) in (4, 5) and parts[3] in (SAMPLE, VISITS):
        return (parts[0], parts[1], parts[2], parts[3]), parts[4] if len(parts) == 5 else ""
    return None


def _of_snapshot(
    numbers: dict[str, dict[str, Any]], count: Count, counted: dict[Any, Number]
) -> Iterator[Difference]:
    facts = _facts(count)
    for number_id, said in sorted(numbers.items()):
        rate = _rate(number_id)
        if rate is not None:
            yield from _of_rate(number_id, said, counted.get(rate[0]), rate[1])
        elif number_id in facts:
            where = f"{number_id} of {count.round}"
            yield from unequal("statement", where, {"value": said["value"]}, facts[number_id])


def _of_rate(
    number_id: str, said: dict[str, Any], number: Number | None, which: str
) -> Iterator[Difference]:
    if number is None:
        yield Difference("statement", number_id, "number", said["text"], None)
    elif which in ("", "positive"):
        fields = {name: each for name, each in fields_of(number).items() if " " not in name}
        if which and number.interval:
            contrary = turned(number.interval)
            fields |= {"value": contrary.value, "low": contrary.low, "high": contrary.high}
        elif which:
            fields["n"] = number.answered - number.seen
        yield from unequal("statement", number_id, number_said(said), fields)
    elif which == "other":
        told = {name: said[name] for name in ("unit", "seen", "of")}
        counted = dict(zip(("unit", "seen", "of"), number.other, strict=True))
        yield from unequal("statement", number_id, told, counted)
    else:
        counts = {"missing": number.missing} | dict(number.beside)
        yield from unequal("statement", number_id, {which: said["value"]}, {which: counts[which]})


def _facts(count: Count) -> dict[str, dict[str, Any]]:
    """Numbers of the snapshot that are no rates."""
    facts: dict[str, Any] = {"access/denied": count.refusals()}
    refused, closed, unsafe = count.unobserved()
    facts |= {"stations/refused": refused, "stations/closed": closed, "stations/unsafe": unsafe}
    expected, received, missing = count.coverage()[None]
    facts["coverage"] = received
    for checklist in ("voting", "results"):
        expected, received, missing = count.of_checklist(checklist)
        facts[f"coverage/{checklist}"] = received
        facts[f"coverage/{checklist}/planned"] = expected
        facts[f"coverage/{checklist}/received"] = received
        facts[f"coverage/{checklist}/missing"] = missing
    for kind in ("domestic", "international"):
        facts[f"mission/{kind}/stations"] = count.stations_observed(kind)
    sample = count.sample("domestic")
    if sample:
        facts |= {"sample/drawn": sample.size, "sample/seed": sample.seed}
        facts |= {"sample/frame": len(count.mission.stations), "sample/strata": 4}
    for contest in count.mission.contests:
        if contest.round == count.round:
            facts[f"quick/{contest.code}/stations"] = len(protocols(count, contest.code))
            for name, share in quick_count(count, contest.code).items():
                facts[f"quick/{contest.code}/{name}"] = share.value
    return {name: {"value": value} for name, value in facts.items()}


def _blocks(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield block
        yield from _blocks(block.get("blocks", []))


def texts_of(block: Any) -> Iterator[Text]:
    """Every text of a block: a list of parts."""
    if isinstance(block, list):
        if block and all(isinstance(each, dict) and each.get("type") in PARTS for each in block):
            yield block
            return
        for each in block:
            yield from texts_of(each)
    elif isinstance(block, dict):
        for name, each in block.items():
            if name != "blocks":
                yield from texts_of(each)


def _of_block(
    block: dict[str, Any], counted: dict[Any, Number], method: str
) -> Iterator[Difference]:
    for text in texts_of(block):
        for at, part in enumerate(text):
            number_id = part.get("number_id") or "" if part["type"] == "bound" else ""
            yield from _of_coverage(number_id, text, at)
            rate = _rate(number_id)
            if rate is None or rate[1] not in ("", "positive") or rate[0] not in counted:
                continue
            yield from _of_bound(block, text, at, rate[0], counted)
            yield from _of_domain(block, text, at, counted[rate[0]], method)


def _of_coverage(number_id: str, text: Text, at: int) -> Iterator[Difference]:
    """What is said of a plan is said of reports: a team may send several from one visit."""
    if number_id.startswith("coverage") and at + 1 < len(text):
        noun = noun_after(text[at + 1]["text"])
        if noun and not noun.endswith(("report", "reports")):
            said = text[at]["text"] + text[at + 1]["text"]
            yield Difference("sentence", number_id, "noun", said, "reports")


def _of_bound(
    block: dict[str, Any], text: Text, at: int, key: Any, counted: dict[Any, Number]
) -> Iterator[Difference]:
    part, number = text[at], counted[key]
    where, said = part["number_id"], part["text"]
    positive = where.endswith("/positive")
    for each in objections(said, number, positive):
        yield Difference("sentence", where, "digits", said, each)
    after = text[at + 1]["text"] if at + 1 < len(text) else ""
    noun = noun_after(after)
    if noun:
        wrong = wrong_noun(noun, number, said)
        if wrong:
            yield Difference("sentence", where, "noun", said + after, wrong)
    if block["type"] in ("paragraph", "findings"):
        sentence = "".join(each["text"] for each in text)
        yield from _outside(where, key, counted, sentence)


NEARLY_ALL = 0.9


def _of_domain(
    block: dict[str, Any], text: Text, at: int, number: Number, method: str
) -> Iterator[Difference]:
    """A sentence says where its number was asked; where nearly all were asked, the method may say
    it once for all."""
    if block["type"] not in ("paragraph", "findings") or not number.domain:
        return
    sentence, words = "".join(each["text"] for each in text), number.domain[0]
    asked = number.answered / max(number.answered + number.beside.get("not_asked", 0), 1)
    if words not in sentence and (asked < NEARLY_ALL or words not in method):
        yield Difference("sentence", text[at]["number_id"], "domain", sentence, words)


def _outside(
    where: str, key: Any, counted: dict[Any, Number], sentence: str
) -> Iterator[Difference]:
    """What lies outside a sample does not stand beside an estimate of the same thing; but what is
    grave and was seen outside alone is said all the same."""
    inside = counted.get((*key[:3], SAMPLE))
    if key[3] != VISITS or inside is None or inside.interval is None:
        return
    grave = form(key[0]).indicators[key[1]].severity >= GRAVE
    if not (grave and inside.seen == 0):
        yield Difference("sentence", where, "outside the sample", sentence, "folded away")


def _of_page(page: str, blocks: list[dict[str, Any]]) -> Iterator[Difference]:
    """The page has the bound numbers of the texts, each with its words."""
    shown = {(each, html.unescape(text)) for each, text in LINK.findall(page)}
    bound = {
        (part["number_id"], part["text"])
        for block in _blocks(blocks)
        for text in texts_of(block)
        for part in text
        if part["type"] == "bound" and part.get("number_id")
    }
    for where, text in sorted(bound - shown):
        yield Difference("statement page", where, "bound number", None, text)
    for where, text in sorted(shown - bound):
        yield Difference("statement page", where, "bound number", text, None)
