"""The German vertical clip with exact ground truth, on real weights: embedded, and through the processes and NATS."""

from __future__ import annotations

import asyncio
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from jsonschema import Draft202012Validator

from reelscribe.analyst import Analyst, Assembler
from reelscribe.client import connect
from reelscribe.embedded import embedded
from reelscribe.report.formats.schema import report_schema
from reelscribe.report.json import to_json
from reelscribe.report.retelling.lines import second_lines
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Method, Status
from reelscribe.v1.finding_pb2 import Finding, TextKind
from reelscribe.v1.story_pb2 import Verdict
from services.common.settings import MediaSettings, Settings
from services.common.time import seconds, span_s
from tests.nats_server import NatsServer, nats_server  # noqa: F401  (a fixture)
from tests.ports import free_address

START_LIMIT_S = 180.0
"""Four processes that load their models at once on two busy cores."""

FRAME_S = 1 / 30
Truth = dict[str, Any]


async def _report(analyst: Analyst, clip: Path) -> Report:
    assembler = Assembler()
    async for event in analyst.analyze(clip):
        assembler.take(event)
    return assembler.report


@pytest.fixture(scope="module")
def truth(composite: Path) -> Truth:
    loaded: Truth = json.loads(composite.with_suffix("").with_suffix(".groundtruth.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def embedded_report(composite: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("embedded")

    async def run() -> Report:
        async with embedded(Settings(media=MediaSettings(directory=folder / "media"))) as analyst:
            return await _report(analyst, composite)

    report = asyncio.run(run())
    assert list((folder / "media").iterdir()) == []
    return report


class Processes:
    """`reelscribe up` with ports, subjects and directories of its own; ended by its process id."""

    def __init__(self, folder: Path, nats_url: str) -> None:
        self.address = free_address()
        self.folder = folder
        environment = {
            "REELSCRIBE_BUS__URL": nats_url,
            "REELSCRIBE_BUS__PREFIX": "composite",
            "REELSCRIBE_MEDIA__DIRECTORY": str(folder / "media"),
            "REELSCRIBE_GATEWAY__ADDRESS": self.address,
            "REELSCRIBE_GATEWAY__UPLOAD_DIRECTORY": str(folder / "uploads"),
            **{f"REELSCRIBE_{name}__ADDRESS": free_address() for name in ("VISION", "AUDIO", "VLM")},
        }
        self.log = (folder / "up.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reelscribe", "up"],
            env=os.environ | environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_ready(self) -> None:
        """Until the gateway and all three services are SERVING."""
        limit_s = time.monotonic() + START_LIMIT_S
        while not self._known_services() >= {"vision", "audio", "vlm"}:
            if self.process.poll() is not None or time.monotonic() > limit_s:
                raise RuntimeError(f"reelscribe up did not come up:\n{(self.folder / 'up.log').read_text()}")
            time.sleep(0.5)

    def stop(self) -> list[psutil.Process]:
        """One Ctrl-C; returns what is left of the tree."""
        tree = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(90)
        finally:
            left = [process for process in tree if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
            for process in left:
                process.kill()
            self.process.kill()
            self.log.close()
        return left

    def _known_services(self) -> set[str]:
        async def ask() -> set[str]:
            async with grpc.aio.insecure_channel(self.address) as channel:
                health = health_pb2_grpc.HealthStub(channel)
                await health.Check(health_pb2.HealthCheckRequest(), timeout=2)
            async with connect(self.address) as gateway:
                return {item.service for item in await gateway.analyzers()}

        try:
            return asyncio.run(ask())
        except Exception as error:  # not up yet, or still loading: asked again
            return {type(error).__name__}


@pytest.fixture(scope="module")
def processes_report(
    composite: Path,
    tmp_path_factory: pytest.TempPathFactory,
    nats_server: NatsServer,  # noqa: F811
) -> Report:
    folder = tmp_path_factory.mktemp("processes")
    processes = Processes(folder, nats_server.url)
    try:
        processes.wait_ready()

        async def run() -> Report:
            async with connect(processes.address) as gateway:
                return await _report(gateway, composite)

        report = asyncio.run(run())
    finally:
        left = processes.stop()
    assert left == []
    assert list((folder / "media").iterdir()) == []
    assert processes.process.returncode == 0, (folder / "up.log").read_text()
    return report


@pytest.fixture(scope="module", params=["embedded", "processes"])
def report(request: pytest.FixtureRequest) -> Report:
    chosen: Report = request.getfixturevalue(f"{request.param}_report")
    return chosen


def result_of(report: Report, analyzer: str) -> AnalyzerResult:
    return next(result for result in report.results if result.analyzer == analyzer)


def labelled(report: Report, analyzer: str, *labels: str) -> list[Finding]:
    return [finding for finding in result_of(report, analyzer).findings if finding.label in labels]


def words_of(text: str) -> list[str]:
    return re.sub(r"[^\wäöüß ]", "", text.casefold().replace("-", " ")).split()


def edit_distance(one: Sequence[Any], other: Sequence[Any]) -> int:
    row = list(range(len(other) + 1))
    for number, item in enumerate(one, 1):
        before, row[0] = row[0], number
        for column, against in enumerate(other, 1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (item != against))
    return row[-1]


def test_every_cut_is_found_within_a_frame_and_no_false_one(report: Report, truth: Truth):
    found = [span_s(finding.span)[0] for finding in labelled(report, "cut_analysis", "hard_cut")]
    assert len(found) == len(truth["hard_cuts_s"])
    for cut_s, true_s in zip(found, truth["hard_cuts_s"], strict=True):
        assert abs(cut_s - true_s) <= FRAME_S + 1e-3
    changes = [finding for finding in result_of(report, "cut_analysis").findings if finding.HasField("transition")]
    assert [finding.label for finding in changes] == ["hard_cut"] * 3
    assert len(labelled(report, "cut_analysis", "shot")) == 4


def test_every_burned_in_caption_is_read_at_its_time(report: Report, truth: Truth):
    captions = labelled(report, "text_overlay", "caption")
    well_read = 0
    for caption, expected in zip(captions, truth["burned_captions"], strict=True):
        assert span_s(caption.span) == pytest.approx((expected["start_s"], expected["end_s"]), abs=0.1)
        errors = edit_distance(caption.text.content, expected["text"])
        assert errors <= 0.34 * len(expected["text"]), f"{expected['text']!r} was read as {caption.text.content!r}"
        well_read += errors <= 0.1 * len(expected["text"])
    assert well_read >= 10


def test_the_title_is_read_and_no_text_is_invented(report: Report, truth: Truth):
    (title,) = labelled(report, "text_overlay", "title")
    assert title.text.content == truth["title_text"]["text"]
    assert len(result_of(report, "text_overlay").findings) == len(truth["burned_captions"]) + 1


def test_texts_that_stay_are_not_read_again(report: Report):
    looked_at = result_of(report, "text_overlay").coverage
    assert looked_at.processed_count <= 0.6 * looked_at.offered_count


def test_what_is_said_is_written_in_its_language(report: Report, truth: Truth):
    speech = labelled(report, "speech_transcription", "speech")
    heard = words_of(" ".join(finding.text.content for finding in speech))
    said = words_of(" ".join(utterance["text"] for utterance in truth["speech"]))
    assert len(said) == 42
    assert edit_distance(heard, said) <= 8, " ".join(heard)
    assert {finding.text.language_code for finding in speech} == {"de"}
    assert {finding.text.kind for finding in speech} == {TextKind.TEXT_KIND_SPEECH}


def test_words_are_in_order_and_inside_their_utterance(report: Report):
    for finding in labelled(report, "speech_transcription", "speech"):
        starts = [span_s(word.span)[0] for word in finding.text.words]
        assert starts == sorted(starts)
        start_s, end_s = span_s(finding.span)
        assert all(start_s - 1e-3 <= time_s <= end_s + 1e-3 for time_s in starts)
        assert all(0 <= word.probability <= 1 for word in finding.text.words)


def test_the_dog_is_heard_where_it_barks(report: Report, truth: Truth):
    (bark,) = truth["audio_events"]
    dogs = labelled(report, "audio_environment", "dog", "bark", "bow_wow", "domestic_animals_pets")
    assert dogs
    for dog in dogs:
        start_s, end_s = span_s(dog.span)
        assert start_s > bark["start_s"] - 1.0
        assert end_s > bark["start_s"]


VISION = (
    "cut_analysis",
    "scene_segmentation",
    "camera_analysis",
    "visual_effects",
    "object_detection",
    "product_detection",
    "body_pose",
    "eye_tracking",
    "age_estimation",
    "face_emotion",
    "text_overlay",
    "background_segmentation",
    "composition_analysis",
    "color_analysis",
    "content_quality",
)


def test_all_fifteen_vision_analyzers_looked_at_everything(report: Report):
    vision = [result for result in report.results if result.service == "vision"]
    assert [result.analyzer for result in vision] == list(VISION)
    for result in vision:
        assert result.status in (Status.STATUS_OK, Status.STATUS_EMPTY), f"{result.analyzer}: {result.reason.message}"


def test_the_four_places_are_four_scenes_from_cut_to_cut(report: Report, truth: Truth):
    edges = [0.0, *truth["hard_cuts_s"], truth["duration_s"]]
    found = labelled(report, "scene_segmentation", "scene")
    assert [finding.scene.index for finding in found] == [0, 1, 2, 3]
    assert [list(finding.scene.shot_indices) for finding in found] == [[0], [1], [2], [3]]
    for finding, start_s, end_s in zip(found, edges, edges[1:], strict=False):
        assert span_s(finding.span) == pytest.approx((start_s, end_s), abs=2 * FRAME_S)


def test_every_shot_has_its_quality_and_its_composition(report: Report):
    shots = [span_s(finding.span) for finding in labelled(report, "cut_analysis", "shot")]
    for analyzer, shape in (("content_quality", "quality"), ("composition_analysis", "composition")):
        told = [span_s(finding.span) for finding in result_of(report, analyzer).findings if finding.HasField(shape)]
        for start_s, end_s in shots:
            assert any(a == pytest.approx(start_s, abs=0.3) and b == pytest.approx(end_s, abs=0.3) for a, b in told)


def test_who_is_spoken_of_is_a_person_that_was_detected(report: Report):
    """Old bug: 33 "people" for one woman. Each body and face belongs to a track of the one detector."""
    persons = {finding.track.track_id: finding for finding in labelled(report, "object_detection", "person")}
    assert len(persons) == len(labelled(report, "object_detection", "person"))
    bodies = [finding for finding in result_of(report, "body_pose").findings if finding.HasField("pose")]
    assert bodies
    assert len({finding.subject.track_id for finding in bodies}) == len(bodies)
    for finding in bodies:
        start_s, end_s = span_s(persons[finding.subject.track_id].span)
        assert start_s - FRAME_S <= span_s(finding.span)[0] < span_s(finding.span)[1] <= end_s + 0.3


def test_nobody_walks_through_a_cut(report: Report, truth: Truth):
    seen = [finding for finding in result_of(report, "object_detection").findings if finding.HasField("track")]
    _, _, last_cut_s = truth["hard_cuts_s"]
    near = [span_s(finding.span) for finding in seen if finding.label == "person"]
    assert sum(start_s < last_cut_s + 3 and end_s > last_cut_s - 3 for start_s, end_s in near) >= 3
    for start_s, end_s in (span_s(finding.span) for finding in seen):
        assert all(end_s <= cut_s + 0.01 or start_s >= cut_s - 0.01 for cut_s in truth["hard_cuts_s"])


def test_what_is_for_sale_is_a_thing_that_was_detected(report: Report):
    things = {
        finding.track.track_id: finding.label
        for finding in result_of(report, "object_detection").findings
        if finding.HasField("track")
    }
    for finding in result_of(report, "product_detection").findings:
        assert things[finding.subject.track_id] == finding.label


def test_shares_over_classes_sum_to_one(report: Report):
    distributions = [
        finding.distribution
        for result in report.results
        for finding in result.findings
        if finding.HasField("distribution")
    ]
    for distribution in distributions:
        for shares in (distribution.shares, *(sample.shares for sample in distribution.samples)):
            assert sum(shares) == pytest.approx(1.0, abs=1e-3)
            assert len(shares) == len(distribution.names)


def test_a_camera_on_a_tripod_stands_still_though_people_walk(report: Report, truth: Truth):
    """The third shot is filmed by a surveillance camera."""
    _, from_s, to_s = truth["hard_cuts_s"]
    moves = [finding for finding in result_of(report, "camera_analysis").findings if finding.HasField("camera")]
    there = [finding for finding in moves if from_s < sum(span_s(finding.span)) / 2 < to_s]
    assert {finding.label for finding in there} == {"static"}


def test_every_insight_rests_on_findings_of_the_report(report: Report):
    known = {finding.id for result in report.results for finding in result.findings}
    insights = [result for result in report.results if result.service == "gateway"]
    assert [result.analyzer for result in insights] == [
        "comment_cta_detection",
        "temporal_flow",
        "cross_analyzer_intelligence",
    ]
    for finding in (finding for result in insights for finding in result.findings):
        assert finding.evidence_ids
        assert known.issuperset(finding.evidence_ids)


def test_nothing_is_asked_of_the_viewer(report: Report):
    assert result_of(report, "comment_cta_detection").status == Status.STATUS_EMPTY


def test_the_captions_are_what_is_said(report: Report):
    (check,) = [item.cross_check for item in labelled(report, "cross_analyzer_intelligence", "caption_and_speech")]
    assert check.verdict == Verdict.VERDICT_AGREES
    assert check.overlap > 0.7


def test_the_dog_is_heard_and_not_seen(report: Report, truth: Truth):
    (check,) = labelled(report, "cross_analyzer_intelligence", "heard_and_seen")
    assert check.cross_check.verdict == Verdict.VERDICT_UNCONFIRMED
    assert "dog" in check.cross_check.claim
    assert span_s(check.span)[0] == pytest.approx(truth["audio_events"][0]["start_s"], abs=1.0)


def test_the_phases_tile_the_video_and_its_ending_has_no_words(report: Report, truth: Truth):
    phases = sorted(
        (item for item in result_of(report, "temporal_flow").findings if item.WhichOneof("shape") == "phase"),
        key=lambda item: span_s(item.span),
    )
    assert span_s(phases[0].span) == (0.0, 3.0)
    for one, other in pairwise(phases):
        assert one.span.end_offset == other.span.start_offset
    assert phases[-1].label == "ending"
    assert span_s(phases[-1].span)[1] == pytest.approx(seconds(report.video.duration), abs=1e-6)
    assert span_s(phases[-1].span)[0] > truth["hard_cuts_s"][-1]


def test_every_frame_was_decoded_once(report: Report):
    assert report.decoding.decoded_frame_count == report.decoding.displayed_frame_count == 745
    assert report.decoding.pass_count == 1
    assert result_of(report, "cut_analysis").coverage.received_count == 745


def test_every_result_looked_at_everything_or_says_why_not(report: Report):
    for result in report.results:
        if result.status in (Status.STATUS_OK, Status.STATUS_EMPTY):
            (covered,) = result.coverage.spans
            assert span_s(covered)[0] == pytest.approx(0.0, abs=0.05)
            assert span_s(covered)[1] == pytest.approx(seconds(report.video.duration), abs=0.1)
            assert result.coverage.received_count == result.coverage.offered_count
        else:
            assert result.status == Status.STATUS_SKIPPED, f"{result.analyzer}: {result.reason.message}"
            assert result.reason.code
            assert result.reason.message


def test_learned_answers_name_their_weights(report: Report):
    for result in report.results:
        if result.method == Method.METHOD_MODEL and result.status == Status.STATUS_OK:
            assert result.models, result.analyzer
            for model in result.models:
                assert re.fullmatch(r"[0-9a-f]{64}", model.sha256)
                assert all((model.name, model.library, model.licence, model.device, model.precision))


def test_no_confidence_is_a_constant(report: Report):
    for result in report.results:
        given = [finding.confidence for finding in result.findings if finding.HasField("confidence")]
        assert len(given) < 4 or len(set(given)) > 1, f"{result.analyzer} gives {given[0]} to everything"


def test_both_roads_give_the_same_findings(embedded_report: Report, processes_report: Report):
    """Within a frame and a hundredth of confidence: the same models saw the same windows."""
    assert [result.analyzer for result in embedded_report.results] == [
        result.analyzer for result in processes_report.results
    ]
    for here, there in zip(embedded_report.results, processes_report.results, strict=True):
        assert here.status == there.status, here.analyzer
        assert [(finding.id, finding.label) for finding in here.findings] == [
            (finding.id, finding.label) for finding in there.findings
        ]
        for one, other in zip(here.findings, there.findings, strict=True):
            assert span_s(one.span) == pytest.approx(span_s(other.span), abs=FRAME_S)
            assert one.confidence == pytest.approx(other.confidence, abs=0.01)
            assert one.text.content == other.text.content


# What the report becomes


def test_the_retelling_agrees_with_the_truth(report: Report, truth: Truth):
    """Cuts, captions, what was heard of the words, and the bark, each in the line of its second."""
    lines = second_lines(report)
    assert len(lines) == math.ceil(truth["duration_s"])
    for cut_s in truth["hard_cuts_s"]:
        assert "hard cut at 0:" in lines[int(cut_s)]
    assert sum("hard cut" in line for line in lines) == len(truth["hard_cuts_s"])
    for caption in [*truth["burned_captions"], truth["title_text"]]:
        # Read to the frame: one that begins at the end of a second may be told with the next.
        near = {int(caption["start_s"] - FRAME_S), int(caption["start_s"] + FRAME_S)}
        assert any(caption["text"] in lines[second] for second in near if second >= 0), caption
    (bark,) = truth["audio_events"]
    # The dog barks twice in it.
    barking = [second for second, line in enumerate(lines) if "bark" in line]
    assert barking[0] == int(bark["start_s"])
    assert barking[-1] <= bark["end_s"]


def test_what_is_said_is_retold_within_its_utterance(report: Report, truth: Truth):
    lines = second_lines(report)
    for spoken in truth["speech"]:
        within = range(int(spoken["start_s"]), int(spoken["end_s"]) + 1)
        said = " ".join(quoted for second in within for quoted in re.findall(r"said: “(.*?)”", lines[second]))
        heard, meant = set(re.findall(r"\w+", said.lower())), set(spoken["text"].split())
        assert len(heard & meant) >= 0.7 * len(meant), said
    outside = [line for line in lines if "said:" in line and not _in_speech(int(line.split()[0][2:]), truth)]
    assert outside == []


def _in_speech(second: int, truth: Truth) -> bool:
    return any(int(spoken["start_s"]) <= second <= spoken["end_s"] for spoken in truth["speech"])


def test_it_is_valid_by_its_own_schema(report: Report):
    Draft202012Validator(report_schema()).validate(json.loads(to_json(report)))


def test_what_was_waited_for_last_stands_in_it(report: Report):
    """Every step ended after the one before it, and all of them within the analysis.

    Each is counted from its own thread's start; on a busy machine the threads of a part start a moment apart.
    """
    elapsed_s = [seconds(step.elapsed_duration) for step in report.critical_path.steps]
    known = {item.percept for item in report.percept_costs} | {result.analyzer for result in report.results}
    assert len(elapsed_s) > 1
    assert {step.name for step in report.critical_path.steps} <= known
    assert report.critical_path.steps[-1].name in {result.analyzer for result in report.results}
    assert elapsed_s == pytest.approx(sorted(elapsed_s), abs=0.5)
    assert elapsed_s[-1] < seconds(report.cost.wall_duration)
