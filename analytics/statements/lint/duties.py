"""Rules on what a statement must say: disclaimers, sections, consultation, standards, evidence."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from analytics.statements.blocks import (
    Block,
    Bound,
    Disclaimer,
    FindingList,
    Heading,
    Paragraph,
    plain,
)
from analytics.statements.lint.facts import Case
from analytics.statements.lint.found import Found
from analytics.statements.lint.reading import Phrase, Place, Reading
from analytics.statements.speech import Speech
from analytics.statements.templates import TEMPLATES
from schemas.mission import Kind, MissionState
from schemas.standards import unknown_standards
from schemas.statement import StatementKind

_CODE = re.compile(
    r"\b(?:obl|iccpr|gc25|cedaw|crpd|uncac|dop|coc|gndem|bamako|acdeg|iadc|cop|part):\d\w*(?:\.\d\w*)*"
)
_WORD = re.compile(r"\w+")
_PHONE = re.compile(r"(?:\+|\b00)\d[\d\s().-]{6,}\d")
_EARLY = (StatementKind.PRELIMINARY, StatementKind.INTERIM)
_INTRODUCES = (StatementKind.PRESENCE, StatementKind.PRELIMINARY, StatementKind.FINAL)
REASONED = {"exploratory": MissionState.EXPLORATORY, "withdrawn": MissionState.WITHDRAWN}


def disclaimers(reading: Reading) -> Iterator[Found]:
    """What a statement of its kind must say of its own limits."""
    given = reading.given
    said = {block.about for block, _ in reading.blocks() if isinstance(block, Disclaimer)}
    sections = {place.section for _, place in reading.blocks()}
    state = given.standing.state if given.standing else None
    wanted = {
        "before_completion": given.kind in _EARLY,
        "not_endorsement": given.kind in _EARLY and bool(given.mission),
        "demonstration": given.demonstration,
        **{about: state == each for about, each in REASONED.items()},
    }
    for about, must in wanted.items():
        if must and about not in said:
            yield Found(text=about, gaps={"kind": str(given.kind)})
    if given.mission and given.kind in _INTRODUCES and "about" not in sections:
        yield Found(text="about", gaps={"kind": str(given.kind)})


def silent_sections(reading: Reading) -> Iterator[Found]:
    """Sections without content, sections of the kind that are absent, departures that are not
    said."""
    given = reading.given
    blocks = list(reading.blocks())
    present = {place.section for _, place in blocks}
    for position, (block, place) in enumerate(blocks):
        if not isinstance(block, Heading) or block.level == 1 or place.section == "assessment":
            continue
        if not any(_says_something(each) for each in _under(block, blocks[position + 1 :], place)):
            yield Found(place, plain(block.text), gaps={"section": plain(block.text)})
    filled = {place.section for block, place in blocks if _says_something(block)}
    titled = {place.section for block, place in blocks if isinstance(block, Heading)}
    for section in given.required:
        if section not in filled | titled:
            title = _title(section, reading.reference)
            yield Found(Place(reading.reference, section, ""), title, gaps={"section": title})
    departs = given.standing is not None and given.standing.departures
    if departs and "departures" not in present:
        yield Found(Place(reading.reference, "departures", ""), text="departures")


def _title(section: str, language: str) -> str:
    """What a section that is not there would be called, in the statement's language."""
    speech = Speech(language if language in TEMPLATES else "en")
    name = f"section.{section}"
    return plain(speech.say(name)) if speech.has(name) else section


def _under(
    heading: Heading, behind: Sequence[tuple[Block, Place]], place: Place
) -> Iterator[Block]:
    """What stands under a heading: the other blocks of its section, and all up to the next heading
    of its level."""
    inside = True
    for block, at in behind:
        inside = inside and not (isinstance(block, Heading) and block.level <= heading.level)
        if inside or at.section == place.section:
            yield block


def _says_something(block: Block) -> bool:
    if isinstance(block, Heading):
        return False
    if isinstance(block, Paragraph):
        return bool(plain(block.text).strip())
    return True


def consulted(reading: Reading) -> Iterator[Found]:
    """A mission from abroad that names no citizen observers whom it heard before its statement."""
    given = reading.given
    if given.mission is not Kind.INTERNATIONAL or given.not_consulted_because.strip():
        return
    if given.kind in (StatementKind.PRESENCE, StatementKind.CORRECTION):
        return
    heard = given.consulted
    if heard is None and given.standing is None:
        return
    if heard is None and given.standing is not None and given.standing.consulted:
        return
    if not heard or any(not each.name.strip() or not each.on for each in heard):
        yield Found()


def standards(reading: Reading) -> Iterator[Found]:
    """Findings without a standard, unknown ids, codes in the text, "contrary to the law" without
    its article."""
    named: set[str] = set()
    coded: set[tuple[str, str]] = set()
    for block, place in reading.blocks():
        for item in block.items if isinstance(block, FindingList) else ():
            named.add(item.finding)
            yield from _named(reading, place, item.standards, plain(item.text), item.finding)
    for phrase in reading.phrases:
        place = phrase.place
        if place.language == reading.reference and place.part not in ("annex", "table"):
            yield from _of_findings(phrase, reading, named)
        code = None if place.part == "annex" else _CODE.search(phrase.text)
        if code and (place.language, place.block) not in coded:
            coded.add((place.language, place.block))
            yield Found(place, code.group(), text="code")
        against = phrase.words.against_law.search(phrase.typed)
        if against and not phrase.words.article.search(phrase.text):
            yield Found(place, against.group(), text="article")


def _named(
    reading: Reading, place: Place, standards: tuple[str, ...], words: str, finding: str
) -> Iterator[Found]:
    if not standards:
        yield Found(place, words, (finding,))
    for each in unknown_standards(standards, reading.given.own_standards):
        yield Found(place, each, (finding,), "unknown")


def _of_findings(phrase: Phrase, reading: Reading, named: set[str]) -> Iterator[Found]:
    """The findings of a sentence whose record names no standard, each once."""
    for number in phrase.bounds:
        code = number.finding or number.number_id
        finding = reading.given.findings.get(code)
        if finding is None or code in named:
            continue
        named.add(code)
        kept = tuple(finding.get("standards", ()))
        yield from _named(reading, phrase.place, kept, number.text, number.number_id)


GRADES_TOLD = ("told", "reported", "reported_to_observers")


def evidence(reading: Reading) -> Iterator[Found]:
    """Cases that are not verified, rates of cases, "seen" for what was told, and whoever can be
    recognised."""
    private = _by_rarest_word(reading.given.private_names)
    for phrase in reading.phrases:
        for number in phrase.bounds:
            case = reading.given.cases.get(number.number_id)
            if case is not None:
                yield from _of_case(phrase, number, case, reading)
        for name in _named_in(phrase.text, private):
            yield Found(phrase.place, name, text="person")
        typed = "".join(each.text for each in phrase.pieces if not isinstance(each, Bound))
        if phone := _PHONE.search(typed):
            yield Found(phrase.place, phone.group(), text="person")


def _by_rarest_word(names: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Names by their word that the fewest of them have: of thousands only a few are looked for."""
    words = {name: _WORD.findall(name.casefold()) for name in sorted(names)}
    often = Counter(word for each in words.values() for word in each)
    found: dict[str, list[str]] = {}
    for name, own in words.items():
        if own:
            found.setdefault(min(own, key=lambda word: often[word]), []).append(name)
    return found


def _named_in(text: str, names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The names that a text says, as it writes them."""
    for word in dict.fromkeys(_WORD.findall(text.casefold())):
        for name in names.get(word, ()):
            said = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
            if said:
                yield said.group()


def _of_case(phrase: Phrase, number: Bound, case: Case, reading: Reading) -> Iterator[Found]:
    here = phrase.place.language == reading.reference
    ids, gaps = (number.number_id,), {"case": case.name, "grade": case.grade}
    if not case.verified:
        yield from [Found(phrase.place, number.text, ids, gaps=gaps)] if here else ()
        return
    if "%" in number.text and here:
        yield Found(phrase.place, number.text, ids, "rate")
    told = not case.seen_by_observers or case.grade in GRADES_TOLD
    said = phrase.words.seen.search(phrase.typed)
    if told and said:
        yield Found(phrase.place, said.group(), ids, "told", gaps=gaps)
