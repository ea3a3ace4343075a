"""Compares a report with what is truly in the clip it is about."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

CUT_TOLERANCE_S = 0.05
"""One and a half frames at 30 per second: within one frame, whatever way the times were rounded."""

CAPTION_TOLERANCE_S = 0.3
"""A caption may seem to begin or end this much early or late and still be on time."""

CHARACTER_ERROR_LIMIT = 0.1
"""Share of wrong characters up to which a text counts as read."""

WORD_ERROR_LIMIT = 0.1
"""Share of wrong words up to which the speech counts as understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing compared; `detail` is the short text to print, as in "5/5 cuts found"."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One finding of a report; `text` is empty where it has none."""

    start_s: float
    end_s: float
    label: str
    text: str


def truth_check(report_json: dict[str, Any], truth: dict[str, Any]) -> list[Check]:
    """Cuts, captions, title, speech, objects: one check each, of those whose analyzer is in the report.

    `report_json` is the public JSON of a report, `truth` the JSON beside the demo clip (or one of its shape).
    """
    seen = {
        result["analyzer"]: [_seen(finding) for finding in result.get("findings", [])]
        for result in report_json.get("results", [])
    }
    wanted = (
        ("cut_analysis", "hard_cuts_s", _check_cuts),
        ("text_overlay", "burned_captions", _check_captions),
        ("text_overlay", "title_text", _check_title),
        ("speech_transcription", "speech", _check_speech),
        ("object_detection", "objects", _check_objects),
    )
    return [check(seen[name], truth[key]) for name, key, check in wanted if name in seen and truth.get(key)]


def _seen(finding: dict[str, Any]) -> _Seen:
    span = finding["span"]
    return _Seen(
        start_s=_seconds(span["startOffset"]),
        end_s=_seconds(span["endOffset"]),
        label=finding.get("label", ""),
        text=finding.get("text", {}).get("content", ""),
    )


def _seconds(duration: str) -> float:
    """ "5.967s" to 5.967."""
    return float(duration.removesuffix("s"))


def _check_cuts(seen: Sequence[_Seen], cuts_s: Sequence[float]) -> Check:
    found_s = [one.start_s for one in seen if one.label == "hard_cut"]
    hits = sum(_near_any(cut, found_s) for cut in cuts_s)
    false = sum(not _near_any(found, cuts_s) for found in found_s)
    detail = f"{hits}/{len(cuts_s)} cuts found" + (f", {false} false" if false else "")
    return Check(name="cuts", ok=hits == len(cuts_s) and not false, detail=detail)


def _near_any(time_s: float, others_s: Iterable[float]) -> bool:
    return any(abs(time_s - other) <= CUT_TOLERANCE_S for other in others_s)


def _check_captions(seen: Sequence[_Seen], captions: Sequence[dict[str, Any]]) -> Check:
    readings = [_readings(seen, caption) for caption in captions]
    read = sum(bool(found) for found in readings)
    timed = sum(any(_on_time(one, caption) for one in found) for found, caption in zip(readings, captions, strict=True))
    detail = f"{read}/{len(captions)} captions read, {timed} of them within {CAPTION_TOLERANCE_S} s"
    return Check(name="captions", ok=timed == len(captions), detail=detail)


def _check_title(seen: Sequence[_Seen], title: dict[str, Any]) -> Check:
    found = bool(_readings(seen, title))
    return Check(name="title", ok=found, detail="title read" if found else "title not read")


def _readings(seen: Sequence[_Seen], written: dict[str, Any]) -> list[_Seen]:
    """Findings that say these words and overlap the time in which they are on screen."""
    wanted = _letters(written["text"])
    allowed = CHARACTER_ERROR_LIMIT * len(wanted)
    return [one for one in seen if _overlap(one, written) and edits(_letters(one.text), wanted) <= allowed]


def _overlap(one: _Seen, part: dict[str, Any]) -> bool:
    return bool(one.start_s < part["end_s"] and part["start_s"] < one.end_s)


def _on_time(one: _Seen, part: dict[str, Any]) -> bool:
    late_s = max(abs(one.start_s - part["start_s"]), abs(one.end_s - part["end_s"]))
    return bool(late_s <= CAPTION_TOLERANCE_S)


def _check_speech(seen: Sequence[_Seen], sentences: Sequence[dict[str, Any]]) -> Check:
    heard = _words(" ".join(one.text for one in sorted(seen, key=lambda one: one.start_s)))
    spoken = _words(" ".join(sentence["text"] for sentence in sentences))
    wrong = edits(heard, spoken)
    detail = f"{max(len(spoken) - wrong, 0)}/{len(spoken)} words understood"
    return Check(name="speech", ok=wrong <= WORD_ERROR_LIMIT * len(spoken), detail=detail)


def _check_objects(seen: Sequence[_Seen], objects: Sequence[dict[str, Any]]) -> Check:
    found = sum(any(one.label == thing["label"] and _overlap(one, thing) for one in seen) for thing in objects)
    return Check(name="objects", ok=found == len(objects), detail=f"{found}/{len(objects)} objects seen")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _letters(text: str) -> str:
    """Letters and digits with single spaces: line breaks, case and punctuation do not count."""
    return " ".join(_words(text))


def edits(found: Sequence[Hashable], wanted: Sequence[Hashable]) -> int:
    """The fewest insertions, deletions and replacements that turn one sequence into the other."""
    row = list(range(len(wanted) + 1))
    for position, item in enumerate(found, start=1):
        diagonal, row[0] = row[0], position
        for index, target in enumerate(wanted, start=1):
            replaced = diagonal + (item != target)
            diagonal = row[index]
            row[index] = min(replaced, row[index] + 1, row[index - 1] + 1)
    return row[-1]
