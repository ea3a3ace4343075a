"""speech_transcription beside faster-whisper called directly with the same weights: processor time, and words.

Both read the file themselves, with one thread: ours on the whole road, embedded. First sentences alone, then sentences
in a row of one language (30, 60 and 120 s), in interleaved pairs. Then half an hour of sentences in a row: memory, the
order of the words, and what the seams between parts lose or say twice. `--batched` adds faster-whisper's batched
inference beside its own sequential one.

    python -m bench transcription [--repeat 3] [--long-minutes 30] [--part-seconds 600] [--model NAME] [--batched]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.common import clips
from bench.common.batched_speech import measure_batched
from bench.common.footprint import Footprint
from bench.common.long_speech import RATE_HZ, difference_of, near_seams, write_long
from bench.common.machine import use_cores
from bench.common.runs import analyzed, embedded_here, loaded
from bench.common.scores import words
from bench.common.sheet import Row, Sheet, options
from bench.common.speech_pairs import measure_pairs, text_of, told_groups
from bench.common.standalone import SpeechByFasterWhisper, sound_of
from services.common.device import limit_threads

if TYPE_CHECKING:
    from reelscribe.analyst import Analyst
    from reelscribe.v1.finding_pb2 import Finding

NAME = "speech_transcription"
NEAR_SEAM_S = 2.0
"""What both parts hear: farther away no seam can lose or double a word."""

MIB = 1 << 20


def main() -> int:
    """Measure, print, write."""
    parser = options(__doc__.splitlines()[0], repeat=3)
    parser.add_argument("--long-minutes", type=float, default=30.0, help="length of the long clip; 0: without it")
    parser.add_argument("--part-seconds", type=float, default=600.0, help="length of its parts: shorter, more seams")
    parser.add_argument("--model", default="faster-whisper-base", help="our weights; with others, only the long clip")
    parser.add_argument("--batched", action="store_true", help="also measure faster-whisper's batched inference")
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
            "voice detector": "Silero VAD in both arms: ours once over the whole file, faster-whisper's own vad_filter",
            "threads": 1,
            "batched": "no: faster-whisper's batched inference is used by neither arm",
            "weights": arguments.model,
            "pairs": 1 if arguments.tiny else arguments.repeat,
        }
        asyncio.run(_measure(sheet, data / "media", core_count, arguments))
    sheet.write(arguments.out)
    return 0


async def _measure(sheet: Sheet, media: Path, core_count: int, arguments: argparse.Namespace) -> None:
    told = {file: file.with_suffix(".txt").read_text() for file in sorted((media / "audio" / "fleurs").glob("*.ogg"))}
    values = {"transcript": {"model": arguments.model}}
    async with embedded_here(core_count, [NAME], sample_part_s=arguments.part_seconds, values=values) as analyst:
        await loaded(analyst, [NAME])
        if arguments.model == SpeechByFasterWhisper.weights:
            repeat = 1 if sheet.tiny else arguments.repeat
            with tempfile.TemporaryDirectory() as folder:
                groups = told_groups(told, Path(folder), tiny=sheet.tiny)
                await measure_pairs(sheet, analyst, SpeechByFasterWhisper(1), groups, repeat)
        if arguments.long_minutes and not sheet.tiny:
            english = [file for file in told if file.stem.startswith("fleurs-en")]
            await _long(sheet, analyst, english, 60 * arguments.long_minutes, arguments.part_seconds)
    if arguments.batched:
        measure_batched(sheet, told, media / "audio" / "jfk.flac")


# Half an hour


async def _long(sheet: Sheet, analyst: Analyst, files: Sequence[Path], long_s: float, part_s: float) -> None:
    sounds = []
    for file in files:
        alone = (await analyzed(analyst, file, [NAME])).report.results[0].findings
        sounds.append((sound_of(file), words(text_of(alone))))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.wav"
        sentences = write_long(path, sounds, length_s=long_s, part_s=part_s)
        with Footprint({"all": psutil.Process()}, Path(folder)) as footprint:
            run = await analyzed(analyst, path, [NAME])
    heard = _words(run.report.results[0].findings)
    near = near_seams(sentences, part_s=part_s, within_s=NEAR_SEAM_S)
    far = [each for each in sentences if not any(each is other for other in near)]
    table: list[Row] = []
    for what, chosen in ((f"within {NEAR_SEAM_S:g} s of a seam", near), ("elsewhere", far)):
        found = difference_of(chosen, heard)
        count = sum(len(each.known) for each in chosen)
        table.append({"of": what, "sentences": len(chosen), "words": count, **asdict(found)})
    sheet.table(f"{long_s / 60:g} minutes in parts of {part_s:g} s, each sentence against itself read alone", table)
    idle_bytes = footprint.samples[0].total_bytes
    sheet.table(
        "Memory and time of the long clip",
        [
            {
                "length_s": long_s,
                "parts": -(-long_s // part_s),
                "cpu_s": run.cpu_s,
                "before_MiB": idle_bytes / MIB,
                "grown_MiB": (footprint.peak_process_bytes - idle_bytes) / MIB,
                "media_MiB": run.report.decoding.peak_media_bytes / MIB,
                "file_MiB": long_s * RATE_HZ * 2 / MIB,
            }
        ],
    )
    disorder = sum(after < before for (before, _), (after, _) in pairwise(heard))
    sheet.goal("words that start before the one before them", disorder, "==", 0)
    at_seams = difference_of(near, heard)
    sheet.goal("words twice near seams", at_seams.doubled, "==", 0)
    sheet.goal("words lost near seams", at_seams.lost, "==", 0)


def _words(findings: Sequence[Finding]) -> list[tuple[float, str]]:
    """(start_s, plain word) in the order of the report; one that is written as two counts twice."""
    from services.common.time import span_s

    return [
        (span_s(word.span)[0], plain)
        for finding in findings
        for word in finding.text.words
        for plain in words(word.content)
    ]


if __name__ == "__main__":
    raise SystemExit(main())
