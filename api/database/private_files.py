"""File modes: what this program makes only its owner may open, 0600 and 0700.

The umask holds for whatever is made by a command or a server. Where people's data is written the
mode is given as well, so that it does not depend on who started the process. Folders that are
there already keep the mode that they have.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

UMASK = 0o077
FILE, FOLDER = 0o600, 0o700


@contextmanager
def only_for_the_owner() -> Iterator[None]:
    """What is made meanwhile, by this process and those that it starts, nobody else may open."""
    before = os.umask(UMASK)
    try:
        yield
    finally:
        os.umask(before)


def private_opener(path: str, flags: int) -> int:
    """The ``opener`` of :func:`open` that makes a file with mode 0600."""
    return os.open(path, flags, FILE)


def open_private(file: Path, mode: Literal["wb", "xb"]) -> BinaryIO:
    """The file opened for writing, made with mode 0600."""
    return open(file, mode, opener=private_opener)
