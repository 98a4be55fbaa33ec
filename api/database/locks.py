"""File locks (flock) that the kernel releases when their holder dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockHeld(Exception):
    """Another process holds the lock."""


@contextmanager
def locked(file: Path, seconds: float = 0.0) -> Iterator[None]:
    """Hold a file's exclusive lock. Raises :class:`LockHeld` where that takes longer."""
    descriptor = _open(file)
    try:
        _wait_for(descriptor, file, seconds)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def shared_lock(file: Path) -> Iterator[None]:
    """Hold a file's lock together with others."""
    descriptor = _open(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def try_exclusive(file: Path) -> Iterator[bool]:
    """Whether nobody else holds the lock just now; it is held if so."""
    descriptor = _open(file)
    try:
        yield _try(descriptor)
    finally:
        os.close(descriptor)


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _wait_for(descriptor: int, file: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not _try(descriptor):
        if time.monotonic() >= deadline:
            raise LockHeld(f"Another process holds {file}.")
        time.sleep(0.05)
