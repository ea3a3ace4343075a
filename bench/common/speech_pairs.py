"""Our transcription and faster-whisper on the same clips in turns: sentences alone, and sentences in a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.common import clips
from bench.common.long_speech import PAUSE_S, write_long
from bench.common.pairs import ratio, spent
from bench.common.runs import analyzed
from bench.common.scores import edit_distance, words
from bench.common.sheet import Row, Sheet
from bench.common.standalone import SpeechByFasterWhisper, sound_of

if TYPE_CHECKING:
    from reelscribe.analyst import Analyst
    from reelscribe.v1.finding_pb2 import Finding

NAME = "speech_transcription"
CPU_GOAL = 1.10
WORD_ERROR_GOAL = 0.01
"""More than faster-whisper's own, of all words."""

ROW_LENGTHS_S = (30.0, 60.0, 120.0)
"""A reel, and twice and four times as long."""

LANGUAGES = ("de", "en")
ALONE = "sentences alone"


@dataclass(slots=True, kw_only=True)
class _Pairs:
    """What one clip cost and what was read of it, pair by pair."""

    word_count: int
    ours_s: list[float] = field(default_factory=list)
    alone_s: list[float] = field(default_factory=list)
    errors: int = 0
    errors_alone: int = 0


def told_groups(told: Mapping[Path, str], folder: Path, *, tiny: bool) -> dict[str, dict[Path, str]]:
    """Clips with what is said in them: the sentences as they are, then rows of them written into `folder`.

    A row goes round the sentences of its language until it is long enough; a tiny one is two sentences.
    """
    groups = {ALONE: dict(list(told.items())[:1]) if tiny else dict(told)}
    for language in LANGUAGES[:1] if tiny else LANGUAGES:
        sounds = [
            (sound_of(file), words(text)) for file, text in told.items() if file.stem.startswith(f"fleurs-{language}")
        ]
        for length_s in (PAUSE_S * 5,) if tiny else ROW_LENGTHS_S:
            path = folder / f"row-{language}-{length_s:g}s.wav"
            sentences = write_long(path, sounds, length_s=length_s, part_s=float("inf"))
            text = " ".join(word for sentence in sentences for word in sentence.known)
            groups[f"in a row, {language}, {length_s:g} s"] = {path: text}
    return groups


async def measure_pairs(
    sheet: Sheet, analyst: Analyst, tool: SpeechByFasterWhisper, groups: Mapping[str, Mapping[Path, str]], repeat: int
) -> None:
    """A table of the clips, and for each group the median ratio of processor time, with the errors of both."""
    rows: list[Row] = []
    measured: dict[str, list[_Pairs]] = {}
    for group, told in groups.items():
        measured[group] = []
        for file, text in told.items():
            pairs = await _measured(analyst, tool, file, words(text), repeat)
            measured[group].append(pairs)
            rows.append({"clip": file.stem, "length_s": clips.length_of(file), **_row(pairs)})
    sheet.table("Each clip", rows)
    for group, found in measured.items():
        ours_s = [each for pairs in found for each in pairs.ours_s]
        alone_s = [each for pairs in found for each in pairs.alone_s]
        sheet.goal(f"processor time, ours / faster-whisper, {group}", ratio(ours_s, alone_s).median, "<=", CPU_GOAL)
        errors, errors_alone, count = _errors(found)
        more = (errors - errors_alone) / count
        sheet.goal(f"word errors more than faster-whisper's, of all words, {group}", more, "<=", WORD_ERROR_GOAL)
        sheet.note(f"{group}: word errors of {count} words: ours {errors}, faster-whisper {errors_alone}")


async def _measured(
    analyst: Analyst, tool: SpeechByFasterWhisper, file: Path, wanted: Sequence[str], repeat: int
) -> _Pairs:
    pairs = _Pairs(word_count=len(wanted))
    for turn in range(repeat):
        for arm in ("ours", "alone")[:: 1 if turn % 2 == 0 else -1]:
            if arm == "ours":
                run = await analyzed(analyst, file, [NAME])
                pairs.ours_s.append(run.cpu_s)
                pairs.errors = edit_distance(wanted, words(text_of(run.report.results[0].findings)))
            else:
                with spent() as cost:
                    read = tool.run(file)
                pairs.alone_s.append(cost.cpu_s)
                pairs.errors_alone = edit_distance(wanted, words(read))
    return pairs


def text_of(findings: Sequence[Finding]) -> str:
    """What they say, in their order."""
    return " ".join(finding.text.content for finding in findings)


def _row(pairs: _Pairs) -> Row:
    return {
        "cpu_s": sum(pairs.ours_s) / len(pairs.ours_s),
        "cpu_s, faster-whisper": sum(pairs.alone_s) / len(pairs.alone_s),
        "cpu, ours / faster-whisper": str(ratio(pairs.ours_s, pairs.alone_s)),
        "errors": pairs.errors,
        "errors, faster-whisper": pairs.errors_alone,
        "words": pairs.word_count,
    }


def _errors(found: Sequence[_Pairs]) -> tuple[int, int, int]:
    """(ours, faster-whisper's, words) over all clips of a group."""
    return (
        sum(each.errors for each in found),
        sum(each.errors_alone for each in found),
        sum(each.word_count for each in found),
    )
