"""speech_transcription beside faster-whisper called directly with the same weights: processor time, and words.

Both read the file themselves, with one thread: ours on the whole road, embedded. Then half an hour of read sentences,
one after another: memory, the order of the words, and what the seams between parts lose or say twice.

    python -m bench transcription [--repeat 3] [--long-minutes 30]
"""

from __future__ import annotations

import asyncio
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import psutil

from bench.common import clips
from bench.common.footprint import Footprint
from bench.common.machine import use_cores
from bench.common.pairs import ratio, spent
from bench.common.runs import analyzed, embedded_here, loaded
from bench.common.scores import edit_distance, words
from bench.common.sheet import Row, Sheet, options
from bench.common.standalone import SpeechByFasterWhisper, sound_of
from services.common.device import limit_threads

if TYPE_CHECKING:
    from reelscribe.analyst import Analyst
    from reelscribe.v1.finding_pb2 import Finding

NAME = "speech_transcription"
CPU_GOAL = 1.10
WORD_ERROR_GOAL = 0.01
"""More than faster-whisper's own, of all words."""

RATE_HZ = 16000
PAUSE_S = 1.3
"""Between two sentences of the long clip."""

PART_S = 600.0
"""Length of a part of sound by default: where the long clip has its seams."""

NEAR_SEAM_S = 15.0
MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One of the long clip, and what is read of it."""

    start_s: float
    end_s: float
    text: str


def main() -> int:
    """Measure, print, write."""
    parser = options(__doc__.splitlines()[0], repeat=3)
    parser.add_argument("--long-minutes", type=float, default=30.0, help="length of the long clip; 0: without it")
    arguments = parser.parse_args()
    core_count = use_cores(arguments.cores)
    limit_threads(1)
    from services.common.logs import set_up_logs

    set_up_logs("console", "error")
    sheet = Sheet(benchmark="transcription", title="words and what they cost", tiny=arguments.tiny)
    data = clips.test_data()
    if data is None:
        sheet.note("no test data: nothing is measured")
    else:
        sheet.conditions |= {
            "ours": "embedded, speech_transcription alone, all of this process: decoding, gateway, voice detector",
            "standalone": SpeechByFasterWhisper(1).name,
            "batched": "no: faster-whisper's batched inference is used by neither arm",
            "pairs": 1 if arguments.tiny else arguments.repeat,
        }
        long_s = 0.0 if arguments.tiny else 60 * arguments.long_minutes
        asyncio.run(_measure(sheet, data / "media", core_count, 1 if arguments.tiny else arguments.repeat, long_s))
    sheet.write(arguments.out)
    return 0


async def _measure(sheet: Sheet, media: Path, core_count: int, repeat: int, long_s: float) -> None:
    tool = SpeechByFasterWhisper(1)
    told = {file: file.with_suffix(".txt").read_text() for file in sorted((media / "audio" / "fleurs").glob("*.ogg"))}
    async with embedded_here(core_count, [NAME]) as analyst:
        await loaded(analyst, [NAME])
        await _pairs(sheet, analyst, tool, dict(list(told.items())[:1]) if sheet.tiny else told, repeat)
        if long_s:
            english = {file: text for file, text in told.items() if file.stem.startswith("fleurs-en")}
            await _long(sheet, analyst, list(english), long_s)


# Pairs


async def _pairs(
    sheet: Sheet, analyst: Analyst, tool: SpeechByFasterWhisper, told: dict[Path, str], repeat: int
) -> None:
    rows: list[Row] = []
    ours_s: list[float] = []
    alone_s: list[float] = []
    errors, errors_alone, count = 0, 0, 0
    for file, text in told.items():
        ours: list[float] = []
        alone: list[float] = []
        for turn in range(repeat):
            for arm in ("ours", "alone")[:: 1 if turn % 2 == 0 else -1]:
                if arm == "ours":
                    run = await analyzed(analyst, file, [NAME])
                    ours.append(run.cpu_s)
                    read = _text(run.report.results[0].findings)
                else:
                    with spent() as cost:
                        read_alone = tool.run(file)
                    alone.append(cost.cpu_s)
        wanted = words(text)
        count += len(wanted)
        errors += (wrong := edit_distance(wanted, words(read)))
        errors_alone += (wrong_alone := edit_distance(wanted, words(read_alone)))
        ours_s += ours
        alone_s += alone
        rows.append(
            {
                "clip": file.stem,
                "length_s": clips.length_of(file),
                "cpu, ours / faster-whisper": str(ratio(ours, alone)),
                "errors": wrong,
                "errors, faster-whisper": wrong_alone,
                "words": len(wanted),
            }
        )
    sheet.table("Each clip", rows)
    whole = ratio(ours_s, alone_s)
    sheet.goal("processor time, ours / faster-whisper, median of all pairs", whole.median, "<=", CPU_GOAL)
    sheet.goal(
        "word errors more than faster-whisper's, of all words", (errors - errors_alone) / count, "<=", WORD_ERROR_GOAL
    )
    sheet.note(f"word errors of {count} words: ours {errors}, faster-whisper {errors_alone}")


# Half an hour


async def _long(sheet: Sheet, analyst: Analyst, files: Sequence[Path], long_s: float) -> None:
    alone = {file: _text((await analyzed(analyst, file, [NAME])).report.results[0].findings) for file in files}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.wav"
        sentences = _write_long(path, files, alone, long_s)
        with Footprint({"all": psutil.Process()}, Path(folder)) as footprint:
            run = await analyzed(analyst, path, [NAME])
    findings = run.report.results[0].findings
    heard = _words(findings)
    starts_s = [start_s for start_s, _ in heard]
    near = [each for each in sentences if _seam_distance_s(each) < NEAR_SEAM_S]
    rows = [
        _compared(heard, sentences, "all sentences"),
        _compared(heard, near, f"within {NEAR_SEAM_S:g} s of a seam"),
    ]
    sheet.table(f"{long_s / 60:g} minutes, each sentence against the same one read alone", rows)
    idle_bytes = footprint.samples[0].total_bytes
    sheet.table(
        "Memory and time of the long clip",
        [
            {
                "length_s": long_s,
                "parts": -(-long_s // PART_S),
                "cpu_s": run.cpu_s,
                "before_MiB": idle_bytes / MIB,
                "grown_MiB": (footprint.peak_process_bytes - idle_bytes) / MIB,
                "media_MiB": run.report.decoding.peak_media_bytes / MIB,
                "file_MiB": long_s * RATE_HZ * 2 / MIB,
            }
        ],
    )
    sheet.goal(
        "words that start before the one before them",
        sum(after < before for before, after in pairwise(starts_s)),
        "==",
        0,
    )
    sheet.goal("words at seams, more or less than read alone", rows[1]["words more or less"], "==", 0)  # type: ignore[arg-type]


def _compared(heard: Sequence[tuple[float, str]], sentences: Sequence[Sentence], what: str) -> Row:
    differences = [
        (words(each.text), [word for start_s, word in heard if _within(start_s, each)]) for each in sentences
    ]
    return {
        "of": what,
        "sentences": len(sentences),
        "words": sum(len(alone) for alone, _ in differences),
        "words more or less": sum(abs(len(alone) - len(read)) for alone, read in differences),
        "words different": sum(edit_distance(alone, read) for alone, read in differences),
    }


def _write_long(path: Path, files: Sequence[Path], alone: dict[Path, str], long_s: float) -> list[Sentence]:
    sounds: dict[Path, npt.NDArray[np.float32]] = {file: sound_of(file) for file in files}
    sentences: list[Sentence] = []
    at_s = 0.0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        while at_s < long_s:
            source = files[len(sentences) % len(files)]
            silence = np.zeros(round(PAUSE_S * RATE_HZ), np.float32)
            samples = np.concatenate([sounds[source], silence])
            file.writeframes((samples * 32767).astype("<i2").tobytes())
            end_s = at_s + len(samples) / RATE_HZ
            sentences.append(Sentence(start_s=at_s, end_s=end_s, text=alone[source]))
            at_s = end_s
    return sentences


def _words(findings: Sequence[Finding]) -> list[tuple[float, str]]:
    """(start_s, plain word) in the order of the report; one that is written as two counts twice."""
    from services.common.time import span_s

    return [
        (span_s(word.span)[0], plain)
        for finding in findings
        for word in finding.text.words
        for plain in words(word.content)
    ]


def _within(start_s: float, sentence: Sentence) -> bool:
    return sentence.start_s <= start_s < sentence.end_s


def _seam_distance_s(sentence: Sentence) -> float:
    seam_s = max(1, round(sentence.start_s / PART_S)) * PART_S
    return max(sentence.start_s - seam_s, seam_s - sentence.end_s, 0.0)


def _text(findings: Sequence[Finding]) -> str:
    return " ".join(finding.text.content for finding in findings)


if __name__ == "__main__":
    raise SystemExit(main())
