"""The layers of TransNetV2 as a CPU runs them best: the published sums, in two fifths less time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def run_flat(network: Any) -> None:
    """Exchange each dilated layer of a loaded TransNetV2 for one of two-dimensional convolutions over bytes in order.

    Over pixels each frame is a picture; over time the pixels of all frames are one picture, frames down, pixels
    across. Normalisation is folded into the weights. PyTorch's convolutions in three dimensions go through slow
    kernels and copies instead.
    """
    for stack in network.SDDCNN:
        for position, layer in enumerate(stack.DDCNN):
            stack.DDCNN[position] = _flat(layer)
        stack.pool = _flat_pool()


def _flat(layer: Any) -> torch.nn.Module:
    """The same layer, (1, c, frames, height, width) in and out, channels next to one another in memory."""
    import torch

    class FlatLayer(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            branches = (layer.Conv3D_1, layer.Conv3D_2, layer.Conv3D_4, layer.Conv3D_8)
            width = layer.bn.num_features // len(branches)
            self.over_pixels = torch.nn.ModuleList(_over_pixels(branch.layers[0]) for branch in branches)
            self.over_time = torch.nn.ModuleList(
                _over_time(branch.layers[1], layer.bn, place * width) for place, branch in enumerate(branches)
            )
            self.activation = layer.activation

        def forward(self, volume: torch.Tensor) -> torch.Tensor:
            frames = _frames(volume)
            frame_count, _, height, width = frames.shape
            branches = []
            for over_pixels, over_time in zip(self.over_pixels, self.over_time, strict=True):
                pixels = over_pixels(frames).permute(0, 2, 3, 1)
                plane = pixels.reshape(1, frame_count, height * width, -1).permute(0, 3, 1, 2)
                branches.append(over_time(plane).permute(0, 2, 3, 1))
            joined = torch.cat(branches, dim=3).reshape(frame_count, height, width, -1).permute(0, 3, 1, 2)
            return _volume(joined if self.activation is None else torch.relu_(joined))

    return FlatLayer().eval()


def _flat_pool() -> torch.nn.Module:
    """The mean of each two by two pixels."""
    import torch

    class FlatPool(torch.nn.Module):  # type: ignore[misc]
        def forward(self, volume: torch.Tensor) -> torch.Tensor:
            return _volume(torch.nn.functional.avg_pool2d(_frames(volume), 2))

    return FlatPool()


def _frames(volume: torch.Tensor) -> torch.Tensor:
    """(1, c, frames, height, width) -> (frames, c, height, width), channels side by side; no copy if they are."""
    import torch

    return volume[0].transpose(0, 1).contiguous(memory_format=torch.channels_last)


def _volume(frames: torch.Tensor) -> torch.Tensor:
    """The way back, without a copy."""
    return frames.transpose(0, 1)[None]


def _over_pixels(convolution: Any) -> torch.nn.Conv2d:
    import torch

    flat = torch.nn.Conv2d(convolution.in_channels, convolution.out_channels, 3, padding=1, bias=False)
    flat.weight = torch.nn.Parameter(_in_order(convolution.weight[:, :, 0]), requires_grad=False)
    return flat


def _over_time(convolution: Any, normalisation: Any, first: int) -> torch.nn.Conv2d:
    """With the part of the normalisation that begins at channel `first` folded in."""
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    (step, *_) = convolution.dilation
    flat = torch.nn.Conv2d(
        convolution.in_channels, convolution.out_channels, (3, 1), padding=(step, 0), dilation=(step, 1)
    )
    of = slice(first, first + convolution.out_channels)
    weight, bias = fuse_conv_bn_weights(
        convolution.weight[..., 0],
        convolution.bias,
        normalisation.running_mean[of],
        normalisation.running_var[of],
        normalisation.eps,
        normalisation.weight[of],
        normalisation.bias[of],
    )
    flat.weight = torch.nn.Parameter(_in_order(weight), requires_grad=False)
    flat.bias = torch.nn.Parameter(bias.detach(), requires_grad=False)
    return flat


def _in_order(weight: Any) -> Any:
    import torch

    return weight.detach().contiguous(memory_format=torch.channels_last)
