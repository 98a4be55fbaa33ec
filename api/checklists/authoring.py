"""Authoring checklists over the network: uploaded workbooks are linted, drafted, published."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import TypeVar

from fastapi import Request

from api.audit.unit_of_work import Work, carry_out
from api.auth.principal import Principal
from api.checklists.publishing import PublishProblem
from api.problems import CONFLICT, INVALID, TOO_LARGE, UNSOUND, Problem
from mobile_forms.adoption import AdoptedWorkbook
from mobile_forms.form_file import LONGEST_FILE, FileProblem, MediaFileContent, read_file
from mobile_forms.sheets import LONGEST_BYTES, WorkbookProblems
from mobile_forms.untrusted import adopt_untrusted, compile_untrusted
from mobile_forms.workbook import Compiled

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
