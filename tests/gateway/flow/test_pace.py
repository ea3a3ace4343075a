"""The pacing curve: what was measured, and nothing else."""

from __future__ import annotations

import pytest

from gateway.flow.grid import Grid, mean
from gateway.flow.pace import pace_of
from reelscribe.v1.analyzer_pb2 import Status
from tests.gateway.told import SCENE, active, cuts, evidence, looked, loudness, moves, said, skipped, written


def curve(name: str, *results: object) -> list[float]:
    pace = pace_of(evidence(*results))  # type: ignore[arg-type]
    assert pace is not None
    return pace.components[name]


def between(values: list[float], start_s: float, end_s: float) -> float:
    return mean([values[index] for index in Grid(duration_s=20.0).between(start_s, end_s)])


def test_only_what_was_measured_over_the_whole_is_a_component():
    pace = pace_of(
        evidence(
            cuts(5),
            looked("text_overlay", end_s=9.0, status=Status.STATUS_PARTIAL),
            skipped("speech_transcription"),
            looked("camera_analysis"),
        )
    )
    assert pace is not None
    assert set(pace.components) == {"cuts", "motion"}
    assert {len(values) for values in pace.components.values()} == {40}


def test_nothing_measured_is_no_curve():
    assert pace_of(evidence(skipped("cut_analysis"))) is None


def test_the_whole_is_the_mean_of_the_components():
    pace = pace_of(evidence(cuts(5), looked("speech_transcription", said("ein zwei drei vier fünf sechs", 4, 6))))
    assert pace is not None
    for at, value in enumerate(pace.values):
        assert value == pytest.approx((pace.components["cuts"][at] + pace.components["speech"][at]) / 2)


def test_cuts_in_a_row_are_fast():
    values = curve("cuts", cuts(*range(10, 20)))
    assert between(values, 0, 8) == 0
    assert between(values, 12, 18) == pytest.approx(1.0, abs=0.1)


def test_motion_is_not_always_zero():
    """The replaced system's optical flow was 0.0 whatever moved."""
    camera = looked("camera_analysis", moves(0, 10, 0.0, "static"), moves(10, 20, 0.4))
    values = curve("motion", camera)
    assert between(values, 0, 8) == 0
    assert between(values, 12, 20) == pytest.approx(0.4)


def test_people_move_as_well_as_the_camera():
    camera, bodies = looked("camera_analysis", moves(0, 20, 0.1)), looked("body_pose", active(10, 20, 0.7))
    values = curve("motion", camera, bodies)
    assert between(values, 0, 8) == pytest.approx(0.1)
    assert between(values, 12, 20) == pytest.approx(0.7)


def test_noise_of_a_camera_that_stands_still_is_no_motion():
    assert max(curve("motion", looked("camera_analysis", moves(0, 20, 0.02, "static")))) == 0


def test_speech_counts_words_a_second():
    talk = said(" ".join(["wort"] * 20), 5.0, 15.0)
    values = curve("speech", looked("speech_transcription", talk))
    assert between(values, 7, 13) == pytest.approx(2 / 4, abs=0.05)
    assert between(values, 0, 3.5) == 0


def test_text_counts_what_there_is_to_read():
    values = curve("text", looked("text_overlay", written("x" * 34, 10.0, 14.0)))
    assert between(values, 11, 13) == pytest.approx(0.5, abs=0.01)
    assert between(values, 0, 8) == 0


def test_a_sign_in_the_scene_is_nothing_to_read():
    assert max(curve("text", looked("text_overlay", written("x" * 34, 10.0, 14.0, SCENE)))) == 0


def test_loudness_is_told_against_the_videos_own():
    quiet, loud = [-33.0] * 100, [-19.0] * 100
    values = curve("loudness", looked("audio_analysis", loudness([*quiet, *loud], -20.0)))
    assert between(values, 0, 8) == pytest.approx(5 / 27, abs=0.01)
    assert between(values, 12, 20) == pytest.approx(19 / 27, abs=0.01)


def test_digital_silence_is_no_loudness():
    assert max(curve("loudness", looked("audio_analysis", loudness([-120.0] * 200, None)))) == 0


def test_every_value_is_a_share():
    pace = pace_of(evidence(cuts(*[10 + at / 10 for at in range(20)]), looked("camera_analysis", moves(0, 20, 9.0))))
    assert pace is not None
    assert all(0 <= value <= 1 for values in pace.components.values() for value in values)
