"""Compiling a workbook that somebody uploads: in a child process, with limits.

A workbook may unzip to much, hold endless rows, or make a parser run wild. The child has a
limit on memory and time, and nothing but this one workbook. Run as a module, it is the child.
"""

import json
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from mobile_forms.sheets import LONGEST_BYTES, Problem, WorkbookProblems
from mobile_forms.workbook import Compiled, compile_workbook
from schemas.checklist import Definition

SECONDS = 10
MEMORY = 512 * 1024 * 1024


def compile_untrusted(data: bytes, standards: Collection[str] = ()) -> Compiled:
    """Compile an XLSForm in a child process. Raises :class:`WorkbookProblems`, as compiling does.

    At most 2 MB, 50 MB unzipped, 5,000 rows a sheet, 512 MB of memory, 10 seconds.
    """
    if len(data) > LONGEST_BYTES:
        raise _over("It is larger than 2 MB.")
    command = [sys.executable, "-m", "mobile_forms.untrusted", *sorted(standards)]
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, check=False,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _over(f"It takes longer than {SECONDS} seconds to compile.") from None
    return _answer(child.stdout)


def _answer(written: bytes) -> Compiled:
    try:
        answer = json.loads(written)
    except ValueError:
        raise _over("It needs more memory or time than a checklist may.") from None
    if "problems" in answer:
        raise WorkbookProblems([Problem(**each) for each in answer["problems"]])
    definition = Definition.model_validate(answer["definition"])
    doubts = tuple(Problem(**each) for each in answer["doubts"])
    return Compiled(definition, answer["xform"], answer["xform_sha256"], doubts)


def _over(message: str) -> WorkbookProblems:
    remedy = "A checklist has a few hundred rows: look for data that does not belong to it."
    return WorkbookProblems([Problem("workbook", None, None, message, remedy)])


def _confine() -> None:
    """Limit this process, where the system can: Windows has no such limits but the clock."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _compile() -> dict[str, object]:
    try:
        compiled = compile_workbook(sys.stdin.buffer.read(), sys.argv[1:])
    except WorkbookProblems as found:
        return {"problems": [asdict(each) for each in found.problems]}
    return {
        "definition": compiled.definition.model_dump(mode="json"),
        "xform": compiled.xform,
        "xform_sha256": compiled.xform_sha256,
        "doubts": [asdict(each) for each in compiled.doubts],
    }


if __name__ == "__main__":
    _confine()
    sys.stdout.write(json.dumps(_compile()))
