"""Insights on real clips with real weights: evidence that resolves, what they may claim, and twice the same report."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import av
import numpy as np
import pytest
from google.protobuf.json_format import MessageToDict

from bench.common.photos import photos
from gateway.insights import INSIGHTS
from reelscribe.analyst import Analyst, Assembler
from reelscribe.embedded import embedded
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import Verdict
from services.common.settings import MediaSettings, Settings
from services.common.time import seconds, span_s
from tests.clips import Pictures, Sound, every, write_clip

LOOKING = ("cut_analysis", "object_detection", "text_overlay", "speech_transcription", "audio_environment")
CLIPS = ("mdn_friday.mp4", "psd_fades.mp4", "grid_brbk7n.mpg")
WITH_PEOPLE = ("mdn_friday.mp4", "grid_brbk7n.mpg")
TWICE = "grid_brbk7n.mpg"
STILL_S = 6.0

OWN_TO_A_RUN = {"analysisId", "createTime", "wallDuration", "cpuDuration", "gpuDuration", "criticalPath"}
"""Fields of a report that say which run it was, and what that took or was waited for."""


@pytest.fixture(scope="module")
def reports(media_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Report]:
    """By clip; one clip a second time, in a system that was started anew. And two made ones: a picture under music,
    and nothing at all."""
    folder = tmp_path_factory.mktemp("insights")
    made = {"still": _still_with_music(folder / "still.mkv", media_dir), "black": _black(folder / "black.mkv")}
    real = {name: media_dir / "video" / name for name in CLIPS}

    async def run() -> dict[str, Report]:
        settings = Settings(media=MediaSettings(directory=folder / "media"))
        names = (*LOOKING, *(insight.name for insight in INSIGHTS))
        async with embedded(settings, analyzers=names) as analyst:
            found = {name: await _report(analyst, path, names) for name, path in (real | made).items()}
        async with embedded(settings, analyzers=names) as analyst:
            found["again"] = await _report(analyst, real[TWICE], names)
        return found

    return asyncio.run(run())


async def _report(analyst: Analyst, clip: Path, names: tuple[str, ...]) -> Report:
    assembler = Assembler()
    async for event in analyst.analyze(clip, analyzers=names):
        assembler.take(event)
    return assembler.report


def _still_with_music(path: Path, media_dir: Path) -> Path:
    photo = np.ascontiguousarray(photos()["coffee"][:384, :512])
    with av.open(str(media_dir / "audio" / "music_vibe_ace.ogg")) as music:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=48000)
        blocks = [made.to_ndarray()[0] for frame in music.decode(audio=0) for made in resampler.resample(frame)]
    samples = np.concatenate(blocks)[: int(STILL_S * 48000), None].astype(np.float32)
    pictures = Pictures(times_s=every(10, STILL_S), rate_hz=10, rgb=photo, width_px=512, height_px=384)
    return write_clip(path, pictures, Sound(blocks=[(0.0, samples)]))


def _black(path: Path) -> Path:
    black = np.zeros((384, 512, 3), np.uint8)
    pictures = Pictures(times_s=every(10, STILL_S), rate_hz=10, rgb=black, width_px=512, height_px=384)
    return write_clip(path, pictures, Sound(blocks=[(0.0, np.zeros((int(STILL_S * 48000), 1), np.float32))]))


def _result(report: Report, analyzer: str) -> AnalyzerResult:
    return next(result for result in report.results if result.analyzer == analyzer)


def _concluded(report: Report) -> Iterator[Finding]:
    for insight in INSIGHTS:
        yield from _result(report, insight.name).findings


@pytest.mark.parametrize("clip", CLIPS)
def test_every_insight_rests_on_findings_of_the_report(reports: Mapping[str, Report], clip: str):
    report = reports[clip]
    known = {finding.id for result in report.results for finding in result.findings}
    assert list(_concluded(report))
    for finding in _concluded(report):
        assert finding.evidence_ids, finding.id
        assert known.issuperset(finding.evidence_ids), finding.id


@pytest.mark.parametrize("clip", CLIPS)
def test_every_insight_says_how_it_ended(reports: Mapping[str, Report], clip: str):
    for insight in INSIGHTS:
        result = _result(reports[clip], insight.name)
        assert result.service == "gateway"
        assert result.status in (Status.STATUS_OK, Status.STATUS_EMPTY, Status.STATUS_SKIPPED)
        assert (result.status == Status.STATUS_OK) == bool(result.findings)
        assert (result.status == Status.STATUS_SKIPPED) == result.HasField("reason")


@pytest.mark.parametrize("clip", CLIPS)
def test_phases_tile_a_real_video(reports: Mapping[str, Report], clip: str):
    report = reports[clip]
    phases = [finding for finding in _concluded(report) if finding.WhichOneof("shape") == "phase"]
    edges = sorted(edge for phase in phases for edge in span_s(phase.span))
    assert edges[0] == 0.0
    assert edges[-1] == pytest.approx(seconds(report.video.duration))
    assert edges[1:-1:2] == edges[2:-1:2]


def test_two_people_who_speak_are_seen(reports: Mapping[str, Report]):
    """The scene from the film shows whom one hears."""
    checks = [item.cross_check for item in _concluded(reports["mdn_friday.mp4"]) if item.label == "speaker_on_screen"]
    assert checks
    assert {check.verdict for check in checks} == {Verdict.VERDICT_AGREES}


def test_without_sound_nothing_is_said_of_speech(reports: Mapping[str, Report]):
    report = reports["psd_fades.mp4"]
    assert not any("speech" in finding.label or "speaker" in finding.label for finding in _concluded(report))
    (curve,) = [item.pacing_curve for item in _concluded(report) if item.label == "pacing_curve"]
    assert "speech" not in {component.name for component in curve.components}


def test_music_over_a_still_picture_and_nothing_at_all_cannot_be_retold(reports: Mapping[str, Report]):
    assert _result(reports["still"], "audio_environment").status == Status.STATUS_OK
    assert _result(reports["still"], "object_detection").status == Status.STATUS_OK
    assert reports["still"].completeness.score < 0.30
    assert reports["black"].completeness.score < 0.05
    assert min(reports[clip].completeness.score for clip in WITH_PEOPLE) > reports["still"].completeness.score
    assert {item.kind for item in reports["black"].completeness.shortfalls} >= {"speech", "screen_text", "description"}


def test_the_same_clip_gives_the_same_report(reports: Mapping[str, Report]):
    once, again = (_plain(MessageToDict(reports[name])) for name in (TWICE, "again"))
    assert once == again
    assert once["summary"]["findingCount"] > 5


def _plain(value: object) -> object:
    """Without what is a run's own."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items() if name not in OWN_TO_A_RUN}
    return [_plain(item) for item in value] if isinstance(value, list) else value
