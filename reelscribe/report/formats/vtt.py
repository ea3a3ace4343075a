"""WebVTT: what is said, what stands on screen where it stands, and a metadata track of JSON for a page's script."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict

from reelscribe.report.formats.cues import Cue, screen_cues, speech_cues
from reelscribe.report.formats.srt import time_text
from reelscribe.report.found import Found, found, of
from reelscribe.v1.analysis_pb2 import Report

METADATA_SHAPES = ("transition", "shot", "scene", "phase", "key_moment", "call_to_action")
"""How the video is built: what a player jumps to."""


def speech_vtt(report: Report) -> str:
    """What is said, with voices where they are told apart; empty where nothing is."""
    return _file(report, "speech", [_spoken(cue) for cue in speech_cues(report)])


def screen_vtt(report: Report) -> str:
    """What stands on screen; each cue is placed where its text stands."""
    return _file(report, "text on screen", [_placed(cue) for cue in screen_cues(report)])


def metadata_vtt(report: Report) -> str:
    """Cuts, shots, scenes and the story's stretches as JSON cues: for `<track kind="metadata">`."""
    return _file(report, "metadata", [_described(one) for one in of(found(report), *METADATA_SHAPES)])


def _file(report: Report, kind: str, blocks: Sequence[str]) -> str:
    if not blocks:
        return ""
    name = _escaped(" ".join(report.video.name.split()))
    note = f"NOTE {kind} of {name}, by reelscribe {report.reelscribe_version}".rstrip()
    return "\n\n".join(["WEBVTT", note, *blocks]) + "\n"


def _times(start_s: float, end_s: float) -> str:
    return f"{time_text(start_s, '.')} --> {time_text(end_s, '.')}"


def _spoken(cue: Cue) -> str:
    voice = "" if cue.speaker_id is None else f"<v Speaker {cue.speaker_id}>"
    return f"{_times(cue.start_s, cue.end_s)}\n{voice}{_text(cue.lines)}"


def _placed(cue: Cue) -> str:
    """ "line" is the top of the text, "position" its middle, both of the picture."""
    settings = ""
    if cue.box is not None:
        middle = _percent((cue.box.left + cue.box.right) / 2)
        settings = f" line:{_percent(cue.box.top)} position:{middle} align:center"
    return f"{_times(cue.start_s, cue.end_s)}{settings}\n{_text(cue.lines)}"


def _percent(share: float) -> str:
    return f"{100 * min(1.0, max(0.0, share)):.1f}%"


def _text(lines: Sequence[str]) -> str:
    return "\n".join(map(_escaped, lines))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _described(one: Found) -> str:
    finding = one.finding
    content: dict[str, Any] = {"id": finding.id, "label": finding.label}
    if finding.HasField("confidence"):
        content["confidence"] = round(finding.confidence, 4)
    shape = str(one.shape)
    content[shape] = MessageToDict(getattr(finding, shape), always_print_fields_with_no_presence=True)
    # An arrow would end the cue.
    payload = json.dumps(content, ensure_ascii=False).replace(">", "\\u003e")
    end_s = max(one.end_s, one.start_s + 0.001)
    return f"{_times(one.start_s, end_s)}\n{payload}"
