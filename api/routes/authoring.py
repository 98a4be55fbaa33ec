"""Writing checklists: lint, draft, publish, retire."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from api.auth.principal import Principal, principal
from api.checklists.authoring import adopt_upload, compile_upload, read_workbook, write_in_mission
from api.checklists.listing import revisions_of
from api.checklists.publishing import (
    Published,
    PublishProblem,
    discard_draft,
    place_rules,
    publish_draft,
    retire_version,
    workbook_of,
)
from api.database.sessions import mission_session
from api.figures.reports_behind import judged_by
from api.problems import NOT_FOUND, Problem
from api.registers.reading import own_standards
from api.routes.asking import asked
from mobile_forms.media import missing
from mobile_forms.sheets import Problem as Fault
from mobile_forms.versions import compare
from mobile_forms.workbook import Compiled
from mobile_forms.writing import XLSX
from schemas.published import RulesState
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}/checklists", tags=["checklists"])
Who = Annotated[Principal, Depends(principal)]
SHOWN = ("version", "revision", "state", "published_at", "retired_at", "xform_sha256")


@router.post("/lint")
async def lint(request: Request, who: Who) -> dict[str, Any]:
    """Compile the workbook in the body and keep nothing. 422 with everything to be mended."""
    who.must(Right.KEEP_CHECKLISTS)
    compiled = await compile_upload(await read_workbook(request), await _own(request, who))
    return _said(compiled, missing(compiled.named, ()))


@router.post("/adopt")
async def adopt(
    request: Request,
    who: Who,
    name: Annotated[str, Query(max_length=100, description="Of a form without an id.")] = "",
    language: Annotated[
        str, Query(pattern="^[a-z]{2,3}$", description="Of texts whose column names none.")
    ] = "en",
) -> dict[str, Any]:
    """An XLSForm of others in our way of writing: what was changed, what is left to mend, and the
    workbook (base64). Nothing is kept."""
    who.must(Right.KEEP_CHECKLISTS)
    adopted = await adopt_upload(await read_workbook(request), name, language)
    try:
        await compile_upload(adopted.workbook, await _own(request, who))
        problems = []
    except Problem as problem:
        problems = problem.more["problems"]
    return {
        "changes": [asdict(each) for each in adopted.changes],
        "problems": problems,
        "workbook": b64encode(adopted.workbook).decode(),
    }


async def _own(request: Request, who: Principal) -> frozenset[str]:
    """The standards that a checklist of the mission may name."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        return await own_standards(session, who.mission_id)


@router.post("", status_code=201)
async def draft(request: Request, who: Who) -> dict[str, Any]:
    """Keep the workbook in the body as a draft of its version; it judges nothing yet."""
    who.must(Right.KEEP_CHECKLISTS)
    workbook = await read_workbook(request)
    compiled = await compile_upload(workbook, await _own(request, who))
    made = await write_in_mission(
        request,
        who,
        lambda work: place_rules(work, compiled, state=RulesState.DRAFT, workbook=workbook),
    )
    return _said(compiled, made.absent) | _made(made)


@router.get("/{name}/versions/{version}/changes")
async def changes(
    request: Request,
    who: Who,
    name: str,
    version: str,
    since: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """What the newest rules of a version change against the rules before them, or against those
    of the version ``since``."""
    who.must(Right.SEE_REPORTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await revisions_of(session, who, {}, name, drafts=True)
    at = [number for number, row in enumerate(rows) if row.version == version]
    before = [row for row in rows[: at[-1] if at else 0] if since in (None, row.version)]
    if not before:
        raise Problem(NOT_FOUND, "There are no such rules to compare with.")
    found = compare(before[-1].definition, rows[at[-1]].definition)
    return {
        "since": {"version": before[-1].version, "revision": before[-1].revision},
        "form": [asdict(each) for each in found.form],
        "rules": [asdict(each) for each in found.rules],
        "only_rules": found.only_rules,
    }


@router.get("/{name}/workbook")
async def workbook(
    request: Request,
    who: Who,
    name: str,
    version: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The spreadsheet of the newest version, or of another, as its author wrote it: copy it and
    change it."""
    who.must(Right.SEE_REPORTS)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        try:
            found = await session.run_sync(
                lambda plain: workbook_of(plain, name, version)  # type: ignore[arg-type]
            )
        except PublishProblem as problem:
            raise Problem(NOT_FOUND, str(problem)) from None
    headers = {"Content-Disposition": f'attachment; filename="{quote(name)}.xlsx"'}
    return Response(found, media_type=XLSX, headers=headers)


@router.get("/{name}/versions")
async def versions(request: Request, who: Who, name: str) -> dict[str, Any]:
    """Every revision of every version, oldest first, with the reports that it has judged.

    While new rules are being applied, reports move from the earlier revision to the newest.
    """
    who.must(Right.SEE_REPORTS)
    judged = await asked(request, who, None, judged_by)
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        rows = await revisions_of(session, who, judged, name, drafts=True)
    if not rows:
        raise Problem(NOT_FOUND)
    items = [
        {column: getattr(each, column) for column in SHOWN} | {"reports": each.reports}
        for each in rows
    ]
    return {"items": items, "next": None}


@router.post("/{name}/versions/{version}/publish")
async def publish(request: Request, who: Who, name: str, version: str) -> dict[str, Any]:
    """Publish a draft: phones are offered it, and reports are judged by it from now on."""
    who.must(Right.KEEP_CHECKLISTS)
    return _made(
        await write_in_mission(request, who, lambda work: publish_draft(work, name, version))
    )


@router.post("/{name}/versions/{version}/retire", status_code=204)
async def retire(request: Request, who: Who, name: str, version: str) -> Response:
    """Offer a version no more; what phones still send on it is taken."""
    who.must(Right.KEEP_CHECKLISTS)
    await write_in_mission(request, who, lambda work: retire_version(work, name, version))
    return Response(status_code=204)


@router.delete("/{name}/versions/{version}", status_code=204)
async def discard(request: Request, who: Who, name: str, version: str) -> Response:
    """Take a draft away; what is published stays."""
    who.must(Right.KEEP_CHECKLISTS)
    await write_in_mission(request, who, lambda work: discard_draft(work, name, version))
    return Response(status_code=204)


def _said(compiled: Compiled, absent: Sequence[Fault]) -> dict[str, Any]:
    definition = compiled.definition
    return {
        "checklist": definition.name,
        "version": definition.version,
        "title": definition.title,
        "languages": definition.languages,
        "stage": definition.stage,
        "questions": len(definition.questions),
        "indicators": [each.code for each in definition.indicators],
        "checks": [each.name for each in definition.checks],
        "sha256": compiled.xform_sha256,
        "files": [each.file for each in compiled.named],
        "problems": [],
        "doubts": [asdict(each) for each in (*absent, *compiled.doubts)],
    }


def _made(made: Published) -> dict[str, Any]:
    return {
        "checklist": made.name,
        "version": made.version,
        "revision": made.revision,
        "new": made.is_new,
    }
