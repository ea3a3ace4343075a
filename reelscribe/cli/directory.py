"""The directory that `--out` names: everything a report becomes, and its keyframes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from reelscribe.cli.files import CannotWrite, check_writable, write_whole
from services.common.errors import ReelscribeError

if TYPE_CHECKING:
    from reelscribe.report.outputs import Keyframe, View
    from reelscribe.v1.analysis_pb2 import Report

KEYFRAMES = "keyframes"

CLIMBED_COUNT = 2
"""A page looks for the video this many directories above its own at most: further up, the way names private places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Where a report goes, and how it is to be shown."""

    path: Path
    language: str = "en"
    formats: tuple[str, ...] = ()
    """Names of outputs; empty: the usual ones."""

    def prepare(self) -> None:
        """Before minutes of work are done for it.

        Raises CannotWrite, InvalidInput, FormatNotInstalled or PageLibraryNotInstalled.
        """
        from reelscribe.report.outputs import USUAL, chosen
        from reelscribe.report.page.render import check_installed
        from reelscribe.report.page.words import words_of

        words_of(self.language)
        chosen(self.formats or USUAL)
        check_installed()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWrite(f"{self.path} cannot be made a directory: {error.strerror}") from None
        check_writable(self.path / "any")

    def is_written(self) -> bool:
        """All that any report becomes is there, the page in this language. What only some become may be missing."""
        from reelscribe.report.outputs import ALWAYS, USUAL, chosen

        paths = [self.path / output.file_name for output in chosen(self.formats or USUAL) if output.name in ALWAYS]
        begins = f'<!doctype html>\n<html lang="{self.language}"'
        return bool(paths) and all(
            path.exists() and (path.suffix != ".html" or _begins_with(path, begins)) for path in paths
        )

    def write(
        self, report: Report, video: Path | None, tell: Callable[[str], object], *, standing: Path | None = None
    ) -> list[Path]:
        """Write all outputs; the files written.

        `video`: the file, None if it is not at hand; `standing`: a file that is not to be written again. A video
        of which no picture can be had leaves the page without: the reason is told.
        """
        from reelscribe.report.outputs import USUAL, chosen

        view = self._view(report, video, tell, standing)
        written = self._write_keyframes(view.keyframes)
        for output in chosen(self.formats or USUAL):
            path = self.path / output.file_name
            content = output.render(report, view)
            if content is None:
                path.unlink(missing_ok=True)  # an earlier run's, about something this report does not have
            elif standing is None or not (path.exists() and path.samefile(standing)):
                write_whole(path, content)
                written.append(path)
        return written

    def _view(self, report: Report, video: Path | None, tell: Callable[[str], object], standing: Path | None) -> View:
        from reelscribe.report.keyframes import kept_keyframes, keyframes
        from reelscribe.report.outputs import View

        frames: tuple[Keyframe, ...] = ()
        if video is not None:
            try:
                frames = keyframes(report, video)
            except ReelscribeError as error:
                tell(f"no keyframes: {error}")
        elif standing is not None:
            frames = kept_keyframes(report, standing.parent / KEYFRAMES)
        return View(
            language=self.language, keyframes=frames, video_hrefs=video_hrefs(report.video.name, video, self.path)
        )

    def _write_keyframes(self, keyframes: Sequence[Keyframe]) -> list[Path]:
        directory = self.path / KEYFRAMES
        names = {keyframe.file_name for keyframe in keyframes}
        for path in directory.glob("shot-*.webp"):
            if path.name not in names:
                path.unlink()
        if keyframes:
            directory.mkdir(exist_ok=True)
        for keyframe in keyframes:
            write_whole(directory / keyframe.file_name, keyframe.webp)
        return [directory] if keyframes else []


def _begins_with(path: Path, text: str) -> bool:
    with path.open(encoding="utf-8") as file:
        return file.read(len(text)) == text


def video_hrefs(name: str, video: Path | None, directory: Path) -> tuple[str, ...]:
    """Where a page in `directory` looks for the video: beside itself, and where it was, if that is near."""
    hrefs = [quote(PurePath(name).name)] if name else []
    if video is not None:
        way = Path(os.path.relpath(video.resolve(), directory.resolve()))
        if way.parts.count("..") <= CLIMBED_COUNT:
            hrefs.append(quote(way.as_posix()))
    return tuple(dict.fromkeys(hrefs))
