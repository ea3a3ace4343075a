from types import SimpleNamespace

import pytest

from gateway.decode.clock import Timeline
from gateway.decode.damage import DamageLog
from gateway.decode.packets import packets_of
from gateway.decode.pictures import PictureTrack
from gateway.decode.source import open_source
from reelscribe.v1.media_pb2 import FrameFormat
from services.common.errors import TooLarge
from tests.clips import Pictures, every, number_of, write_clip


@pytest.fixture
def clip(tmp_path):
    return write_clip(tmp_path / "clip.mp4", Pictures(times_s=every(25, 1.0), options={"g": "10", "crf": "12"}))


def track_of(source, log, *, max_pixel_count=10**6):
    return PictureTrack(
        source.video,
        {"frames": FrameFormat(width_px=160, height_px=96)},
        damages=log,
        timeline=Timeline(),
        window_s=1.0,
        max_pixel_count=max_pixel_count,
    )


def run(source, log, packets):
    track = track_of(source, log)
    windows = [window for packet in packets for window in track.take(packet)]
    windows += track.finish()
    return track, [number_of(rgb) for window in windows for rgb in window.renditions["frames"].rgb]


def test_every_picture_is_counted_timed_and_rendered(clip):
    log = DamageLog()
    with open_source(clip) as source:
        track, numbers = run(source, log, packets_of(source, [source.video]))
        assert (track.origin, track.end_s) == (0, 1.0)
    assert numbers == list(range(25))
    assert (track.packet_count, track.decoded_count, track.displayed_count) == (25, 25, 25)
    assert log.damages() == ()


def test_a_start_without_a_key_frame_is_named(clip):
    log = DamageLog()
    with open_source(clip) as source:
        packets = list(packets_of(source, [source.video]))
        _, numbers = run(source, log, packets[4:])
    assert numbers[-15:] == list(range(10, 25))
    assert "video_no_initial_keyframe" in [each.reason for each in log.damages()]


def test_pictures_with_the_same_time_are_decoded_but_seen_once(clip):
    log = DamageLog()
    with open_source(clip) as source:
        track = track_of(source, log)
        frames = [frame for packet in packets_of(source, [source.video]) for frame in packet.decode()]
        frames[7].pts = frames[6].pts
        packets = [SimpleNamespace(size=1, is_keyframe=True, is_corrupt=False, decode=lambda: frames)]
        windows = [window for packet in packets for window in track.take(packet)]
        windows += track.finish()
    assert (track.decoded_count, track.displayed_count) == (25, 24)
    assert [index for window in windows for index in window.renditions["frames"].index] == list(range(24))
    assert [each.reason for each in log.damages()] == ["video_times_not_increasing"]


def test_a_picture_over_the_limit_is_refused(clip):
    with open_source(clip) as source:
        track = track_of(source, DamageLog(), max_pixel_count=100)
        packets = packets_of(source, [source.video])
        with pytest.raises(TooLarge):
            _ = [window for packet in packets for window in track.take(packet)]
