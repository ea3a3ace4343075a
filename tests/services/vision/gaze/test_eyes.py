from __future__ import annotations

import numpy as np
import pytest

from services.vision.gaze.eyes import (
    AHEAD_YAW_DEG,
    LEVEL_PITCH_DEG,
    LID_POINTS,
    YAW_PER_SHARE_DEG,
    Eye,
    EyeTurn,
    eye_turn,
    look,
    openness,
    seen_eyes,
)
from services.vision.gaze.head import HeadPose, direction_deg, turn_of
from tests.services.vision.gaze.faces import canonical, seen_from

NOWHERE = {f"eyeLook{way}{side}": 0.0 for way in ("In", "Out", "Up", "Down") for side in ("Left", "Right")}
BOTH = (Eye.LEFT, Eye.RIGHT)


def test_eyes_that_look_nowhere_in_particular_look_straight_ahead() -> None:
    assert eye_turn(NOWHERE, BOTH) == EyeTurn(yaw_deg=-AHEAD_YAW_DEG, pitch_deg=LEVEL_PITCH_DEG)


def test_the_left_eye_outwards_and_the_right_one_inwards_is_to_the_picture_s_right() -> None:
    turn = eye_turn(NOWHERE | {"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0}, BOTH)
    assert turn is not None
    assert turn.yaw_deg == pytest.approx(YAW_PER_SHARE_DEG - AHEAD_YAW_DEG)


def test_a_squint_cancels_out() -> None:
    turn = eye_turn(NOWHERE | {"eyeLookInLeft": 0.5, "eyeLookInRight": 0.5}, BOTH)
    assert turn is not None
    assert turn == eye_turn(NOWHERE, BOTH)


def test_down_is_down() -> None:
    turn = eye_turn(NOWHERE | {"eyeLookDownLeft": 0.8, "eyeLookDownRight": 0.8}, BOTH)
    assert turn is not None
    assert turn.pitch_deg < -10.0


def test_the_nose_hides_the_far_eye_and_then_the_head_hides_both() -> None:
    assert seen_eyes(HeadPose(turn=turn_of(0, 0))) == BOTH
    assert seen_eyes(HeadPose(turn=turn_of(40, 0))) == (Eye.RIGHT,)
    assert seen_eyes(HeadPose(turn=turn_of(-40, 0))) == (Eye.LEFT,)
    assert seen_eyes(HeadPose(turn=turn_of(70, 0))) == ()
    assert eye_turn(NOWHERE, ()) is None


def test_eyes_turned_back_by_as_much_as_the_head_is_turned_away_look_at_the_camera() -> None:
    head = HeadPose(turn=turn_of(20, 0))
    yaw_deg, pitch_deg = direction_deg(look(head, EyeTurn(yaw_deg=-20.0, pitch_deg=0.0)))
    assert (yaw_deg, pitch_deg) == pytest.approx((0, 0), abs=1e-6)


def test_on_a_head_that_lies_on_its_side_up_is_to_the_side() -> None:
    head = HeadPose(turn=turn_of(0, 0, 90))
    yaw_deg, pitch_deg = direction_deg(look(head, EyeTurn(yaw_deg=0.0, pitch_deg=20.0)))
    assert (yaw_deg, pitch_deg) == pytest.approx((20, 0), abs=1e-6)


def test_a_turn_of_the_head_does_not_close_the_eyes() -> None:
    face = canonical()
    frontal = openness(seen_from(face, turn_of(0, 0)), Eye.LEFT)
    assert frontal > 0.15
    for pose in ((40, 0), (-40, 10), (0, -30)):
        assert openness(seen_from(face, turn_of(*pose)), Eye.LEFT) == pytest.approx(frontal)


def test_lids_on_each_other_are_closed() -> None:
    points = seen_from(canonical(), turn_of(0, 0))
    _, upper_outer, upper_inner, _, lower_inner, lower_outer = LID_POINTS[Eye.RIGHT]
    points[[upper_outer, upper_inner]] = points[[lower_outer, lower_inner]]
    assert openness(points, Eye.RIGHT) == 0.0
    assert openness(np.zeros((478, 3)), Eye.RIGHT) == 0.0
