"""Compiling an uploaded workbook in a child process with limits of time and memory.

A workbook may unzip to much, hold endless rows, or make a parser run wild. The child has a
limit on memory and time, and nothing but this one workbook. Run as a module, it is the child.
"""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mobile_forms.adoption import AdoptedWorkbook, adopt
from mobile_forms.media import NamedMedia
from mobile_forms.sheets import LONGEST_BYTES, Problem, WorkbookProblems
from mobile_forms.workbook import Compiled, compile_workbook
from schemas.checklist import Definition

SECONDS = 9
MEMORY = 512 * 1024 * 1024


def compile_untrusted(data: bytes, standards: Collection[str] = ()) -> Compiled:
    """Compile an XLSForm in a child process. Raises :class:`WorkbookProblems`, as compiling does.

    At most 2 MB, 50 MB unzipped, 5,000 rows a sheet, 512 MB of memory, 9 seconds.
    """
    answer = _asked("compile", data, *sorted(standards))
    definition = Definition.model_validate(answer["definition"])
    named = tuple(NamedMedia(**each) for each in answer["named"])
    doubts = _read(answer["doubts"])
    return Compiled(definition, answer["xform"], answer["xform_sha256"], doubts, named)


def adopt_untrusted(data: bytes, name: str, language: str) -> AdoptedWorkbook:
    """Adopt an XLSForm of others in a child process, under the same limits."""
    answer = _asked("adopt", data, name, language)
    return AdoptedWorkbook(b64decode(answer["workbook"]), _read(answer["changes"]))


def _asked(work: str, data: bytes, *values: str) -> dict[str, Any]:
    """What the child answers. Raises :class:`WorkbookProblems`."""
    if len(data) > LONGEST_BYTES:
        raise _over("It is larger than 2 MB.")
    command = [sys.executable, "-m", "mobile_forms.untrusted", work, *values]
    try:
        child = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=Path(__file__).parents[1],
        )
    except subprocess.TimeoutExpired:
        raise _over(f"It takes longer than {SECONDS} seconds to compile.") from None
    return _answer(child.stdout)


def _answer(written: bytes) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(written)
    except ValueError:
        raise _over("It needs more memory or time than a checklist may.") from None
    if "problems" in answer:
        raise WorkbookProblems(list(_read(answer["problems"])))
    return answer


def _read(problems: Sequence[dict[str, Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(**each) for each in problems)


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


def _compile(data: bytes, *standards: str) -> dict[str, object]:
    compiled = compile_workbook(data, standards)
    return {
        "definition": compiled.definition.model_dump(mode="json"),
        "xform": compiled.xform,
        "xform_sha256": compiled.xform_sha256,
        "doubts": [asdict(each) for each in compiled.doubts],
        "named": [asdict(each) for each in compiled.named],
    }


def _adopt(data: bytes, name: str, language: str) -> dict[str, object]:
    adopted = adopt(data, name, language)
    workbook = b64encode(adopted.workbook).decode()
    return {"workbook": workbook, "changes": [asdict(each) for each in adopted.changes]}


WORK: dict[str, Callable[..., dict[str, object]]] = {"compile": _compile, "adopt": _adopt}


def _work(work: str, *values: str) -> dict[str, object]:
    try:
        return WORK[work](sys.stdin.buffer.read(), *values)
    except WorkbookProblems as found:
        return {"problems": [asdict(each) for each in found.problems]}


if __name__ == "__main__":
    _confine()
    sys.stdout.write(json.dumps(_work(*sys.argv[1:])))
