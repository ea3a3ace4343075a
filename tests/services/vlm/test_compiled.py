"""What is compiled writes the same, once for all sizes; what cannot be compiled goes on, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from structlog.testing import capture_logs

from services.common.device import Device
from services.vlm.compiled import Compiled
from services.vlm.engine import Engine
from services.vlm.qwen2_vl import Qwen2Vl, load_model
from tests.services.vlm.test_qwen2_vl import SEGMENTS, greedy, noise, request_of

EVEN = [request_of(*noise(4, 56, 84, seed)) for seed in range(5)]
"""Frames of one size, as all of a video are."""


@pytest.fixture(scope="module")
def compiled(tiny_checkpoint: Path, device: Device) -> Iterator[Qwen2Vl]:
    """The tiny model through dynamo and functionalisation, run by torch itself: no C++ compiler is needed for that."""
    torch._dynamo.reset()
    model = load_model(tiny_checkpoint, device=device, precision="float32")
    model.compile("both", compiler="aot_eager")
    yield model
    torch._dynamo.reset()


def calls(model: Qwen2Vl) -> tuple[int, int]:
    """Compiled calls so far: (vision tower, steps)."""
    assert model.compiled_vision is not None
    assert model.compiled_steps is not None
    assert (model.compiled_vision.failure, model.compiled_steps.failure) == (None, None)
    return model.compiled_vision.call_count, model.compiled_steps.call_count


@pytest.mark.parametrize("requests", [EVEN[:2], EVEN, SEGMENTS], ids=["two", "five", "of three sizes"])
def test_it_writes_the_same(compiled: Qwen2Vl, tiny_model: Qwen2Vl, requests: list[object]) -> None:
    before = calls(compiled)
    (tokens, logits), (expected, as_called) = greedy(compiled, requests), greedy(tiny_model, requests)
    assert tokens == expected
    torch.testing.assert_close(logits, as_called, atol=1e-4, rtol=0)
    # Two blocks of the tower, where the frames are of one size; steps once the batch has stood for a while.
    assert calls(compiled)[0] - before[0] == (0 if requests is SEGMENTS else 2)
    assert calls(compiled)[1] > before[1]


def test_one_compilation_serves_all_sizes(compiled: Qwen2Vl) -> None:
    graphs = torch._dynamo.utils.counters["stats"]["unique_graphs"]
    for requests in (EVEN[:3], EVEN[:4], [replace(EVEN[0], max_new_tokens=20), EVEN[1]]):
        greedy(compiled, requests)
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == graphs


def test_through_the_engine_it_writes_the_same(compiled: Qwen2Vl, tiny_model: Qwen2Vl, device: Device) -> None:
    texts = []
    for model in (compiled, tiny_model):
        engine = Engine(model, device=device)
        texts.append([ticket.wait(60).text for ticket in engine.submit(EVEN)])
        engine.close()
    assert texts[0] == texts[1]


def test_what_is_compiled_is_named(compiled: Qwen2Vl, tiny_model: Qwen2Vl) -> None:
    assert compiled.library == f"{tiny_model.library}, compiled vision tower, compiled steps"


def test_what_cannot_be_compiled_goes_on_and_is_named(
    tiny_checkpoint: Path, tiny_model: Qwen2Vl, device: Device
) -> None:
    def broken(graph: object, inputs: object) -> object:
        raise RuntimeError("no compiler here")

    model = load_model(tiny_checkpoint, device=device, precision="float32")
    with capture_logs() as logs:
        model.compile("both", compiler=broken)
    warned = [line for line in logs if line["log_level"] == "warning"]
    assert [line["part"] for line in warned] == ["vision tower", "steps"]
    assert all("no compiler here" in line["problem"] for line in warned)
    assert model.library == f"{tiny_model.library}, not compiled: vision tower, not compiled: steps"
    assert greedy(model, EVEN[:2])[0] == greedy(tiny_model, EVEN[:2])[0]


def test_no_room_is_no_failure_to_compile() -> None:
    def full(value: torch.Tensor) -> torch.Tensor:
        raise torch.OutOfMemoryError("full")

    function = Compiled(full, name="full", compiler="eager")
    function._compiled = full
    with pytest.raises(torch.OutOfMemoryError):
        function(torch.ones(2))
    assert function.failure is None
