"""Which files a report becomes: one tuple, in the order they are written; a new format is one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from reelscribe.report.json import to_json
from reelscribe.v1.analysis_pb2 import Report
from services.common.errors import InvalidInput, ReelscribeError

FORMATS = "reelscribe.report.formats"


class FormatNotInstalled(ReelscribeError):
    """The library that writes a format is not there."""

    reason = "format_not_installed"
    fix = 'pip install "reelscribe[report]"'


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


def _format(module: str, function: str) -> Callable[[Report, View], str | bytes | None]:
    """A function of one of the formats' files, imported when it is called. Nothing shown is nothing to write."""

    def render(report: Report, _view: View) -> str | bytes | None:
        content: str | bytes = getattr(import_module(f"{FORMATS}.{module}"), function)(report)
        return content or None

    return render


OUTPUTS = (
    Output(name="json", file_name="report.json", render=_json),
    Output(name="html", file_name="report.html", render=_html),
    Output(name="parquet", file_name="timeline.parquet", render=_format("parquet", "timeline_parquet")),
    Output(name="srt", file_name="speech.srt", render=_format("srt", "speech_srt")),
    Output(name="vtt", file_name="speech.vtt", render=_format("vtt", "speech_vtt")),
    Output(name="screen-srt", file_name="screen_text.srt", render=_format("srt", "screen_srt")),
    Output(name="screen-vtt", file_name="screen_text.vtt", render=_format("vtt", "screen_vtt")),
    Output(name="metadata-vtt", file_name="metadata.vtt", render=_format("vtt", "metadata_vtt")),
    Output(name="coco", file_name="tracks.coco.json", render=_format("coco", "coco_json")),
    Output(name="otio", file_name="timeline.otio", render=_format("otio", "otio_json")),
    Output(name="video-indexer", file_name="video_indexer.json", render=_format("video_indexer", "insights_json")),
    Output(name="cvat", file_name="tracks.cvat.xml", render=_format("cvat", "cvat_xml")),
    Output(
        name="web-annotation",
        file_name="annotations.jsonld",
        render=_format("web_annotation", "annotation_page_json"),
    ),
)

USUAL = ("json", "html", "parquet", "srt", "vtt", "screen-srt", "screen-vtt", "metadata-vtt")
"""What a directory holds if nothing else is asked for."""

ALWAYS = ("json", "html", "parquet")
"""What any report becomes; of others there may be nothing to write."""

WRITTEN_WITH = {"parquet": "pyarrow", "otio": "opentimelineio"}
"""Libraries that formats need beyond ours."""


def chosen(names: Sequence[str]) -> tuple[Output, ...]:
    """The outputs of these names, in the order in which they are written.

    Raises InvalidInput for one there is not, FormatNotInstalled for one whose library is absent.
    """
    known = [output.name for output in OUTPUTS]
    for name in names:
        if name not in known:
            raise InvalidInput(f"there is no format {name!r}; there are {', '.join(known)}")
        if name in WRITTEN_WITH and find_spec(WRITTEN_WITH[name]) is None:
            raise FormatNotInstalled(f"{name} is written with {WRITTEN_WITH[name]}, which is not installed")
    return tuple(output for output in OUTPUTS if output.name in names)
