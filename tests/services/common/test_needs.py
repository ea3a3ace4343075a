from __future__ import annotations

import pytest

from services.common.needs import need_from_wire, need_to_wire
from services.common.window import Frames, Need, Samples


@pytest.mark.parametrize(
    "need",
    [
        Frames(rate_hz=None, long_side_px=256),
        Frames(rate_hz=2.0, long_side_px=None),
        Frames(rate_hz=None, long_side_px=None),
        Frames(rate_hz=29.97, long_side_px=640),
        Samples(sample_rate_hz=16000),
        Samples(sample_rate_hz=48000, channel_count=2),
        Samples(sample_rate_hz=48000, channel_count=6, native=True),
    ],
)
def test_a_need_comes_back_as_it_went(need: Need):
    assert need_from_wire(need_to_wire(need)) == need


def test_every_frame_and_native_size_are_unset_not_zero():
    message = need_to_wire(Frames(rate_hz=None, long_side_px=None))
    assert message.WhichOneof("kind") == "frames"
    assert not message.frames.HasField("rate_hz")
    assert not message.frames.HasField("long_side_px")
