"""How fast, and in how much memory, workbooks that mean harm are refused, and what others feel.

``python -m tests.benchmarks.hostile``: each in the confined child that uploads are compiled in;
then all sent at once to one worker, while an observer's reports come in.
"""

import asyncio
import io
import resource
import zipfile
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from uuid import uuid4

import httpx
import openpyxl

from mobile_forms.sheets import WorkbookProblems
from mobile_forms.untrusted import compile_untrusted
from tests.api.small import SmallMission
from tests.benchmarks.forms import json_report
from tests.benchmarks.intake import installed, serving


def long_workbook(rows: int, *, alike: bool = False, empty: int = 0) -> bytes:
    """A survey of so many questions, nothing but their type where they are alike, after so many
    rows without anything."""
    book = openpyxl.Workbook(write_only=True)
    settings = book.create_sheet("settings")
    settings.append(["form_id", "form_title", "version"])
    settings.append(["long", "Long", "1"])
    sheet = book.create_sheet("survey")
    sheet.append(["type", "name", "label"])
    for _ in range(empty):
        sheet.append([])
    for number in range(rows):
        sheet.append(["text"] if alike else ["text", f"q{number}", "What?"])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def repacked(
    name: str, change: Callable[[bytes], bytes] = lambda data: data, blanks: int = 0
) -> bytes:
    """A small workbook with one part changed, or followed by so many megabytes of blanks; written
    piece by piece, so that this process stays small and the peak told is the child's."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(long_workbook(2))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            data = old.read(part)
            data = change(data) if part.filename == name else data
            with new.open(part.filename, "w") as out:
                out.write(data)
                for _ in range(blanks if part.filename == name else 0):
                    out.write(b" " * 1_000_000)
    return made.getvalue()


def hostile() -> Iterator[tuple[str, bytes]]:
    """Each kind of harm, and a workbook that tries it."""
    sheet = "xl/worksheets/sheet2.xml"
    yield "200,000 rows", long_workbook(200_000)
    yield "200,000 rows in 2 MB", long_workbook(200_000, alike=True)
    yield "700,000 empty rows", long_workbook(2, empty=700_000)
    yield "4,900 rows", long_workbook(4_900)
    yield "a zip bomb of 1 GB", repacked(sheet, blanks=1_000)
    yield (
        "45 MB in one cell",
        repacked(sheet, lambda data: data.replace(b"What?", b"x" * 45_000_000, 1)),
    )
    entities = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    yield (
        "entities in entities",
        repacked(sheet, lambda data: entities + b"]>" + data.replace(b"What?", b"&j;", 1)),
    )
    yield (
        "a file from outside",
        repacked(
            sheet,
            lambda data: (
                b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                + data.replace(b"What?", b"&a;", 1)
            ),
        ),
    )


def main() -> None:
    """Each kind, with what it cost and what was said; then what others felt of all of them."""
    every = list(hostile())
    for name, workbook in every:
        before = perf_counter()
        said = _said(workbook)
        seconds = perf_counter() - before
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"{name:22} {seconds:5.1f} s, children {peak:4} MB at most: {said[:80]}", flush=True)
    with installed() as (environment, mission), serving(environment, 1) as port:
        asyncio.run(_meanwhile(f"http://127.0.0.1:{port}", mission, every))


def _said(workbook: bytes) -> str:
    try:
        compile_untrusted(workbook)
    except WorkbookProblems as problems:
        return problems.problems[0].message
    return "compiled"


async def _meanwhile(address: str, mission: SmallMission, every: list[tuple[str, bytes]]) -> None:
    """Send them all at once as an author; an observer sends reports until the last is answered."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        lint = f"/api/v1/missions/{mission.slug}/checklists/lint"
        author = mission.bearer("data_manager")
        before = perf_counter()
        sent = [
            asyncio.ensure_future(client.post(lint, content=workbook, headers=author))
            for _, workbook in every
        ]
        waited: list[float] = []
        while not all(each.done() for each in sent):
            waited.append(await _report(client, mission))
    answers = sorted(each.result().status_code for each in sent)
    print(f"{len(every)} at once, answered {answers} in {perf_counter() - before:.1f} s; meanwhile")
    middle, slowest = 1000 * median(waited), 1000 * max(waited)
    print(f"{len(waited)} reports were kept: median {middle:.0f} ms, slowest {slowest:.0f} ms")


async def _report(client: httpx.AsyncClient, mission: SmallMission) -> float:
    before = perf_counter()
    answer = await client.post(
        mission.reports, json=json_report(str(uuid4())), headers=mission.bearer("observer")
    )
    assert answer.status_code in (201, 202), answer.text
    await asyncio.sleep(0.02)
    return perf_counter() - before - 0.02


if __name__ == "__main__":
    main()
