"""Which files a report becomes: one tuple, in the order they are written; a new format is one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reelscribe.report.json import to_json
from reelscribe.v1.analysis_pb2 import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyframe:
    """The picture that stands for one shot, and the shot it stands for."""

    number: int
    """1 for the first; a shot whose picture could not be had leaves a gap."""
    start_s: float
    end_s: float
    at_s: float
    """When the picture is displayed."""
    width_px: int
    height_px: int
    webp: bytes

    @property
    def file_name(self) -> str:
        """ "shot-007-0042.350.webp": sorts by time."""
        return f"shot-{self.number:03d}-{self.at_s:08.3f}.webp"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How the report is to be shown: what is not in it and cannot be found out from it."""

    language: str = "en"
    """Of titles and prose: "en" or "de". Findings, names and keys of machine-read formats stay as they are."""
    keyframes: tuple[Keyframe, ...] = ()
    """Empty where the video is not at hand."""
    video_hrefs: tuple[str, ...] = ()
    """Where a page may find the video, relative to itself, percent-encoded; the first that plays is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One file of the directory that `--out` names."""

    name: str
    """What the format is called: "json"."""
    file_name: str
    """Within the directory: "report.json"."""
    render: Callable[[Report, View], str | bytes | None]
    """Pure. Imports what it needs when it is called. None: there is nothing to write (no speech, no subtitles)."""


def _json(report: Report, _view: View) -> str:
    return to_json(report)


def _html(report: Report, view: View) -> str:
    from reelscribe.report.page.render import render

    return render(report, view)


OUTPUTS = (
    Output(name="json", file_name="report.json", render=_json),
    Output(name="html", file_name="report.html", render=_html),
)  # fmt: skip
