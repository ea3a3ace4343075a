"""Attention by groups sees what attention piece by piece sees, in fewer calls."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from services.common.device import Device
from services.vlm.checkpoint import open_checkpoint
from services.vlm.vision_attention import Layouts, attend_together

ONE_SIZE = [[2, 8, 12], [2, 8, 12], [1, 8, 12]]
MIXED = [[2, 8, 12], [1, 20, 6], [3, 8, 12]]


@pytest.fixture(scope="module", params=["tiny_checkpoint", "tiny_checkpoint_2_5"])
def tower(request: pytest.FixtureRequest, device: Device) -> torch.nn.Module:
    """The vision tower as the library made it."""
    checkpoint: Path = request.getfixturevalue(request.param)
    return open_checkpoint(checkpoint, device=device, precision="float32").model.model.visual


def seen(tower: torch.nn.Module, grid: list[list[int]]) -> torch.Tensor:
    patches = torch.randn(sum(t * h * w for t, h, w in grid), 1176, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        return tower(patches, grid_thw=torch.tensor(grid)).pooler_output


@pytest.mark.parametrize("grid", [ONE_SIZE, MIXED])
def test_it_sees_the_same(tower: torch.nn.Module, grid: list[list[int]]) -> None:
    for block in tower.blocks:
        vars(block.attn).pop("forward", None)
    expected = seen(tower, grid)
    attend_together(tower)
    torch.testing.assert_close(seen(tower, grid), expected, atol=1e-5, rtol=1e-4)


def test_frames_of_one_size_are_one_call_a_layer(tower: torch.nn.Module, monkeypatch: pytest.MonkeyPatch) -> None:
    attend_together(tower)
    calls = []
    real = torch.nn.functional.scaled_dot_product_attention

    def counted(query: torch.Tensor, *others: torch.Tensor, **options: float) -> torch.Tensor:
        calls.append(query.shape)
        return real(query, *others, **options)

    monkeypatch.setattr("torch.nn.functional.scaled_dot_product_attention", counted)
    seen(tower, ONE_SIZE)
    whole_frames = [shape for shape in calls if shape[2] == 8 * 12]
    assert {shape[0] for shape in whole_frames} == {5}
    # Windows of 8 x 8 patches leave some of another size at the edge: a call for each size.
    assert len(calls) <= 3


def test_the_pieces_are_looked_for_once() -> None:
    layouts = Layouts()
    edges = torch.tensor([0, 4, 8, 10])
    assert layouts.groups(edges) is layouts.groups(edges)
    by_length = {group.length: (group.count, group.index.tolist()) for group in layouts.groups(edges)}
    assert by_length == {4: (2, [0, 1, 2, 3, 4, 5, 6, 7]), 2: (1, [8, 9])}
    (group,) = layouts.groups(torch.tensor([0, 4, 8]))
    assert (group.count, group.length, group.index) == (2, 4, None)
