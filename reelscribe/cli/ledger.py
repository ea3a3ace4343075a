"""What a batch has done: `index.jsonl`, and which reports of an earlier run still stand."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reelscribe.cli.files import write_whole

if TYPE_CHECKING:
    from reelscribe.v1.analysis_pb2 import Report
    from reelscribe.v1.analyzer_pb2 import Setting

INDEX_NAME = "index.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One clip: a line of the index."""

    video: str
    sha256: str | None = None
    """None where the file could not be read."""
    report: str | None = None
    """Name of its file, beside the index; None where there is no report."""
    state: str = "failed"
    """ "ok", "lacking" (an analyzer was partial, failed or timed out) or "failed" (there is no report)."""
    summary: dict[str, int] = field(default_factory=dict)
    """How many analyzers ended how."""
    error: dict[str, str] | None = None
    """reason and message, with "failed"."""


class Ledger:
    """Appends a line per clip as it ends; `settle` leaves one line per clip, the last that was written."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / INDEX_NAME

    def write(self, entry: Entry) -> None:
        """One line more."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(asdict(entry)))

    def settle(self) -> None:
        """Drop lines that a later one of the same clip replaces, and one that a crash cut off."""
        if not self.path.exists():
            return
        latest: dict[str, dict[str, Any]] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                content = json.loads(line)
                latest[content["video"]] = content
            except (ValueError, KeyError, TypeError):
                continue
        write_whole(self.path, "".join(map(_line, latest.values())))


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"


def entry_of(video: Path, sha256: str, report_name: str, report: Report, *, lacking: bool) -> Entry:
    """The line of a clip that has a report."""
    summary = {field.name: value for field, value in report.summary.ListFields()}
    state = "lacking" if lacking else "ok"
    return Entry(video=str(video), sha256=sha256, report=report_name, state=state, summary=summary)


def standing(path: Path, sha256: str, analyzers: Collection[str], settings: Sequence[Setting]) -> Report | None:
    """The report of an earlier run, if it is about these bytes, these analyzers and these settings."""
    from google.protobuf.json_format import ParseError

    from reelscribe.report.json import from_json

    try:
        report = from_json(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError, ParseError):
        return None
    if report.video.sha256 != sha256 or not set(analyzers) <= {result.analyzer for result in report.results}:
        return None
    used = [setting for result in report.results for setting in result.settings]
    return report if all(setting in used for setting in settings) else None
