"""Speech on the whole road in short parts: where they meet, no word is lost, and none said twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from bench.common.long_speech import Sentence, difference_of, near_seams, write_long
from bench.common.scores import words
from reelscribe.analyst import Assembler
from reelscribe.embedded import embedded
from reelscribe.v1.finding_pb2 import Finding
from services.common.errors import WeightsNotInstalled
from services.common.settings import GatewaySettings, MediaSettings, Settings
from services.common.time import span_s
from services.common.weights import locate
from tests.windows import samples_of_file

SPEECH = "speech_transcription"
MODEL = "faster-whisper-tiny.en"
PART_S = 11.0
SEAMS_S = (11.0, 22.0, 33.0)


@pytest.fixture(scope="module")
def clip(media_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Sentence]]:
    """Sentences that differ, 36 s; at 11, 22 and 33 s one is being said."""
    try:
        locate(MODEL)
    except WeightsNotInstalled as missing:
        pytest.skip(f"{missing}: {missing.fix}")
    files = [media_dir / "audio" / "fleurs" / f"fleurs-en-{name}.ogg" for name in ("000", "001", "006", "009")]
    sounds = [(samples_of_file(file), words(file.with_suffix(".txt").read_text())) for file in files]
    path = tmp_path_factory.mktemp("seams") / "row.wav"
    return path, write_long(path, sounds, length_s=34.0, part_s=PART_S)


def read(path: Path, folder: Path, part_s: float) -> list[Finding]:
    settings = Settings(
        media=MediaSettings(directory=folder / "media"),
        gateway=GatewaySettings(sample_part_s=part_s),
        analyzers={"transcript": {"model": MODEL}},
    )

    async def run() -> list[Finding]:
        assembler = Assembler()
        async with embedded(settings, analyzers=[SPEECH]) as analyst:
            async for event in analyst.analyze(path, analyzers=[SPEECH]):
                assembler.take(event)
        return list(assembler.report.results[0].findings)

    return asyncio.run(run())


@pytest.fixture(scope="module")
def in_parts(clip: tuple[Path, list[Sentence]], tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    return read(clip[0], tmp_path_factory.mktemp("parts"), PART_S)


def heard(findings: Sequence[Finding]) -> list[tuple[float, str]]:
    return [
        (span_s(word.span)[0], plain)
        for finding in findings
        for word in finding.text.words
        for plain in words(word.content)
    ]


def test_no_word_is_lost_or_said_twice_where_parts_meet(
    clip: tuple[Path, list[Sentence]], in_parts: list[Finding], tmp_path: Path
) -> None:
    """Against what is known to be said, no more errors than the same sound read as one part has."""
    path, sentences = clip
    assert len(near_seams(sentences, part_s=PART_S, within_s=0.0)) == len(SEAMS_S)
    unsplit, split = heard(read(path, tmp_path, 600.0)), heard(in_parts)
    assert all(before <= after for (before, _), (after, _) in pairwise(split))
    found, usual = difference_of(sentences, split), difference_of(sentences, unsplit)
    assert found.doubled == 0
    assert found.lost <= usual.lost
    assert found.added + found.lost + found.otherwise <= usual.added + usual.lost + usual.otherwise


def test_an_utterance_goes_on_over_a_seam(in_parts: list[Finding]) -> None:
    """Its two halves were two utterances."""
    spans = [span_s(finding.span) for finding in in_parts]
    across = [
        seam_s for seam_s in SEAMS_S if any(start_s < seam_s - 0.1 < seam_s + 0.1 < end_s for start_s, end_s in spans)
    ]
    assert across == list(SEAMS_S)
    for finding in in_parts:
        assert finding.text.content == " ".join(word.content for word in finding.text.words)
