"""The compiler of checklists: from an XLSForm to an XForm for phones and rules for the server.

pyxform makes the XForm. Questions, indicators and checks are read from our own columns. Where
an option is an irregularity, the follow-up ``NAME__known`` is added: did you see it, or were
you told?
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, cast, get_args

from mobile_forms.columns import ALL, FORMS, KNOWN, KNOWN_HEADERS, LISTS, SENTENCES, WITH_ARTICLE
from mobile_forms.common_mistakes import doubtful
from mobile_forms.expressions import ExpressionProblem, compile_expression, only_on_phones
from mobile_forms.lint import lint
from mobile_forms.media import NamedMedia, named_files
from mobile_forms.outline import CONTEXT, REFERENCE, Entry, Outline, kind_of, outline
from mobile_forms.sheets import Problem, Row, Sheet, WorkbookProblems, read_sheets, split_language
from mobile_forms.xform import make_xform
from schemas.checklist import (
    Check,
    Choice,
    Definition,
    Indicator,
    Policy,
    Question,
    Source,
    Stage,
    Texts,
    Unobserved,
)

BESIDE = ("severity", "standards", "among", "noun", "rel", *SENTENCES)
"""What a question may say of the code that it raises."""


def gather(sheets: dict[str, Sheet]) -> dict[str, Sheet]:
    """The sheets, with a row in ``indicators`` for each code that stands in no row of its own.

    Such a row stands in the place of the question that first describes the code.
    """
    indicators = sheets["indicators"]
    known = {row["code"] for row in indicators.rows}
    made: dict[str, Row] = {}
    for code, row in _described(sheets):
        if code not in known:
            made[code] = _onto(made.get(code), row, code, sheets)
    headers = dict.fromkeys([*indicators.headers, *(h for r in made.values() for h in r.cells)])
    rows = (*indicators.rows, *made.values())
    return sheets | {"indicators": Sheet("indicators", tuple(headers), rows)}


def _described(sheets: dict[str, Sheet]) -> Iterator[tuple[str, Row]]:
    """Each code with the rows that say something of it: questions, then their options."""
    raised: dict[str, list[Row]] = {}
    for option in sheets["choices"].rows:
        if option["irregularity"]:
            raised.setdefault(option["list_name"] or option["list name"], []).append(option)
    for row in sheets["survey"].rows:
        speaks = any(row.texts(column) for column in SENTENCES)
        if row["indicator"] and speaks:
            yield row["indicator"], row
        options = raised.get(kind_of(row)[1], [])
        for code in dict.fromkeys(each["irregularity"] for each in options):
            if speaks and code != row["indicator"]:
                own = next(each for each in options if each["irregularity"] == code)
                said = {name: own[name] for name in ("severity", "standards") if own[name]}
                yield code, Row(row.number, row.cells | said, sheet="survey")


def _onto(standing: Row | None, row: Row, code: str, sheets: dict[str, Sheet]) -> Row:
    """The row of a code; what stands already counts before what a later question says."""
    settings = sheets["settings"].rows[:1]
    stage = row["stage"] or (settings[0]["stage"] if settings else "") or "all"
    said = {
        header: text for header, text in row.cells.items() if split_language(header)[0] in BESIDE
    }
    earlier = standing.cells if standing else {}
    number = standing.number if standing else row.number
    return Row(number, {"code": code, "stage": stage} | said | earlier, sheet="survey")


CLOCK = re.compile(r"\b(today|now)\s*\(|(?<![\w./])\.(?![\w/])")
"""What gives another answer later, or speaks of the calculated answer itself."""
KNOWN_LIST = "known__by"
KNOWN_WORDS: dict[str, Texts] = {
    "how": {"en": "How do you know?", "fr": "Comment le savez-vous ?", "ar": "كيف عرفت ذلك؟",
            "es": "¿Cómo lo sabe?", "pt": "Como sabe?"},
    "saw": {"en": "I saw it", "fr": "Je l'ai vu", "ar": "رأيته بنفسي",
            "es": "Lo vi", "pt": "Eu vi"},
    "told": {"en": "I was told", "fr": "On me l'a dit", "ar": "أُخبرت به",
             "es": "Me lo dijeron", "pt": "Disseram-me"},
}  # fmt: skip


@dataclass(frozen=True)
class Compiled:
    """A checklist version: what the server judges by, and the form that phones carry.

    ``doubts`` are for the author to look at; they keep nothing from being published. ``named``
    are the files that it needs beside it: without them it is not published.
    """

    definition: Definition
    xform: str
    xform_sha256: str
    doubts: tuple[Problem, ...] = ()
    named: tuple[NamedMedia, ...] = ()


def compile_workbook(data: bytes, standards: Collection[str] = ()) -> Compiled:
    """Compile an XLSForm; ``standards`` are a mission's own, beside the catalogue's.

    Raises :class:`WorkbookProblems` with everything to be mended.
    """
    sheets = gather({name: Sheet(name) for name in KNOWN_HEADERS} | read_sheets(data))
    survey = sheets["survey"]
    problems = lint(sheets, outline(survey.rows), standards)
    if problems:
        raise WorkbookProblems(problems)
    sheets = sheets | {"survey": Sheet(survey.name, survey.headers, tuple(_followed(sheets)))}
    form = outline(sheets["survey"].rows)
    xform = make_xform(sheets | {"choices": _with_known(sheets)})
    sha256 = hashlib.sha256(xform.encode()).hexdigest()
    doubts, named = tuple(doubtful(sheets)), tuple(named_files(sheets))
    return Compiled(_definition(sheets, form), xform, sha256, doubts, named)


def _followed(sheets: dict[str, Sheet]) -> Iterator[Row]:
    """The survey's rows, with a follow-up after each question that has irregular options."""
    irregular = _irregular_options(sheets["choices"])
    for row in sheets["survey"].rows:
        yield row
        kind, list_name = kind_of(row)
        options = irregular.get(list_name, ())
        if not options or kind not in ("select_one", "select_multiple"):
            continue
        name = row["name"]
        chosen = " or ".join(f"selected(${{{name}}}, '{option}')" for option in options)
        labels = {
            header: _in_language(KNOWN_WORDS["how"], header)
            for header in sheets["survey"].headers
            if split_language(header)[0] == "label"
        }
        yield Row(
            row.number,
            {
                "type": f"select_one {KNOWN_LIST}",
                "name": f"{name}{KNOWN}",
                "relevant": chosen,
                "required": "true",
                **labels,
            },
        )


def _in_language(texts: Texts, header: str) -> str:
    return _in(texts, split_language(header)[1] or "en")


def _in(texts: Texts, language: str) -> str:
    """Words of ours in a language; in English where we have none."""
    return texts.get(language, texts["en"])


def _irregular_options(choices: Sheet) -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for row in choices.rows:
        if row["irregularity"]:
            name = row["list_name"] or row["list name"]
            lists[name] = (*lists.get(name, ()), row["name"])
    return lists


def _with_known(sheets: dict[str, Sheet]) -> Sheet:
    """The choices, with those of the follow-ups."""
    choices = sheets["choices"]
    labels = [each for each in choices.headers if split_language(each)[0] == "label"]
    known = [
        Row(
            0,
            {"list_name": KNOWN_LIST, "name": name}
            | {header: _in_language(KNOWN_WORDS[name], header) for header in labels},
        )
        for name in ("saw", "told")
    ]
    return Sheet(choices.name, choices.headers, (*choices.rows, *known))


def _definition(sheets: dict[str, Sheet], form: Outline) -> Definition:
    (settings, *_) = sheets["settings"].rows
    lists = _lists(sheets)
    questions = tuple(_question(entry, form, lists) for entry in form.entries)
    stage = settings["stage"]
    return Definition(
        name=settings["form_id"],
        version=settings["version"],
        title=settings.texts("title") or {"en": settings["form_title"]},
        languages=_languages(sheets["survey"]),
        stage=stage if stage in get_args(Stage) else "all",
        questions=questions,
        indicators=tuple(_indicators(sheets, form, lists)),
        checks=tuple(_check(row, form) for row in sheets["checks"].rows),
        policy=Policy.model_validate(
            {key: settings[key] for key in Policy.model_fields if settings[key]}
        ),
    )


def _languages(survey: Sheet) -> tuple[str, ...]:
    codes = [
        split_language(each)[1] or "en"
        for each in survey.headers
        if split_language(each)[0] == "label"
    ]
    return tuple(dict.fromkeys(codes))


def _lists(sheets: dict[str, Sheet]) -> dict[str, tuple[Choice, ...]]:
    languages = _languages(sheets["survey"])
    lists: dict[str, tuple[Choice, ...]] = {
        KNOWN_LIST: tuple(
            Choice(name=name, label={each: _in(KNOWN_WORDS[name], each) for each in languages})
            for name in ("saw", "told")
        )
    }
    severities = {row["code"]: int(row["severity"]) for row in sheets["indicators"].rows}
    for row in sheets["choices"].rows:
        code = row["irregularity"]
        choice = Choice(
            name=row["name"],
            label=row.texts("label"),
            irregularity=code or None,
            severity=int(row["severity"] or severities.get(code, 0)),
            standards=tuple(row["standards"].split()),
            station_is=cast(Unobserved, row["station_is"]) if row["station_is"] else None,
        )
        name = row["list_name"] or row["list name"]
        lists[name] = (*lists.get(name, ()), choice)
    return lists


def _question(entry: Entry, form: Outline, lists: dict[str, tuple[Choice, ...]]) -> Question:
    row = entry.row
    asked_alone = entry.section == CONTEXT  # the server is told of it in the envelope
    relevant = " and ".join(f"({form.resolve(text)})" for text in entry.relevants)
    return Question(
        name=entry.name,
        type=entry.type,
        path=entry.path,
        label=row.texts("label"),
        repeat=entry.repeat,
        required=row["required"].lower() in ("yes", "true", "true()"),
        relevant=None if asked_alone else relevant or None,
        constraint=form.resolve(row["constraint"], entry) if row["constraint"] else None,
        constraint_message=row.texts("constraint_message"),
        calculation=_calculation(entry, form),
        choices=lists.get(entry.list_name or "", ()),
        section=row["section"] or entry.section,
        file=_own_list(entry),
    )


def _own_list(entry: Entry) -> str | None:
    """The form's own list that a question chooses from; the mission's change and are no file."""
    from_file = kind_of(entry.row)[0].endswith("_from_file")
    return entry.list_name if from_file and entry.list_name not in LISTS else None


def _calculation(entry: Entry, form: Outline) -> str | None:
    """A calculation that gives the same whenever and wherever it is evaluated, or None."""
    written = entry.row["calculation"]
    if not written or entry.repeat or only_on_phones(written) or CLOCK.search(written):
        return None
    resolved = form.resolve(written)
    try:
        compile_expression(resolved)
    except ExpressionProblem:
        return None
    return resolved


def _indicators(
    sheets: dict[str, Sheet], form: Outline, lists: dict[str, tuple[Choice, ...]]
) -> Iterator[Indicator]:
    for row in sheets["indicators"].rows:
        sources = tuple(_sources(row["code"], int(row["severity"]), form, lists))
        yield Indicator(
            code=row["code"],
            stage=row["stage"],
            severity=int(row["severity"]),
            standards=tuple(row["standards"].split()),
            phrase=row.texts("phrase"),
            positive_phrase=row.texts("positive_phrase"),
            **{form: row.texts(form) for form in (*FORMS, WITH_ARTICLE)},
            unread=tuple(row["unread"].split()),
            sources=sources,
            access=row["access"].lower() == "yes" if row["access"] else None,
            **_domain(row, form, {each.question for each in sources}),
        )


def _domain(row: Row, form: Outline, asked: Collection[str]) -> dict[str, Any]:
    """Where an indicator is asked, as its row says it, or the row of a question that raises it."""
    rows = (row, *(each.row for each in form.entries if each.name in asked))
    texts = next((said for each in rows if (said := each.texts("among"))), {})
    if ALL in texts.values():
        return {"among_all": True}
    return {"among": texts}


def _sources(
    code: str, severity: int, form: Outline, lists: dict[str, tuple[Choice, ...]]
) -> Iterator[Source]:
    for entry in form.entries:
        choices = lists.get(entry.list_name or "", ())
        options = {each.name: each.severity for each in choices if each.irregularity == code}
        if options:
            yield Source(question=entry.name, options=options)
        if entry.row["indicator"] == code:
            when = form.resolve(entry.row["irregular_when"])
            judged = form.resolve(entry.row["judged_when"]) or None
            own = int(entry.row["severity"] or severity)
            yield Source(question=entry.name, when=when, judged_when=judged, severity=own)


def _check(row: Row, form: Outline) -> Check:
    difference = row["difference"]
    names = REFERENCE.findall(row["flag_when"] + difference)
    return Check(
        name=row["name"],
        flag_when=form.resolve(row["flag_when"]),
        explanation=row.texts("explanation"),
        inputs=tuple(dict.fromkeys(names)),
        formula=row["flag_when"],
        difference=form.resolve(difference) if difference else None,
        tolerance=float(row["tolerance"] or 0),
    )
