"""Finding the processes that serve a data folder; process ids alone are used again."""

import time
from contextlib import suppress
from pathlib import Path

import psutil


def processes_in(data: Path) -> list[psutil.Process]:
    """The processes that have the data folder as their working folder: PostgreSQL's own."""
    where = str(data.resolve())
    found = []
    for process in psutil.process_iter(["name"]):
        if "postgres" not in (process.info["name"] or ""):
            continue
        with suppress(psutil.Error):
            if process.cwd() == where and _runs(process):
                found.append(process)
    return found


def still_running(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait for processes to end; gives those that have not within ``seconds``.

    One that has ended, but whose parent has not taken note of it, has ended: the server may be
    the child of another of its users, which may be waiting for us.
    """
    deadline = time.monotonic() + seconds
    while (left := [each for each in processes if _runs(each)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def heads_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those whose parent is none of them: the server itself, or backends that outlived it."""
    ids = {process.pid for process in processes}
    heads = []
    for process in processes:
        with suppress(psutil.Error):
            if process.ppid() not in ids:
                heads.append(process)
    return heads


def has_server(processes: list[psutil.Process]) -> bool:
    """Whether one of them is the server itself: it has children, or stands alone and unnamed."""
    if len(processes) == 1:
        return "postgres:" not in " ".join(_command(processes[0]))
    return len(heads_of(processes)) < len(processes)


def end(processes: list[psutil.Process]) -> None:
    """End processes at once."""
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
    still_running(processes, 10)


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []
