"""A step laid out once gives the same tokens, also where rows of its batch have left; without CUDA, not recorded."""

from __future__ import annotations

import pytest
import torch

from services.common.device import Device
from services.vlm.engine import Engine
from services.vlm.qwen2_vl import Qwen2Vl
from services.vlm.rows import Rows
from services.vlm.step_graph import STEADY_STEPS
from tests.services.vlm.test_qwen2_vl import SEGMENTS, greedy


@pytest.fixture
def recording(tiny_model: Qwen2Vl) -> Qwen2Vl:
    """The same tensors, its steady steps laid out once."""
    model = Qwen2Vl.__new__(Qwen2Vl)
    model.__dict__ = tiny_model.__dict__ | {"recorded": True}
    return model


def stood(model: Qwen2Vl) -> tuple[Rows, list[list[int]]]:
    """Rows that have stood long enough, and what was written of each."""
    rows, logits = model.begin(SEGMENTS)
    tokens = [[token] for token in logits.argmax(-1).tolist()]
    for _ in range(STEADY_STEPS + 1):
        logits = model.step(rows, [written[-1] for written in tokens])
        for written, token in zip(tokens, logits.argmax(-1).tolist(), strict=True):
            written.append(token)
    return rows, tokens


def test_it_takes_over_once_the_batch_stands(recording: Qwen2Vl, tiny_model: Qwen2Vl) -> None:
    rows, _ = stood(recording)
    assert rows.graph is not None
    assert stood(tiny_model)[0].graph is None


def test_it_writes_the_same(recording: Qwen2Vl, tiny_model: Qwen2Vl) -> None:
    (tokens, logits), (expected, as_called) = greedy(recording, SEGMENTS), greedy(tiny_model, SEGMENTS)
    assert tokens == expected
    torch.testing.assert_close(logits, as_called, atol=1e-4, rtol=0)


def test_who_leaves_makes_no_new_layout_until_half_have(recording: Qwen2Vl, tiny_model: Qwen2Vl) -> None:
    expected = greedy(tiny_model, SEGMENTS, step_count=10)[0]
    rows, tokens = stood(recording)
    rows = recording.keep(rows, [0, 2])
    assert (rows.slots, len(rows.lengths)) == ([0, 2], 3)
    logits = recording.step(rows, [tokens[0][-1], tokens[2][-1]])
    assert logits.argmax(-1).tolist() == [expected[0][len(tokens[0])], expected[2][len(tokens[0])]]
    rows = recording.keep(rows, [1])
    assert (rows.slots, len(rows.lengths), rows.graph) == ([0], 1, None)
    assert recording.step(rows, [expected[2][len(tokens[0])]]).argmax(-1).tolist() == [expected[2][len(tokens[0]) + 1]]


def test_rows_may_join_where_others_have_left(recording: Qwen2Vl, tiny_model: Qwen2Vl) -> None:
    expected = greedy(tiny_model, SEGMENTS, step_count=10)[0]
    rows, tokens = stood(recording)
    rows = recording.keep(rows, [0, 2])
    joining, logits = recording.begin(SEGMENTS[1:2])
    rows = recording.join(rows, joining)
    assert len(rows.lengths) == 3
    logits = recording.step(rows, [tokens[0][-1], tokens[2][-1], logits.argmax(-1).item()])
    count = len(tokens[0])
    assert logits.argmax(-1).tolist() == [expected[0][count], expected[2][count], expected[1][1]]


def test_beyond_the_room_it_goes_on_as_called(recording: Qwen2Vl, tiny_model: Qwen2Vl) -> None:
    """The rows have room for 8 tokens, the length they were asked for with."""
    assert greedy(recording, SEGMENTS, step_count=14)[0] == greedy(tiny_model, SEGMENTS, step_count=14)[0]


def test_through_the_engine_it_writes_the_same(recording: Qwen2Vl, tiny_model: Qwen2Vl, device: Device) -> None:
    texts = []
    for model in (recording, tiny_model):
        engine = Engine(model, device=device)
        texts.append([ticket.wait(60).text for ticket in engine.submit(SEGMENTS * 2)])
        engine.close()
    assert texts[0] == texts[1]
