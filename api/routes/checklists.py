"""``checklists``: what is asked, as phones, partners and machines read it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.auth.principal import Principal, principal
from api.checklists.form_files import QUERIES, lists_of, mission_list
from api.checklists.listing import form_files_of, newest_rules, published_versions
from api.database.sessions import mission_connection, mission_session
from api.problems import NOT_FOUND, Problem
from api.routes.asking import answer, digest
from mobile_forms.json_schema import report_schema
from schemas.checklist import Check, Definition
from schemas.credential import Role
from schemas.published import ChecklistVersion, FormFile
from schemas.rights import Right

router = APIRouter(prefix="/api/v1/missions/{slug}", tags=["checklists"])
Who = Annotated[Principal, Depends(principal)]


@router.get("/checklists")
async def checklists(request: Request, who: Who) -> Response:
    """The newest version of every checklist that phones are offered."""
    newest: dict[str, dict[str, Any]] = {}
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        for checklist, version in await published_versions(session, who):
            if version.retired_at is not None:
                continue
            definition = await newest_rules(session, version)
            newest[checklist.name] = _summary(definition, version)
    items = list(newest.values())
    return answer(request, {"items": items, "next": None}, f"checklists-{digest(items)}")


@router.get("/checklists/{name}")
async def checklist(
    request: Request,
    who: Who,
    name: str,
    version: Annotated[str | None, Query(max_length=100)] = None,
    only: Literal["form"] | None = None,
) -> Response:
    """One version: its XForm, the JSON Schema of a report on it, its questions, its files.
    ``only=form`` is what a phone needs of it: the XForm, the files, the checks of the figures."""
    async with mission_session(request.app.state.engine, who.mission_id) as session:
        found = [
            each
            for known, each in await published_versions(session, who)
            if known.name == name and version in (None, each.version)
        ]
        if not found:
            raise Problem(NOT_FOUND)
        definition = await newest_rules(session, found[-1])
        files = await form_files_of(session, who, name, found[-1].version)
        shown = [_file(each) for each in files]
    content = _summary(definition, found[-1]) | {"xform": found[-1].xform, "files": shown}
    if only == "form":
        content["checks"] = [_check(each) for each in definition.checks]
    else:
        content["schema"] = report_schema(definition)
        content["questions"] = [each.model_dump(mode="json") for each in definition.questions]
    return answer(request, content, f"checklist-{digest(content)}")


def _summary(definition: Definition, version: ChecklistVersion) -> dict[str, Any]:
    return {
        "name": definition.name,
        "version": version.version,
        "title": definition.title,
        "languages": definition.languages,
        "stage": definition.stage,
        "per": definition.policy.per,
        "sha256": version.xform_sha256,
        "lists": lists_of(version.xform),
    }


def _check(check: Check) -> dict[str, Any]:
    """A check as a phone calculates it."""
    return check.model_dump(
        include={"name", "flag_when", "explanation", "inputs", "difference", "tolerance"}
    )


def _file(file: FormFile) -> dict[str, Any]:
    return {"name": file.name, "type": file.type, "size": file.size, "sha256": file.sha256}


@router.get("/lists/{name}")
async def one_list(request: Request, who: Who, name: str) -> Response:
    """A list as CSV, as the mission has it now: ``stations.csv``, ``contestants.csv``
    or ``contests.csv``. An
    observer's stations are those of their deployments."""
    if name not in QUERIES or not (who.role == Role.OBSERVER or who.may(Right.SEE_REPORTS)):
        raise Problem(NOT_FOUND)
    async with mission_connection(request.app.state.pool, who.mission_id) as connection:
        made = await mission_list(connection, who.mission_id, who.role, who.holder_id, name)
    return Response(made, media_type="text/csv; charset=utf-8")
