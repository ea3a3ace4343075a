"""Which videos a batch is about, and what each one's report is called."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from reelscribe.cli.files import SUFFIX
from services.common.errors import InvalidInput, NotFound

EXTENSIONS = frozenset(
    {".3g2", ".3gp", ".asf", ".avi", ".f4v", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg"}
    | {".mts", ".mxf", ".ogv", ".ts", ".vob", ".webm", ".wmv"}
)
"""What is taken for a video in a directory; a list may name files of any kind."""

STDIN = Path("-")

PATH_DIGITS = 8
"""Of the hash of its path, for a name that would otherwise be taken twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A video and the name of its report's file."""

    video: Path
    report_name: str

    @property
    def directory_name(self) -> str:
        """Of what else its report becomes: "a" beside "a.report.json"."""
        return self.report_name.removesuffix(SUFFIX)


def clips_of(source: Path) -> tuple[Clip, ...]:
    """The videos of a directory (at any depth, in order) or of a list, each once. Raises NotFound or InvalidInput."""
    if source == STDIN:
        return named(_listed(sys.stdin.read().splitlines(), Path()))
    if source.is_dir():
        found = sorted(path for path in source.rglob("*") if path.suffix.lower() in EXTENSIONS and path.is_file())
        if not found:
            raise InvalidInput(f"there is no video in {source}")
        return named(found)
    if not source.exists():
        raise NotFound(f"there is no directory or list {source}")
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise InvalidInput(f"{source} is no list of paths; for one video: reelscribe analyze {source}") from None
    return named(_listed(lines, source.parent))


def _listed(lines: Sequence[str], directory: Path) -> list[Path]:
    """One path a line, relative ones from the list's own directory; blank lines and those that begin with # are not."""
    texts = (line.strip() for line in lines)
    paths = [directory / text for text in texts if text and not text.startswith("#")]
    if not paths:
        raise InvalidInput("the list names no video")
    return paths


def named(videos: Sequence[Path]) -> tuple[Clip, ...]:
    """A name of its own for each: "a.report.json"; where two clips share it, a part of their paths' hash is added.

    Depends on the clips of this batch only, so a batch that is resumed finds the same names.
    """
    once = tuple(dict.fromkeys(videos))
    counts = Counter(video.stem for video in once)
    return tuple(Clip(video=video, report_name=_name(video, shared=counts[video.stem] > 1) + SUFFIX) for video in once)


def _name(video: Path, *, shared: bool) -> str:
    if not shared:
        return video.stem
    return f"{video.stem}.{sha256(str(video).encode()).hexdigest()[:PATH_DIGITS]}"
