"""Checking the names of files that a client gives."""

import re

from api.problems import FORBIDDEN_CHARACTER, Problem

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def refuse_file_name(name: str, field: str) -> None:
    """Raise a problem (422) naming ``field`` where a file's name holds a control character."""
    if _CONTROL.search(name):
        raise Problem(FORBIDDEN_CHARACTER, "A file name holds a control character.", field[:200])
