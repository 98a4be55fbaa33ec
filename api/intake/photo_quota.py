"""A quota of photos for each observer and day.

The count lies in a small file beside the mission's photos, under a lock, so that all workers of
a machine share it. What is charged is what an upload says it will be, when it begins.
"""

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from api.problems import TOO_MANY, Problem

PHOTOS_A_DAY = 1000
BYTES_A_DAY = 1024 * 1024 * 1024
FOLDER = "quota"


def charge(mission_folder: Path, sender: UUID, size: int) -> None:
    """Count one photo of so many bytes. Problem 429, until the day (UTC) ends, where that is more
    than an observer may send."""
    now = datetime.now(UTC)
    folder = mission_folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / f"{now:%Y-%m-%d}-{sender}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        photos, spent = _read(handle)
        if photos + 1 > PHOTOS_A_DAY or spent + size > BYTES_A_DAY:
            tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0)
            headers = {"Retry-After": str(int((tomorrow - now).total_seconds()) + 1)}
            detail = f"At most {PHOTOS_A_DAY} photos and {BYTES_A_DAY} bytes of them a day."
            raise Problem(TOO_MANY, detail, "body", headers)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{photos + 1} {spent + size}".encode(), 0)
    finally:
        os.close(handle)


def _read(handle: int) -> tuple[int, int]:
    words = os.pread(handle, 100, 0).split()
    return (int(words[0]), int(words[1])) if len(words) == 2 else (0, 0)
