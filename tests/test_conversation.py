"""A conversation of two readers on the whole road: whose words they are, also where parts of the sound meet."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.common.conversations import Conversation, conversations, written
from bench.common.diarization import Said, diarization_error
from reelscribe.analyst import Assembler
from reelscribe.embedded import embedded
from reelscribe.report.glance import glance
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding
from services.common.errors import WeightsNotInstalled
from services.common.settings import GatewaySettings, MediaSettings, Settings
from services.common.weights import locate
from tests.services.audio.hearing import times, word_errors
from tests.windows import samples_of_file

SPEECH, TURNS = "speech_transcription", "speaker_turns"
MODEL = {"transcript": {"model": "faster-whisper-tiny.en"}}
WEIGHTS = ("faster-whisper-tiny.en", "pyannote-segmentation-3.0", "wespeaker-resnet34")


@pytest.fixture(scope="module")
def talk(media_dir: Path) -> Conversation:
    for name in WEIGHTS:
        try:
            locate(name)
        except WeightsNotInstalled as missing:
            pytest.skip(f"{missing}: {missing.fix}")
    return next(iter(conversations(media_dir / "audio", samples_of_file)))


@pytest.fixture(scope="module")
def clip(talk: Conversation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(talk, tmp_path_factory.mktemp("talk"))


def report_of(clip: Path, folder: Path, *names: str, part_s: float = 600.0) -> Report:
    settings = Settings(
        media=MediaSettings(directory=folder / "media"),
        gateway=GatewaySettings(sample_part_s=part_s),
        analyzers=MODEL,
    )

    async def run() -> Report:
        assembler = Assembler()
        async with embedded(settings, analyzers=names) as analyst:
            async for event in analyst.analyze(clip, analyzers=names):
                assembler.take(event)
        return assembler.report

    return asyncio.run(run())


@pytest.fixture(scope="module")
def whole(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_of(clip, tmp_path_factory.mktemp("whole"), SPEECH, TURNS)


@pytest.fixture(scope="module")
def in_parts(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_of(clip, tmp_path_factory.mktemp("parts"), SPEECH, TURNS, part_s=13.0)


def result_of(report: Report, name: str) -> AnalyzerResult:
    return next(result for result in report.results if result.analyzer == name)


def said(report: Report) -> list[Finding]:
    return list(result_of(report, SPEECH).findings)


def turns(report: Report) -> list[Said]:
    return [
        Said(start_s=times(finding)[0], end_s=times(finding)[1], speaker=str(finding.subject.speaker_id))
        for finding in result_of(report, TURNS).findings
    ]


def text(report: Report) -> str:
    return " ".join(finding.text.content for finding in said(report))


def test_every_utterance_is_its_readers(talk: Conversation, whole: Report) -> None:
    """Told by the truth of the mix: who speaks most of it."""
    assert diarization_error(talk.truth, turns(whole), talk.length_s).rate <= 0.15
    names: dict[int, str] = {}
    for finding in (each for each in said(whole) if each.subject.HasField("speaker_id")):
        start_s, end_s = times(finding)
        true = max(talk.truth, key=lambda one: min(one.end_s, end_s) - max(one.start_s, start_s)).speaker
        assert names.setdefault(finding.subject.speaker_id, true) == true
    assert sorted(names) == [1, 2]
    named = [finding.subject.HasField("speaker_id") for finding in said(whole)]
    assert sum(named) >= 0.5 * len(named)


def test_the_networks_are_named_in_the_report(whole: Report) -> None:
    assert {model.name for model in result_of(whole, TURNS).models} == {"silero-vad", *WEIGHTS[1:]}


def test_a_glance_says_who_says_what(whole: Report) -> None:
    lines = {section.title: [line.text for line in section.lines] for section in glance(whole)}
    assert lines["speech (en)"][0].startswith("speaker 1: ")
    assert lines["speakers"][0].startswith("speaker 1 for ")


def test_words_are_in_order_and_none_twice_where_parts_meet(whole: Report, in_parts: Report) -> None:
    starts_s = [word.span.start_offset.ToMilliseconds() for finding in said(in_parts) for word in finding.text.words]
    assert starts_s == sorted(starts_s)
    errors, count = word_errors(text(whole), text(in_parts))
    assert count > 60
    # A word that a seam cuts may be read as another; a sentence said twice would be ten more.
    assert errors <= 4


def test_speakers_keep_their_numbers_where_parts_meet(talk: Conversation, in_parts: Report) -> None:
    """As far as they speak in the lead-in; who does not gets a new number, never another's."""
    shared_s: dict[str, dict[str, float]] = {}
    for turn in turns(in_parts):
        for one in talk.truth:
            both_s = max(0.0, min(one.end_s, turn.end_s) - max(one.start_s, turn.start_s))
            of_number = shared_s.setdefault(turn.speaker, {})
            of_number[one.speaker] = of_number.get(one.speaker, 0.0) + both_s
    assert all(max(each.values()) >= 0.9 * sum(each.values()) for each in shared_s.values())
    assert sorted(shared_s) == [str(number) for number in range(1, len(shared_s) + 1)]
    over_a_seam = [turn for turn in turns(in_parts) if turn.start_s < 12.9 and turn.end_s > 13.1]
    assert len(over_a_seam) == 1
    assert over_a_seam[0].speaker == "1"


def test_without_weights_for_speakers_speech_is_read_all_the_same(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "faster-whisper-tiny.en").symlink_to(locate("faster-whisper-tiny.en").directory)
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(models))
    report = report_of(clip, tmp_path, SPEECH, TURNS)
    skipped = result_of(report, TURNS)
    assert (skipped.status, skipped.reason.code) == (Status.STATUS_SKIPPED, "weights_not_installed")
    assert skipped.reason.fix == "reelscribe models pull pyannote-segmentation-3.0"
    assert result_of(report, SPEECH).status == Status.STATUS_OK
    assert not any(finding.HasField("subject") for finding in said(report))
