"""Paragraphs of findings: one sentence after another, each in the order that reads well."""

from dataclasses import dataclass, field

from analytics.grammar.quantities import band_of, quantity_words
from analytics.numbers import counted
from analytics.statements.asked import domain_of_some
from analytics.statements.blocks import Bound, Part, Sentence, one_after_another
from analytics.statements.findings import Finding
from analytics.statements.merging import Group
from analytics.statements.phrases import bears_on, in_stage, is_whole, nouns, says
from analytics.statements.printing import (
    Printer,
    said_as_count,
    under_one_percent,
    unit_of,
)

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

    def leave_stage(self) -> None:
        """The next sentence is of another stage: it may lean on the noun of a share, and never on
        the number of answers of a count."""
        if self.named != ("station", 0, ""):
            self.named = None

    def _stand_by(self, finding: Finding) -> None:
        if finding.standards[0] not in self.standards:
            self.standards.append(finding.standards[0])

    def group(self, group: Group, name: str, *, stage: str = "", last: bool = False) -> None:
        """The sentence of a group of shortcomings; ``stage`` names the stage, at its end where it
        stands ``last``. ``name`` is the id of a merged number."""
        for each in group.findings:
            self._stand_by(each)
        said = (
            self._merged(group, name)
            if len(group.findings) > 1
            else self._single(group.first, within=bool(stage))
        )
        whole = len(group.findings) == 1 and is_whole(group.first, self.printer)
        if stage and not whole:
            said = in_stage(stage, said, self.printer, last=last)
        self.sentences.append(said)

    def _single(self, finding: Finding, *, within: bool) -> Sentence:
        """``within`` a text of several stages, which names the stage before or behind it."""
        if is_whole(finding, self.printer):
            self.named = None
            return self.printer.referred(says(finding, self.printer))
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
        if band == "isolated" and not within and not domain:
            form = "T07" if p.margin.startswith("±") else "T07.open"
            word = quantity_words(band, speech.station)
            self.named = None
            return speech.say(form, word=word, p=p, fact=fact)
        again = self.named == ("station", 0, domain)
        turn = len(self.sentences) % 2
        if again:
            form = "T06.next" if turn else "T06.last"
        else:
            form = "T06.first" if turn and not within else "T06"
        # "More than 99%" has words before its figure, which some languages take without an article.
        form = form if p.value[:1].isdigit() else speech.form(form, "more")
        return speech.say(form, p=p, of=() if again else self._of(finding), fact=fact)

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
        domain = domain_of_some(finding)
        return domain.says(self.printer.speech.language) if domain else ""

    def conditional(self, finding: Finding, condition: Finding | None) -> None:
        """T13 and T14: how often the condition held, then what was seen where it did. Where
        nothing counts the condition, the finding says itself where it was asked."""
        if condition is None or said_as_count(condition) or counted(finding.number).of == 1:
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
        if printer.asked_of_one(finding):
            where = domain_of_some(finding)
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
        """M1: several shortcomings at one range of shares; counts, at one range of counts."""
        speech, printer = self.printer.speech, self.printer
        if group.rule == "counts":
            return self._merged_counts(group, name)
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

    def _merged_counts(self, group: Group, name: str) -> Sentence:
        speech, printer = self.printer.speech, self.printer
        x, of = printer.range_of_counts(group, name)
        self.named = None
        things = nouns(group, printer, listed=True)
        facts = speech.joined([says(each, printer) for each in group.findings])
        if things is None:
            form = speech.form("T08.counts.facts", *printer.prep(group.first))
            return speech.say(form, facts=facts, x=x, of=of)
        form = speech.form("T08.counts", *printer.prep(group.first))
        return speech.say(form, things=speech.joined(things), x=x, of=of)

    def good(self, group: Group, name: str, stage: str = "", *, last: bool = False) -> None:
        """M2: good findings at one range of shares; a single one at its own."""
        speech, printer = self.printer.speech, self.printer
        if len(group.findings) == 1:
            said = self._single(group.first, within=True)
            self.add(in_stage(stage, said, printer, last=last) if stage else said)
            return
        facts = speech.joined([says(each, printer) for each in group.findings])
        p, again = printer.range(group, name), self.named == ("station", 0, "")
        if again and not domain_of_some(group.first):
            said = speech.say("T09.next", range=p, facts=facts)
        else:
            said = speech.say("T09", range=p, of=self._of(group.first), facts=facts)
        self.add(in_stage(stage, said, printer, last=last) if stage else said)

    def zeros(
        self, group: Group, name: str, *, short: bool = False, stage: str = "", last: bool = False
    ) -> None:
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
        self.add(in_stage(stage, said, printer, last=last) if stage else said)
