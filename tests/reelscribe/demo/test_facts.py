from __future__ import annotations

from typing import Any

import pytest

from reelscribe.demo import scenario
from reelscribe.demo.facts import Spoken, truth_of
from reelscribe.demo.sources import PhotosMissing, find_photos


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    try:
        photos = find_photos()
    except PhotosMissing as error:
        pytest.skip(str(error))
    spoken = [
        Spoken(text=phrase.text, start_s=start, end_s=start + 0.75)
        for phrase in scenario.phrases()
        for start in [scenario.frame_time_s(phrase.start_frame)]
    ]
    return truth_of(photos, spoken, "clip.mp4")


def test_has_the_shape_of_the_other_clips_with_a_known_truth(facts: dict[str, Any]):
    shared = {"file", "width", "height", "fps", "duration_s", "hard_cuts_s", "segments", "speech"}
    assert facts.keys() >= shared | {"title_text", "burned_captions", "camera_moves", "objects"}


def test_there_is_one_cut_fewer_than_shots(facts: dict[str, Any]):
    assert len(facts["hard_cuts_s"]) == len(scenario.SHOTS) - 1
    assert facts["hard_cuts_s"][0] == pytest.approx(139 / 30, abs=1e-3)


def test_a_sentence_runs_from_its_first_word_to_its_last(facts: dict[str, Any]):
    assert facts["speech"][0] == {
        "start_s": 0.9,
        "end_s": 3.35,
        "text": "a rocket waits on the launch pad just before the sun comes up",
    }


def test_every_photo_is_credited(facts: dict[str, Any]):
    assert all(segment["credit"] for segment in facts["segments"])


def test_moves_say_how_far_they_went(facts: dict[str, Any]):
    for move in facts["camera_moves"]:
        if move["kind"].startswith("pan"):
            assert abs(move["travel_right"]) > 0.3
        elif move["kind"].startswith("tilt"):
            assert abs(move["travel_down"]) > 0.3
        else:
            assert (move["zoom_ratio"] > 1) == (move["kind"] == "zoom_in")
