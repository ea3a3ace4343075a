from fractions import Fraction

import av
import numpy as np
import pytest

from gateway.decode.clock import Timeline
from gateway.decode.damage import DamageLog
from gateway.decode.sound import SoundTrack
from reelscribe.v1.media_pb2 import SampleFormat
from tests.clips import click_times_s, clicks

RATE_HZ = 48000
NAME = "samples"


def frames(start_s: float, samples: np.ndarray, *, layout: str = "mono", rate_hz: int = RATE_HZ) -> list[av.AudioFrame]:
    """20 ms frames of float32 (n, channels), stamped in milliseconds as Matroska does."""
    step, made = rate_hz // 50, []
    for first in range(0, len(samples), step):
        piece = np.ascontiguousarray(samples[first : first + step]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(piece, format="flt", layout=layout)
        frame.sample_rate, frame.pts = rate_hz, round((start_s + first / rate_hz) * 1000)
        made.append(frame)
    return made


def heard(
    sound: list[av.AudioFrame],
    *,
    origin: Fraction | None = Fraction(0),
    rate_hz: int = 16000,
    channels: int = 1,
    end: Fraction | None = None,
    damages: DamageLog | None = None,
    native: bool = False,
) -> tuple[np.ndarray, SoundTrack]:
    track = SoundTrack(
        {NAME: SampleFormat(sample_rate_hz=rate_hz, channel_count=channels, native=native)},
        window_s=1.0,
        damages=damages or DamageLog(),
        timeline=Timeline(end_from_header=end),
    )
    track.origin = origin
    windows = [window for frame in sound for window in track.add(frame, Fraction(1, 1000))]
    windows += track.finish()
    assert [window.start_s for window in windows] == [float(k) for k in range(len(windows))]
    return np.concatenate([window.renditions[NAME].samples for window in windows]), track


def test_sample_index_is_time():
    samples, track = heard(frames(0.0, clicks([0.25, 1.5], 2.0)))
    assert len(samples) == 32000
    assert click_times_s(samples, 16000) == pytest.approx([0.25, 1.5], abs=0.001)
    assert (track.start, track.gap, track.end_s) == (0, 0, 2.0)


def test_a_late_start_is_silence():
    samples, track = heard(frames(1.25, clicks([0.25], 1.0)))
    assert not samples[: 16000 * 5 // 4].any()
    assert click_times_s(samples, 16000) == pytest.approx([1.5], abs=0.001)
    assert (float(track.start or 0), track.gap) == (1.25, 0)


def test_what_lies_before_the_first_picture_is_cut():
    samples, track = heard(frames(0.0, clicks([0.5, 2.5, 3.25], 4.0)), origin=Fraction(9, 4))
    assert click_times_s(samples, 16000) == pytest.approx([0.25, 1.0], abs=0.001)
    assert len(samples) == 28000
    assert track.start == Fraction(-9, 4)


def test_a_gap_is_silence_and_is_counted():
    samples, track = heard(frames(0.0, clicks([0.25], 1.0)) + frames(2.5, clicks([0.25], 1.0)))
    assert click_times_s(samples, 16000) == pytest.approx([0.25, 2.75], abs=0.001)
    assert not samples[17000:39000].any()
    assert track.gap == Fraction(3, 2)


def test_a_lost_frame_of_20_ms_is_a_gap():
    sound = frames(0.0, clicks([0.25, 1.5], 2.0))
    samples, track = heard(sound[:50] + sound[51:])
    assert click_times_s(samples, 16000) == pytest.approx([0.25, 1.5], abs=0.001)
    assert track.gap == Fraction(20, 1000)


def test_an_overlap_is_not_heard_twice():
    samples, track = heard(frames(0.0, clicks([0.25], 1.0)) + frames(0.5, clicks([0.25, 0.75], 1.0)))
    assert click_times_s(samples, 16000) == pytest.approx([0.25, 1.25], abs=0.001)
    assert track.end_s == 1.5


def test_rounded_stamps_are_no_gaps():
    sound = frames(0.0, clicks([0.5], 2.0))
    for index, frame in enumerate(sound):
        frame.pts += (0, 1, -1)[index % 3]
    samples, track = heard(sound)
    assert (len(samples), track.gap) == (32000, 0)


def test_without_pictures_the_first_sample_is_0():
    samples, track = heard(frames(3.0, clicks([0.5], 1.0)), origin=None)
    assert click_times_s(samples, 16000) == pytest.approx([0.5], abs=0.001)
    assert (track.start, len(samples)) == (0, 16000)


def test_a_single_wrong_stamp_moves_nothing_after_it():
    sound = frames(0.0, clicks([0.5, 1.5], 2.0))
    sound[40].pts = 95_443_717
    samples, _ = heard(sound, end=Fraction(2))
    assert click_times_s(samples, 16000) == pytest.approx([0.5, 1.5], abs=0.001)
    assert len(samples) == 32000


def test_a_stream_that_changes_its_rate_and_channels_goes_on():
    stereo = frames(1.0, clicks([0.5], 1.0, sample_rate_hz=24000, channel_count=2), layout="stereo", rate_hz=24000)
    samples, _ = heard(frames(0.0, clicks([0.5], 1.0)) + stereo)
    assert click_times_s(samples, 16000) == pytest.approx([0.5, 1.5], abs=0.002)
    assert len(samples) == 32000


def test_mono_is_the_mean_of_both_sides():
    both = np.full((RATE_HZ, 2), 0.9, np.float32)
    left = both * [1.0, 0.0]
    for sound, level in ((both, 0.9), (left.astype(np.float32), 0.45)):
        samples, _ = heard(frames(0.0, sound, layout="stereo"))
        assert samples[4000:12000].mean() == pytest.approx(level, abs=0.005)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_surround_sound_is_mixed_without_passing_1(channels):
    surround = np.full((RATE_HZ, 6), 0.95, np.float32)
    samples, _ = heard(frames(0.0, surround, layout="5.1"), channels=channels)
    assert samples.shape == (16000, channels)
    assert 0.5 < np.abs(samples[4000:12000]).max() <= 1.0


@pytest.mark.parametrize(("pix", "silence"), [("u8", 128), ("s16", 0), ("s32p", 0), ("flt", 0), ("dblp", 0)])
def test_silence_is_silent_in_every_format(pix, silence):
    dtype = {"u8": "u1", "s16": "i2", "s32p": "i4", "flt": "f4", "dblp": "f8"}[pix]
    sound = []
    for first_s in (1.0, 2.0):
        frame = av.AudioFrame.from_ndarray(np.full((1, RATE_HZ // 2), silence, dtype=dtype), format=pix, layout="mono")
        frame.sample_rate, frame.pts = RATE_HZ, round(first_s * 1000)
        sound.append(frame)
    samples, track = heard(sound)
    assert np.abs(samples).max() < 1e-6
    assert (len(samples), track.gap) == (40000, Fraction(1, 2))


def test_eight_channels_and_more_are_taken():
    for layout, channels in (("7.1", 8), ("hexadecagonal", 16)):
        packed = av.AudioFrame.from_ndarray(
            np.full((1, RATE_HZ * channels), 0.5, np.float32), format="flt", layout=layout
        )
        packed.sample_rate = RATE_HZ
        (planar,) = av.AudioResampler(format="fltp").resample(packed)
        planar.pts = 500
        samples, _ = heard([planar])
        assert not samples[:7900].any()
        assert samples[12000:20000].min() > 0.2


def test_a_frame_no_resampler_takes_is_silence_and_is_counted():
    damages = DamageLog()
    sound = frames(0.0, clicks([0.25, 1.5], 2.0))
    odd = av.AudioFrame.from_ndarray(np.ones((1, 960 * 47), np.float32), format="flt", layout="47 channels")
    odd.sample_rate, odd.pts = RATE_HZ, sound[50].pts
    samples, _ = heard([*sound[:50], odd, *sound[51:]], damages=damages)
    assert [each.reason for each in damages.damages()] == ["audio_packet_corrupt"]
    assert click_times_s(samples, 16000) == pytest.approx([0.25, 1.5], abs=0.002)
    assert len(samples) == 32000


def test_overshoot_is_clipped():
    samples, _ = heard(frames(0.0, clicks([0.5], 1.0) * 3))
    assert np.abs(samples).max() == 1.0


def test_what_is_measured_is_not_cut_off():
    samples, _ = heard(frames(0.0, clicks([0.5], 1.0) * 3), rate_hz=RATE_HZ, native=True)
    assert np.abs(samples).max() == pytest.approx(2.4, abs=0.01)


@pytest.mark.parametrize(
    ("layout", "places"),
    [
        ("3.0", (0, 1, 2)),
        ("quad", (0, 1, 4, 5)),
        ("5.1", (0, 1, 2, 3, 4, 5)),
        ("5.1(side)", (0, 1, 2, 3, 4, 5)),
        ("7.1", (0, 1, 2, 3)),
    ],
)
def test_surround_sound_that_is_measured_keeps_its_channels_and_levels(layout, places):
    channels = len(av.AudioLayout(layout).channels)
    levels = np.linspace(0.1, 0.8, channels, dtype=np.float32)
    samples, _ = heard(
        frames(0.0, np.tile(levels, (RATE_HZ, 1)), layout=layout), rate_hz=RATE_HZ, channels=6, native=True
    )
    kept = [float(level) for level, _ in zip(levels, places, strict=False)]
    assert samples[4000][list(places)].tolist() == pytest.approx(kept, abs=1e-4)


@pytest.mark.parametrize("rate_hz", [8000, 11025, 44100])
def test_a_low_rate_that_is_measured_is_passed_on_sample_by_sample(rate_hz):
    tone = (0.5 * np.sin(np.arange(rate_hz) / 9)).astype(np.float32)[:, None]
    samples, _ = heard(frames(0.0, tone, rate_hz=rate_hz), rate_hz=rate_hz, native=True)
    assert np.array_equal(samples[: len(tone)], tone)


def test_96_khz_is_brought_down_with_its_level_and_its_times():
    tone = (0.5 * np.sin(2 * np.pi * 1000 * np.arange(96000) / 96000)).astype(np.float32)[:, None]
    for native in (True, False):
        samples, _ = heard(frames(0.0, tone, rate_hz=96000), rate_hz=48000, native=native)
        assert len(samples) == 48000
        assert np.abs(samples[:48000, 0] - tone[::2, 0])[500:-500].max() < 0.002
