"""Reports on disk: what they are called, and how they are written so that half a one is never seen."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from services.common.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from reelscribe.v1.analysis_pb2 import Report

SUFFIX = ".report.json"


class CannotWrite(InvalidInput):
    """The place a report should go to does not take it."""

    reason = "cannot_write"


def report_path(video: Path, wish: Path | None) -> Path:
    """The file wished for, or NAME.report.json in the directory wished for; in this one, if nothing is wished for."""
    if wish is not None and not wish.is_dir():
        return wish
    return (wish or Path()) / f"{video.stem}{SUFFIX}"


def read_report(path: Path) -> Report:
    """A report as `analyze` wrote it. Raises NotFound or InvalidInput."""
    from google.protobuf.json_format import ParseError

    from reelscribe.report.json import from_json

    if not path.is_file():
        raise NotFound(f"there is no file {path}")
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (ParseError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} is no report: {error}") from None


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
