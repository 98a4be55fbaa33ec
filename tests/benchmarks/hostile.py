"""How fast, and in how much memory, workbooks that mean harm are refused.

``python -m tests.benchmarks.hostile``: each in the confined child that uploads are compiled in.
"""

import io
import resource
import zipfile
from collections.abc import Callable, Iterator
from time import perf_counter

import openpyxl

from mobile_forms.sheets import WorkbookProblems
from mobile_forms.untrusted import compile_untrusted


def long_workbook(rows: int) -> bytes:
    """A survey of so many questions."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("survey")
    sheet.append(["type", "name", "label"])
    for number in range(rows):
        sheet.append(["text", f"q{number}", "What?"])
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
    sheet = "xl/worksheets/sheet1.xml"
    yield "200,000 rows", long_workbook(200_000)
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
    """Each kind, with what it cost and what was said."""
    for name, workbook in hostile():
        before = perf_counter()
        try:
            compile_untrusted(workbook)
            said = "compiled"
        except WorkbookProblems as problems:
            said = problems.problems[0].message
        seconds = perf_counter() - before
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"{name:22} {seconds:5.1f} s, children {peak:4} MB at most: {said[:80]}", flush=True)


if __name__ == "__main__":
    main()
