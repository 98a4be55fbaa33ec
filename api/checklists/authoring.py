"""Authoring checklists over the network: uploaded workbooks are linted, drafted, published."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from typing import TypeVar

from fastapi import Request
from sqlmodel import Session

from api.audit.unit_of_work import Work, carry_out
from api.auth.principal import Principal
from api.checklists.form_files import files_of, with_own_lists
from api.checklists.publishing import PublishProblem, attach, files_stand, find_version
from api.problems import CONFLICT, INVALID, TOO_LARGE, UNSOUND, Problem
from mobile_forms.adoption import AdoptedWorkbook
from mobile_forms.media import LONGEST_FILE, FileProblem, MediaFileContent, read_file
from mobile_forms.sheets import LONGEST_BYTES, WorkbookProblems
from mobile_forms.untrusted import adopt_untrusted, compile_untrusted
from mobile_forms.workbook import Compiled
from schemas.checklist import Definition
from schemas.published import ChecklistVersion, Rules, RulesState

COMPILING = asyncio.Semaphore(2)
"""So many workbooks are compiled at once in one process: each may take 512 MB for 10 seconds."""
Done = TypeVar("Done")


async def read_workbook(request: Request) -> bytes:
    """The body of a request, which is a workbook. Problems: 413 too large, 422 empty."""
    data = await _body(request, LONGEST_BYTES)
    if not data:
        raise Problem(INVALID, "The workbook (XLSX) is the body.", "body")
    return data


async def read_form_file(request: Request, name: str) -> MediaFileContent:
    """The body of a request, which is a file of a form. Problems: 413 too large, 422 no file that
    a form may have."""
    return looked_at(name, await _body(request, LONGEST_FILE))


def looked_at(name: str, data: bytes) -> MediaFileContent:
    """A file that somebody uploads. Problem 422 where no form may have it."""
    try:
        return read_file(name, data)
    except FileProblem as problem:
        raise Problem(INVALID, str(problem), "file") from None


async def _body(request: Request, most: int) -> bytes:
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > most:
            raise Problem(TOO_LARGE, f"At most {most} bytes.", "body")
    return bytes(data)


async def compile_upload(data: bytes, standards: Collection[str] = ()) -> Compiled:
    """Compile a workbook in a confined child; ``standards`` are the mission's own. Problem 422
    with everything to be mended."""
    return await _confined(lambda: compile_untrusted(data, standards))


async def adopt_upload(data: bytes, name: str, language: str = "en") -> AdoptedWorkbook:
    """Adopt a form of others in a confined child. Problem 422 where it is no workbook."""
    return await _confined(lambda: adopt_untrusted(data, name, language))


async def _confined(work: Callable[[], Done]) -> Done:
    async with COMPILING:
        try:
            return await asyncio.to_thread(work)
        except WorkbookProblems as found:
            problems = [asdict(each) for each in found.problems]
            detail = f"{len(problems)} to mend."
            raise Problem(UNSOUND, detail, "workbook", more={"problems": problems}) from None


async def write_in_mission(request: Request, who: Principal, write: Callable[[Work], Done]) -> Done:
    """Do ``write`` as one unit of work. Problem 409 where it cannot be done as things stand."""
    try:
        return await carry_out(request, who, write)
    except PublishProblem as problem:
        raise Problem(CONFLICT, str(problem)) from None


def attach_file(
    work: Work,
    name: str,
    version: str,
    file: MediaFileContent,
) -> None:
    """Keep a file with a draft, in the place of one of its name. Raises :class:`PublishProblem`."""
    standing, rules = find_version(work.session, name, version)
    published = any(each.state == RulesState.PUBLISHED for each in rules)
    attach(work.session, standing, name, {file.name: file}, published=published)
    _read_lists(work.session, standing, rules)
    subject = f"{name} {version} {file.name}"
    content = file.sha256.encode()
    work.log("checklist.attach", subject, content)
    work.session.flush()


def detach_file(
    work: Work,
    name: str,
    version: str,
    file: str,
) -> None:
    """Take a file from a draft. Raises :class:`PublishProblem` where that cannot be."""
    standing, rules = find_version(work.session, name, version)
    kept = files_of(work.session, standing.id).get(file)
    if kept is None:
        raise PublishProblem(f"Version {version} of {name} has no file {file}.")
    if any(each.state == RulesState.PUBLISHED for each in rules):
        raise files_stand(name, version)
    work.session.delete(kept)
    work.session.flush()
    _read_lists(work.session, standing, rules)
    subject = f"{name} {version} {file}"
    work.log("checklist.detach", subject)
    work.session.flush()


def _read_lists(session: Session, version: ChecklistVersion, rules: Sequence[Rules]) -> None:
    """Let a draft know the options of its lists as they now are."""
    kept = files_of(session, version.id)
    for each in rules:
        if each.state == RulesState.DRAFT:
            whole = with_own_lists(Definition.model_validate(each.definition), kept)
            each.definition = whole.model_dump(mode="json")
            session.add(each)
