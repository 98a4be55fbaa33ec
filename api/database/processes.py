"""Which processes serve a data folder. Told by the folder, for process ids are used again."""

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
            if process.cwd() == where and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


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
    psutil.wait_procs(processes, timeout=10)


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []
