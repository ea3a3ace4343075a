"""Needs as they travel in an analyzer's description."""

from __future__ import annotations

from reelscribe.v1 import analyzer_pb2
from services.common.window import Frames, Need, Samples


def need_to_wire(need: Need) -> analyzer_pb2.Need:
    """A need as a message."""
    if isinstance(need, Frames):
        return analyzer_pb2.Need(frames=analyzer_pb2.FrameNeed(rate_hz=need.rate_hz, long_side_px=need.long_side_px))
    return analyzer_pb2.Need(
        samples=analyzer_pb2.SampleNeed(
            sample_rate_hz=need.sample_rate_hz, channel_count=need.channel_count, native=need.native
        )
    )


def need_from_wire(message: analyzer_pb2.Need) -> Need:
    """A message as a need."""
    if message.WhichOneof("kind") == "samples":
        samples = message.samples
        return Samples(
            sample_rate_hz=samples.sample_rate_hz, channel_count=samples.channel_count, native=samples.native
        )
    frames = message.frames
    return Frames(
        rate_hz=frames.rate_hz if frames.HasField("rate_hz") else None,
        long_side_px=frames.long_side_px if frames.HasField("long_side_px") else None,
    )
