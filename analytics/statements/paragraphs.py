"""Paragraphs of findings: one sentence after another, each in the order that reads well."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from analytics.grammar.quantities import band_of, quantity_words
from analytics.numbers import Estimate, counted
from analytics.statements.blocks import Bound, Part, Sentence, lowered, one_after_another
from analytics.statements.findings import Finding, share_of
from analytics.statements.merging import Group
from analytics.statements.printing import (
    Printer,
    said_as_count,
    under_one_percent,
    unit_of,
)
from analytics.statements.speech import capital
from schemas.mission import Kind
from schemas.standards.short_names import short_names

_REFERENCE = re.compile(r"\{(?:finding|estimate|number):")
"""In a clause that a person worded as a whole sentence."""
MOST_SENTENCES = 5
MOST_NUMBERS = 6


@dataclass
class ParagraphOfFindings:
    """A paragraph as it grows. ``named`` is the unit that was named last, with its answers and the
    words of its domain; ``closed`` is whether its obligations are said."""

    printer: Printer
    sentences: list[Sentence] = field(default_factory=list)
    standards: list[str] = field(default_factory=list)
    named: tuple[str, int, str] | None = None
    closed: bool = False

    def __bool__(self) -> bool:
        return bool(self.sentences)

    @property
    def numbers(self) -> int:
        """How many numbers stand in it: the parts of one count once."""
        return len({p.number_id for s in self.sentences for p in s if isinstance(p, Bound)})

    @property
    def is_full(self) -> bool:
        """Whether no more sentence of findings should follow."""
        return len(self.sentences) >= MOST_SENTENCES - 1 or self.numbers >= MOST_NUMBERS

    def text(self, *, with_standards: bool = True) -> Sentence:
        """The paragraph, closed by the obligations that it bears on."""
        if with_standards:
            self.close()
        return one_after_another(*self.sentences)

    def close(self) -> None:
        """Say which obligations the sentences so far bear on, once."""
        if not self.closed and self.standards:
            self.add(bears_on(self.standards, self.printer))
            self.closed = True

    def add(self, sentence: Sentence) -> None:
        """A sentence that is no finding of its own."""
        if sentence:
            self.sentences.append(sentence)

    def same_stage(self, finding: Finding) -> None:
        """One more shortcoming of a stage that the sentence before it named."""
        speech, printer = self.printer.speech, self.printer
        asked_of_some = finding.number.domain is not None
        if said_as_count(finding) or under_one_percent(finding) or asked_of_some:
            self.named = None
            self.group(Group((finding,)), "", stage=finding.stage)
            return
        self._stand_by(finding)
        self.add(
            speech.say(
                "T06.stage",
                fact=says(finding, printer),
                p=printer.share(finding),
                of=printer.of(finding),
                during=speech.say(f"during.{finding.stage}"),
            )
        )

    def _stand_by(self, finding: Finding) -> None:
        if finding.standards[0] not in self.standards:
            self.standards.append(finding.standards[0])

    def group(self, group: Group, name: str, *, words: bool = False, stage: str = "") -> None:
        """The sentence of a group of shortcomings; ``words`` puts a word of quantity first,
        ``stage`` names the stage. ``name`` is the id of a merged number."""
        for each in group.findings:
            self._stand_by(each)
        said = (
            self._merged(group, name)
            if len(group.findings) > 1
            else self._single(group.first, words=words, within=bool(stage))
        )
        if stage:
            said = in_stage(stage, said, self.printer)
        self.sentences.append(said)

    def _single(self, finding: Finding, *, words: bool, within: bool) -> Sentence:
        worded = says(finding, self.printer)
        if _REFERENCE.search(worded):
            self.named = None
            return self.printer.referred(worded)
        if said_as_count(finding):
            return self._count(finding, plain=within)
        speech, printer = self.printer.speech, self.printer
        fact = says(finding, printer)
        if under_one_percent(finding):
            return speech.say(
                "T12",
                fact=fact,
                one=self._one(finding),
                of=self._of(finding),
                x=printer.seen(finding),
                n=printer.answered(finding),
            )
        p, band = printer.share(finding), band_of(finding.number)
        domain = self._domain(finding)
        if band and (words or band == "isolated") and not domain:
            form = "T07" if p.margin.startswith("±") else "T07.open"
            word = quantity_words(band, speech.station)
            self.named = None if band == "isolated" else ("station", 0, "")
            return speech.say(form, word=word, p=p, fact=fact)
        again = self.named == ("station", 0, domain)
        turn = len(self.sentences) % 2
        if again:
            return speech.say("T06.next" if turn else "T06.last", p=p, fact=fact)
        form = "T06.first" if turn and not within else "T06"
        return speech.say(form, p=p, of=self._of(finding), fact=fact)

    def _one(self, finding: Finding) -> Bound:
        ledger, style = self.printer.ledger, self.printer.speech.style
        return ledger.restated(ledger.finding(finding), f"1{style.percent}")

    def _of(self, finding: Finding) -> Sentence:
        """The unit with its preposition, which is then the one that was named."""
        where = unit_of(finding) if said_as_count(finding) else "station"
        answers = counted(finding.number).of if said_as_count(finding) else 0
        self.named = (where, answers, self._domain(finding))
        return self.printer.of(finding)

    def _domain(self, finding: Finding) -> str:
        """The words of where a finding was asked; empty where everywhere."""
        domain = finding.number.domain
        return domain.says(self.printer.speech.language) if domain else ""

    def conditional(self, finding: Finding, condition: Finding | None) -> None:
        """T13 and T14: how often the condition held, then what was seen where it did. Where
        nothing counts the condition, the finding says itself where it was asked."""
        if condition is None or said_as_count(condition):
            self.group(Group((finding,)), "")
            return
        speech, printer = self.printer.speech, self.printer
        self._stand_by(finding)
        again = self.named == ("station", 0, "")
        few = said_as_count(finding)
        form = f"{'T13' if few else 'T14'}{'.next' if again else ''}"
        held = printer.share(condition)
        self.add(
            speech.say(
                form,
                condition=says(condition, printer),
                fact=says(finding, printer),
                of=() if again else self._of(condition),
                **(
                    {"p": held, "x": printer.seen(finding), "n": printer.answered(finding)}
                    if few
                    else {"p1": held, "p2": printer.share(finding)}
                ),
            )
        )

    def _count(self, finding: Finding, *, plain: bool) -> Sentence:
        speech, printer = self.printer.speech, self.printer
        unit, number = unit_of(finding), counted(finding.number)
        fact, x = says(finding, printer), printer.seen(finding)
        prep = printer.prep(finding)
        if number.of == 1:
            where = number.domain
            rel: Part = where.says(speech.language) if where else ""
            return speech.say("T16.only.rel" if where else "T16.only", fact=fact, rel=rel)
        if number.seen == number.of:
            of = self._of(finding)
            return speech.say(speech.form("T16.all", *prep), fact=fact, of=of)
        named = self.named
        domain = self._domain(finding)
        if named == (unit, number.of, domain):
            return speech.say(speech.form("T16.there", *prep), fact=fact, x=x)
        if named and (named[0], named[2]) == (unit, domain):
            n = printer.answered(finding)
            return speech.say(speech.form("T16.of", *prep), fact=fact, x=x, n=n)
        turned = len(self.sentences) % 2 and not plain
        name = "T16.next" if turned else "T16"
        return speech.say(speech.form(name, *prep), fact=fact, x=x, of=self._of(finding))

    def _merged(self, group: Group, name: str) -> Sentence:
        """M1: several shortcomings at one range of shares."""
        speech, printer = self.printer.speech, self.printer
        p = printer.range(group, name)
        again = self.named == ("station", 0, self._domain(group.first))
        of = () if again else self._of(group.first)
        things = nouns(group, printer, listed=True)
        if things is None:
            of = of or printer.of(group.first)
            facts = speech.joined([says(each, printer) for each in group.findings])
            return speech.say("T08.facts", range=p, of=of, facts=facts)
        listed = speech.joined(things)
        if again:
            return speech.say("T08.next", things=listed, range=p)
        return speech.say("T08", things=listed, range=p, of=of)

    def good(self, group: Group, name: str, stage: str = "") -> None:
        """M2: good findings at one range of shares."""
        speech, printer = self.printer.speech, self.printer
        facts = speech.joined([says(each, printer) for each in group.findings])
        said = speech.say(
            "T09", range=printer.range(group, name), of=self._of(group.first), facts=facts
        )
        self.add(in_stage(stage, said, printer) if stage else said)

    def zeros(self, group: Group, name: str, *, short: bool = False, stage: str = "") -> None:
        """M3 and M4: what is grave and was not seen, with its limit where a sample gives one."""
        speech, printer = self.printer.speech, self.printer
        form = "T11.short" if short else "T11" if group.rule == "M3" else "T19"
        things = nouns(group, printer)
        parts = {} if short else printer.none_seen(group, name)
        if form == "T19":
            parts = {"n": parts["n"]}
        if group.first.number.unit == "observation":
            form = f"{form}.obs"
        if things is None:
            facts = speech.joined([says(each, printer) for each in group.findings])
            said = speech.say(f"{form}.facts", facts=facts, **parts)
        else:
            which = ("which.one", "which.two", "which.more")[min(len(things), 3) - 1]
            one = ("one",) if len(things) == 1 else ()
            said = speech.say(
                speech.form(form, *one),
                things=speech.joined(things),
                nor=speech.joined(things, "nor"),
                things_or=speech.joined(things, "or"),
                which=speech.say(which),
                **parts,
            )
        self.add(in_stage(stage, said, printer) if stage else said)

    def other_kind(self, finding: Finding, lead: Finding | None) -> None:
        """What the other kind of observers counted of the same thing, never pooled with it."""
        speech, printer = self.printer.speech, self.printer
        parts = {
            **kind_parts(finding.kind, printer),
            "x": printer.seen(finding),
            "of": printer.count_of(finding),
        }
        prep = printer.prep(finding)
        if lead is None:
            form = speech.form("T20.counts", *prep)
            self.add(speech.say(form, fact=says(finding, printer), **parts))
            return
        self.add(speech.say(speech.form("T20.next", *prep), **parts))
        number, share = lead.number, share_of(finding.number)
        if isinstance(number, Estimate) and not number.low <= share <= number.high:
            self.add(speech.say("T22"))

    def other_kind_listed(self, findings: Sequence[Finding]) -> None:
        """What the other kind of observers counted, several in one sentence where they have
        nouns in the language."""
        if not findings or nouns(Group(tuple(findings)), self.printer) is None:
            for each in findings:
                self.other_kind(each, None)
            return
        speech = self.printer.speech
        for start in range(0, len(findings), MOST_LISTED):
            part = findings[start : start + MOST_LISTED]
            items: list[Part] = []
            named: tuple[str, str] | None = None
            for each in part:
                unit = self.printer.unit(each), self._domain(each)
                items.append(self._item(each, again=unit == named))
                named = unit
            parts = kind_parts(part[0].kind, self.printer)
            self.add(speech.say("T20.list", items=speech.joined(items), **parts))

    def _item(self, finding: Finding, *, again: bool) -> Sentence:
        speech, printer = self.printer.speech, self.printer
        (thing,) = nouns(Group((finding,)), printer, listed=True) or [""]
        form = speech.form("T20.item.of" if again else "T20.item", *printer.prep(finding))
        return speech.say(
            form,
            thing=thing,
            x=printer.seen(finding),
            n=printer.answered(finding),
            of=printer.count_of(finding),
        )


MOST_LISTED = 3
"""Counts of one sentence."""


def says(finding: Finding, printer: Printer) -> str:
    """A finding's clause in the printer's language."""
    return finding.says(printer.speech.language)


def nouns(group: Group, printer: Printer, *, listed: bool = False) -> list[Part] | None:
    """What was seen or not, as nouns; None where one of them has no noun in the language. What is
    ``listed`` as seen stands with its article, where the language gives it one."""
    language = printer.speech.language
    found = [
        (each.listed.get(language) if listed else "") or each.noun.get(language, "")
        for each in group.findings
    ]
    return list(found) if all(found) else None


def in_stage(stage: str, said: Sentence, printer: Printer) -> Sentence:
    """A sentence outside its stage's section, with the stage named."""
    speech = printer.speech
    if not speech.has(f"during.{stage}"):
        return said
    during = speech.say(f"during.{stage}")
    return capital(speech.say("stage.said", during=during, said=lowered(said)))


def kind_parts(kind: Kind, printer: Printer) -> dict[str, Part]:
    """The name of a kind of observers, in the forms that templates ask for."""
    speech = printer.speech
    name = str(kind)
    said = speech.say(name)
    nominative = speech.say(speech.form(name, "nom"))
    return {"other": said, "other_nom": nominative, "kind": said, "kind_nom": nominative}


def bears_on(standards: list[str], printer: Printer) -> Sentence:
    """The proposed grade: which obligations it bears on, at most two by name."""
    names = short_names(standards, printer.speech.language)
    if not names:
        return ()
    forms = {
        "stds": [each.name for each in names],
        "to_stds": [each.to for each in names],
        "from_stds": [each.of for each in names],
    }
    joined: dict[str, Part] = {
        gap: printer.speech.joined(list(each)) for gap, each in forms.items()
    }
    return printer.speech.say("T30", **joined)
