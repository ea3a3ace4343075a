"""Reports on disk: what they are called, and how they are written so that half a one is never seen."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from services.common.errors import InvalidInput

SUFFIX = ".report.json"


class CannotWrite(InvalidInput):
    """The place a report should go to does not take it."""

    reason = "cannot_write"


def report_path(video: Path, wish: Path | None) -> Path:
    """The file wished for, or NAME.report.json in the directory wished for; in this one, if nothing is wished for."""
    if wish is not None and not wish.is_dir():
        return wish
    return (wish or Path()) / f"{video.stem}{SUFFIX}"


def check_writable(path: Path) -> None:
    """Before minutes of work are done for it. Raises CannotWrite."""
    directory = path.parent
    if not directory.is_dir():
        raise CannotWrite(f"there is no directory {directory} to write {path.name} into")
    if not os.access(directory, os.W_OK):
        raise CannotWrite(f"{directory} is not writable: name another place")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write beside it first, then rename: whoever looks sees the old file or the whole new one.

    What is there and is no regular file (a pipe, a device) is written to as it is, not replaced.
    """
    data = content.encode() if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
