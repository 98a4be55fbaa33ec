"""The pages of checklists: list, lint, versions, publishing."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from api.audit.unit_of_work import Work
from api.checklists.authoring import (
    adopt_upload,
    attach_file,
    compile_upload,
    detach_file,
    looked_at,
    write_in_mission,
)
from api.checklists.form_files import files_asked
from api.checklists.listing import Revision, form_files_of, revisions_of, xform_of
from api.checklists.publishing import (
    PublishProblem,
    discard_draft,
    library_names,
    library_workbook,
    place_rules,
    publish_draft,
    retire_version,
)
from api.figures.reports_behind import judged_by
from api.pages.forms import read_form, typed_in
from api.pages.page import PageRequest, serve_page
from api.pages.statements import session_of
from api.problems import INVALID, NOT_FOUND, TOO_LARGE, UNSOUND, Problem
from api.registers.reading import own_standards
from api.server.body_limits import FILES
from mobile_forms.adoption import AdoptedWorkbook
from mobile_forms.columns import KNOWN
from mobile_forms.common_mistakes import only_counted
from mobile_forms.media import LONGEST_FILE, MAX_FILES, MediaFileContent
from mobile_forms.sheets import LONGEST_BYTES
from mobile_forms.versions import compare
from mobile_forms.writing import TEMPLATE, XLSX
from schemas.checklist import Question
from schemas.problems import Refusal
from schemas.published import FormFile, RulesState
from schemas.rights import Right
from schemas.words import LANGUAGES, N_

router = APIRouter()


def file_rows(page: PageRequest, xform: str, kept: Sequence[FormFile]) -> list[dict[str, Any]]:
    """The files that a form names, then those that nothing names, each with what is known."""
    there = {each.name: each for each in kept}
    asked = files_asked(xform)
    return [
        {
            "name": name,
            "named": name in asked,
            "file": there.get(name),
            "kib": -(-there[name].size // 1024) if name in there else 0,
        }
        for name in (*asked, *(each for each in there if each not in asked))
    ]


@serve_page(router, "/checklists/{name}/{version}/media", "POST", right=Right.KEEP_CHECKLISTS)
async def change(page: PageRequest) -> Response:
    """Keep the files that were chosen with a draft, or take one away."""
    asked, who = page.request.path_params, page.who
    async with read_form(page.request, files=MAX_FILES, most=FILES) as form:
        gone = form.given().get("remove", "")
        files = [] if gone else [await _looked_at(each) for each in form.files() if each.filename]
    if not gone and not files:
        raise Refusal(page.say("Choose a picture or a list first."))

    def write(work: Work) -> None:
        of = (work, asked["name"], asked["version"])
        if gone:
            detach_file(*of, gone)
        for each in files:
            attach_file(*of, each)

    try:
        await write_in_mission(page.request, who, write)
    except Problem as problem:
        raise Refusal(problem.detail) from None
    return RedirectResponse(f"{page.base}/checklists/{asked['name']}/{asked['version']}", 303)


async def _looked_at(file: UploadFile) -> MediaFileContent:
    try:
        return looked_at(file.filename or "", await file.read(LONGEST_FILE + 1))
    except Problem as problem:
        if problem.kind is not INVALID:
            raise
        raise Refusal(problem.detail) from None


MOST_CHANGES, LONGEST_CHANGE = 200, 160
WORDS = (
    N_("published"), N_("retired"), N_("opening"), N_("voting"), N_("closing"), N_("counting"),
    N_("tabulation"), N_("pre election"), N_("integer"), N_("decimal"), N_("text"),
    N_("select one"), N_("select multiple"), N_("date"), N_("time"), N_("datetime"),
    N_("geopoint"), N_("geotrace"), N_("geoshape"), N_("image"), N_("audio"), N_("video"),
    N_("file"), N_("calculate"), N_("repeat"),
)  # fmt: skip
"""States, stages and types as these pages say them."""
ACTS = {"publish": publish_draft, "discard": discard_draft, "retire": retire_version}


@serve_page(router, "/checklists", right=Right.SEE_REPORTS)
async def checklists(page: PageRequest) -> Response:
    """Every version of every checklist, newest rules first, and the way to a new one."""
    return await _listed(page, [])


async def _listed(
    page: PageRequest,
    problems: Sequence[dict[str, Any]],
    adopted: AdoptedWorkbook | None = None,
    status: int = 200,
) -> Response:
    judged = await page.ask(judged_by)
    async with session_of(page) as session:
        revisions = await revisions_of(session, page.who, judged)
    newest = {(each.name, each.version): each for each in revisions}
    response = page.show(
        "checklists.html",
        "checklists",
        problems=problems,
        adopted=adopted,
        xlsx=XLSX,
        adopted_file=b64encode(adopted.workbook).decode() if adopted else "",
        may_write=page.who.may(Right.KEEP_CHECKLISTS),
        library=library_names(),
        checklists=[_row(page, each, revisions) for each in newest.values()],
    )
    response.status_code = status
    return response


@serve_page(router, "/library/{name}", right=Right.KEEP_CHECKLISTS)
async def library(page: PageRequest) -> Response:
    """A checklist of the library, or the template with every column of ours, to be copied."""
    name = page.request.path_params["name"].removesuffix(".xlsx")
    try:
        found = TEMPLATE.read_bytes() if name == TEMPLATE.stem else library_workbook(name)
    except PublishProblem:
        raise Problem(NOT_FOUND) from None
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(found, media_type=XLSX, headers=headers)


@serve_page(router, "/checklists", "POST", right=Right.KEEP_CHECKLISTS)
async def upload(page: PageRequest) -> Response:
    """Compile what was uploaded: a draft, or everything that is to be mended. What others wrote
    is adopted first."""
    name, data, of_others = await _file(page)
    adopted = None
    try:
        if of_others:
            adopted = await adopt_upload(data, Path(name).stem)
            data = adopted.workbook
        async with session_of(page) as session:
            own = await own_standards(session, page.who.mission_id)
        compiled = await compile_upload(data, own)
    except Problem as problem:
        if problem.kind is not UNSOUND:
            raise
        return await _listed(page, problem.more["problems"], adopted, 422)
    made = await _done(
        page, lambda work: place_rules(work, compiled, state=RulesState.DRAFT, workbook=data)
    )
    return RedirectResponse(f"{page.base}/checklists/{made.name}/{made.version}", 303)


@serve_page(router, "/checklists/{name}/{version}", right=Right.SEE_REPORTS)
async def checklist(page: PageRequest) -> Response:
    """One version: what it asks, what it judges, how far its newest rules have come."""
    name, version = (page.request.path_params[each] for each in ("name", "version"))
    judged = await page.ask(judged_by)
    async with session_of(page) as session:
        every = await revisions_of(session, page.who, judged, name)
        kept = await form_files_of(session, page.who, name, version)
        form = await xform_of(session, page.who, name, version) or ""
    found = [each for each in every if each.version == version]
    if not found:
        raise Problem(NOT_FOUND)
    newest = found[-1]
    published = [each for each in found if each.state == RulesState.PUBLISHED]
    total = sum(each.reports for each in published)
    done = published[-1].reports if published else 0
    return page.show(
        "checklist.html",
        "checklists",
        row=_row(page, newest, every),
        may_write=page.who.may(Right.KEEP_CHECKLISTS),
        done=done,
        total=total,
        changes=_changes(page, every, newest),
        files=file_rows(page, form, kept),
        files_stand=bool(published),
        only_counted=[
            page.title(each.label) or each.name for each in only_counted(newest.definition)
        ],
        revisions=[_row(page, each, every) for each in found],
        questions=[
            _question(page, each)
            for each in newest.definition.questions
            if each.type != "hidden" and not each.name.endswith(KNOWN)
        ],
        indicators=[_indicator(page, newest, each) for each in newest.definition.in_domains()],
        checks=[
            {"name": each.name, "words": page.title(each.explanation), "formula": each.flag_when}
            for each in newest.definition.checks
        ],
    )


@serve_page(router, "/checklists/{name}/{version}/xform", right=Right.SEE_REPORTS)
async def xform(page: PageRequest) -> Response:
    """The form of a version, a draft too, for the preview."""
    name, version = (page.request.path_params[each] for each in ("name", "version"))
    async with session_of(page) as session:
        found = await xform_of(session, page.who, name, version)
    if found is None:
        raise Problem(NOT_FOUND)
    return Response(found, media_type="text/xml; charset=utf-8")


@serve_page(router, "/checklists/{name}/{version}", "POST", right=Right.KEEP_CHECKLISTS)
async def act(page: PageRequest) -> Response:
    """Publish or discard a draft, or retire a version."""
    name, version = (page.request.path_params[each] for each in ("name", "version"))
    wanted = (await typed_in(page.request)).get("act")
    if wanted not in ACTS:
        raise Problem(INVALID, "publish, discard or retire.", "act")
    await _done(page, lambda work: ACTS[wanted](work, name, version))
    where = "" if wanted == "discard" else f"/{name}/{version}"
    return RedirectResponse(f"{page.base}/checklists{where}", 303)


async def _done(page: PageRequest, work: Any) -> Any:
    try:
        return await write_in_mission(page.request, page.who, work)
    except Problem as problem:
        raise Refusal(problem.detail) from None


async def _file(page: PageRequest) -> tuple[str, bytes, bool]:
    """The name and bytes of the workbook, and whether others wrote it."""
    async with read_form(page.request, files=1, most=LONGEST_BYTES) as form:
        chosen = [each for each in form.files() if each.size]
        if not chosen:
            raise Refusal(page.say("Choose a workbook (XLSX) first."))
        others = bool(form.given().get("others"))
        return chosen[0].filename or "", await _bytes(chosen[0]), others


async def _bytes(file: UploadFile) -> bytes:
    data = await file.read(LONGEST_BYTES + 1)
    if len(data) > LONGEST_BYTES:
        raise Problem(TOO_LARGE, f"At most {LONGEST_BYTES} bytes.", "file")
    return data


def _row(page: PageRequest, each: Revision, every: Sequence[Revision]) -> dict[str, Any]:
    shape = each.definition
    own = [one for one in every if (one.name, one.version) == (each.name, each.version)]
    return {
        "name": each.name,
        "version": each.version,
        "revision": each.revision,
        "standing": each.standing,
        "word": page.say(each.standing),
        "title": page.title(shape.title),
        "stage": page.say(shape.stage.replace("_", " ")),
        "questions": sum(1 for one in shape.questions if one.type != "hidden"),
        "indicators": len(shape.indicators),
        "languages": shape.languages,
        "reports": sum(one.reports for one in own),
        "at": page.day(each.published_at),
    }


def _changes(
    page: PageRequest, every: Sequence[Revision], newest: Revision
) -> dict[str, Any] | None:
    """What is other than in the rules before these, the same version's or the one before."""
    earlier = [each for each in every[: every.index(newest)] if each.state == RulesState.PUBLISHED]
    if not earlier:
        return None
    found = compare(earlier[-1].definition, newest.definition)
    rows = [(page.say(N_("The form")), each) for each in found.form]
    rows += [(page.say(N_("Our rules")), each) for each in found.rules]
    return {
        "since": _row(page, earlier[-1], every),
        "count": len(rows),
        "rows": [
            (where, each.name, each.what, _said(page, each.before), _said(page, each.after))
            for where, each in rows[:MOST_CHANGES]
        ],
    }


def _said(page: PageRequest, value: Any) -> str:
    """One side of a change in few words; nothing where it was not there."""
    if isinstance(value, dict) and "label" in value:
        value = value["label"]
    if isinstance(value, dict) and set(value) & set(LANGUAGES):
        return page.title(value)
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_CHANGE else f"{text[:LONGEST_CHANGE]}…"


def _question(page: PageRequest, question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "type": page.say(question.type.replace("_", " ")),
        "label": page.title(question.label),
        "relevant": question.relevant,
        "required": question.required,
        "file": question.file,
        "choices": []
        if question.file
        else [
            {
                "label": page.title(each.label),
                "name": each.name,
                "irregularity": each.irregularity,
                "severity": each.severity,
            }
            for each in question.choices
        ],
    }


NOT_ASKED_IS_FINE = N_("where it is not asked it is fine")


def _indicator(page: PageRequest, revision: Revision, indicator: Any) -> dict[str, Any]:
    labels = {each.name: page.title(each.label) for each in revision.definition.questions}
    return {
        "code": indicator.code,
        "severity": indicator.severity,
        "phrase": page.title(indicator.phrase),
        "noun": page.title(indicator.noun) if indicator.noun else "",
        "unread": page.language in indicator.unread,
        "among": page.say(NOT_ASKED_IS_FINE)
        if indicator.among_all
        else page.title(indicator.among)
        if indicator.among
        else "",
        "standards": indicator.standards,
        "sources": [labels.get(each.question) or each.question for each in indicator.sources],
    }
