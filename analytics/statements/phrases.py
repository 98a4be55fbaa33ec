"""Parts of sentences on findings: clauses, nouns, the stage, whose numbers, what it bears on."""

import re
from collections.abc import Sequence

from analytics.statements.blocks import Part, PlainText, Sentence, lowered
from analytics.statements.findings import Finding
from analytics.statements.merging import Group
from analytics.statements.printing import Printer
from analytics.statements.speech import capital
from schemas.mission import Kind
from schemas.standards.short_names import short_names

_REFERENCE = re.compile(r"\{(?:finding|estimate|number):")
"""In a clause that a person worded as a whole sentence."""


def says(finding: Finding, printer: Printer) -> str:
    """A finding's clause in the printer's language."""
    return finding.says(printer.speech.language)


def is_whole(finding: Finding, printer: Printer) -> bool:
    """Whether a person worded the finding as a whole sentence, with references to its numbers."""
    return bool(_REFERENCE.search(says(finding, printer)))


def nouns(group: Group, printer: Printer, *, listed: bool = False) -> list[Part] | None:
    """What was seen or not, as nouns; None where one of them has no noun in the language. What is
    ``listed`` as seen stands with its article, where the language gives it one."""
    language = printer.speech.language
    found = [
        (each.listed.get(language) if listed else "") or each.noun.get(language, "")
        for each in group.findings
    ]
    return list(found) if all(found) else None


def in_stage(stage: str, said: Sentence, printer: Printer, *, last: bool = False) -> Sentence:
    """A sentence outside its stage's section, with the stage named: before it, or behind it where
    it is to stand ``last``."""
    speech = printer.speech
    if not speech.has(f"during.{stage}"):
        return said
    during = speech.say(f"during.{stage}")
    end = said[-1] if said else None
    if last and isinstance(end, PlainText) and end.text.endswith("."):
        open_end = (*said[:-1], end.model_copy(update={"text": end.text[:-1]}))
        return speech.say("stage.behind", said=open_end, during=during)
    return capital(speech.say("stage.said", during=during, said=lowered(said)))


def kind_parts(kind: Kind, printer: Printer) -> dict[str, Part]:
    """The name of a kind of observers, in the forms that templates ask for."""
    speech = printer.speech
    name = str(kind)
    said = speech.say(name)
    nominative = speech.say(speech.form(name, "nom"))
    return {"other": said, "other_nom": nominative, "kind": said, "kind_nom": nominative}


def bears_on(standards: Sequence[str], printer: Printer) -> Sentence:
    """The proposed grade: which obligations it bears on, at most two by name."""
    names = short_names(list(standards), printer.speech.language)
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
