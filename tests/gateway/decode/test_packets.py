import pytest

from gateway.decode.damage import DamageLog
from gateway.decode.packets import Flush, frames_of, packets_of
from gateway.decode.source import open_source
from tests.clips import Pictures, Sound, clicks, every, write_clip


@pytest.fixture
def clip(tmp_path):
    return write_clip(
        tmp_path / "clip.mp4",
        Pictures(times_s=every(25, 0.4), options={"bf": "2", "preset": "fast"}),
        Sound(blocks=[(0.0, clicks([0.1], 0.4))], codec="aac"),
    )


def count(packets, log=None):
    log = log or DamageLog()
    return sum(len(frames_of(packet, log, reason="r", what="w", at_s=None)) for packet in packets)


def test_only_the_streams_asked_for_are_read(clip):
    with open_source(clip) as source:
        packets = list(packets_of(source, [source.video]))
        assert {packet.stream.index for packet in packets} == {source.video.index}
        assert [packet.size for packet in packets][-1] == 0
        assert count(packets) == 10


def test_no_stream_gives_no_packet(clip):
    with open_source(clip) as source:
        assert list(packets_of(source, [])) == []


def test_a_flush_gives_what_the_decoder_held_and_then_nothing(clip):
    with open_source(clip) as source:
        packets = [packet for packet in packets_of(source, [source.video]) if packet.size]
        assert count(packets) + count([Flush(source.video)]) == 10
        assert count([Flush(source.video)]) == 0


def test_a_packet_the_decoder_refuses_is_counted(clip):
    log = DamageLog()
    with open_source(clip) as source:
        packets = [packet for packet in packets_of(source, [source.video]) if packet.size]
        packets[4].update(bytes(packets[4].size))
        assert count([*packets, Flush(source.video)], log) < 10
    assert [each.message for each in log.damages()] == ["w: 1."]
