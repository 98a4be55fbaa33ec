"""Where tests keep their databases: in memory, where there is room for them."""

import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30


def temporary_folder(prefix: str) -> Path:
    """A new folder. On a disk a database of several hundred files takes half a second to make."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if roomy else None))
