"""A long sound in two parts, joined, says the same as in one."""

from __future__ import annotations

import numpy as np
import pytest

from gateway.join import join, join_all
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.sound_pb2 import Loudness, SoundEvent, SoundSpan
from services.common.loudness import integrated_lufs, loudness_range_lu
from services.common.time import duration, span, span_s

LEAD_IN_S = 2.0
STEPS = 10


def loudness(momentary: np.ndarray, short_term: np.ndarray, start_s: float, **values: float) -> Finding:
    """As the part that begins at start_s finds it: the curves are over the whole sound, in steps of 0.1 s."""
    first = round(start_s * STEPS)
    told = Loudness(
        step_duration=duration(0.1), momentary_lufs=momentary[first:], short_term_lufs=short_term[first:], **values
    )
    return Finding(span=span(start_s, start_s + (len(momentary) - first + 3) / STEPS), label="loudness", loudness=told)


def test_the_loudness_of_two_parts_is_that_of_the_whole():
    rng = np.random.default_rng(4)
    momentary, short_term = rng.uniform(-50, -10, 1197), rng.uniform(-40, -15, 1197)
    left = loudness(momentary[:597], short_term[:597], 0.0, integrated_lufs=-1.0, true_peak_dbtp=-3.0)
    right = loudness(momentary, short_term, 60.0 - LEAD_IN_S, integrated_lufs=-2.0, true_peak_dbtp=-1.0)
    (joined,) = join([left], [right], 60.0)
    assert span_s(joined.span) == pytest.approx((0.0, 120.0))
    assert list(joined.loudness.momentary_lufs) == pytest.approx(momentary.tolist(), abs=1e-5)
    assert joined.loudness.integrated_lufs == pytest.approx(integrated_lufs(momentary), abs=1e-6)
    assert joined.loudness.loudness_range_lu == pytest.approx(loudness_range_lu(short_term), abs=1e-5)
    assert joined.loudness.true_peak_dbtp == -1.0


def test_three_parts_of_which_the_middle_is_silent():
    quiet = np.full(1797, -30.0)
    quiet[600:1200] = -120.0
    parts = [(60.0 * index, max(0.0, 60.0 * index - LEAD_IN_S), min(1797, 600 * (index + 1) - 3)) for index in range(3)]
    found = [(own_s, [loudness(quiet[:last], quiet[:last], start_s)]) for own_s, start_s, last in parts]
    (joined,) = join_all(found)
    assert len(joined.loudness.momentary_lufs) == 1797
    assert joined.loudness.integrated_lufs == pytest.approx(-30.0)
    assert not joined.loudness.HasField("true_peak_dbtp")


def test_silence_all_along_has_no_loudness():
    silent = np.full(1197, -120.0)
    (joined,) = join([loudness(silent[:597], silent[:597], 0.0)], [loudness(silent, silent, 58.0)], 60.0)
    assert not joined.loudness.HasField("integrated_lufs")
    assert not joined.loudness.HasField("loudness_range_lu")


def stretch(start_s: float, end_s: float, label: str = "music", **values: float) -> Finding:
    confidence = values.pop("confidence", None)
    where = span(start_s, end_s)
    return Finding(span=where, label=label, confidence=confidence, sound_span=SoundSpan(**values))


def test_music_over_a_seam_is_one_stretch_with_the_level_of_both():
    left, right = stretch(40, 60, level_dbfs=-20, confidence=0.9), stretch(58, 80, level_dbfs=-30, confidence=0.5)
    (joined,) = join([left], [right], 60.0)
    assert span_s(joined.span) == (40.0, 80.0)
    assert joined.sound_span.level_dbfs == pytest.approx(10 * np.log10((0.01 + 0.001) / 2))
    assert joined.confidence == pytest.approx(0.7)


def test_digital_silence_over_a_seam_has_no_level():
    (joined,) = join([stretch(50, 60, "silence")], [stretch(58, 70, "silence")], 60.0)
    assert span_s(joined.span) == (50.0, 70.0)
    assert joined.WhichOneof("shape") == "sound_span"
    assert not joined.sound_span.HasField("level_dbfs")
    (joined,) = join([stretch(50, 60, "silence")], [stretch(58, 70, "silence", level_dbfs=-70)], 60.0)
    assert joined.sound_span.level_dbfs == pytest.approx(-73.01, abs=0.01)


def test_a_sound_over_a_seam_is_one_and_began_where_it_began():
    def clap(start_s: float, end_s: float, peak_dbfs: float, rise_db: float | None) -> Finding:
        event = SoundEvent(rise_db=rise_db, peak_dbfs=peak_dbfs)
        return Finding(span=span(start_s, end_s), label="applause", confidence=0.8, sound_event=event)

    findings = join([clap(55, 60, -20, 12)], [clap(58, 66, -10, None), clap(70, 71, -5, 3)], 60.0)
    assert [span_s(each.span) for each in findings] == [(55.0, 66.0), (70.0, 71.0)]
    assert (findings[0].sound_event.rise_db, findings[0].sound_event.peak_dbfs) == (12, -10)


def test_speech_and_music_are_not_joined_to_each_other():
    findings = join([stretch(50, 60, "speech")], [stretch(58, 70, "music")], 60.0)
    assert [each.label for each in findings] == ["speech", "music"]
