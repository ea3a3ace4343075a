"""What is said of people, camera, places, effects and quality."""

from __future__ import annotations

import pytest

from reelscribe.report.glance import glance
from reelscribe.report.seen import camera, effects, people, products, quality, scenes
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.people_pb2 import (
    Activity,
    AgeEstimate,
    BodyState,
    ClassDistribution,
    GazeDirection,
    Gesture,
    Subject,
)
from reelscribe.v1.picture_pb2 import (
    CameraMove,
    Composition,
    PictureQuality,
    Product,
    Region,
    RegionShares,
    Scene,
    ShotScale,
    VisualEffect,
)
from services.common.time import duration, span
from tests.reelscribe.report.reports import report, result

WOMAN = Subject(track_id=1, face_id=1)


def said(label: str, start_s: float, end_s: float, **shape: object) -> Finding:
    return Finding(span=span(start_s, end_s), label=label, **shape)  # type: ignore[arg-type]


def test_each_person_is_one_line_whoever_said_it() -> None:
    lines = people(
        [
            said("facing_left", 0, 1, subject=WOMAN, body=BodyState()),
            said("facing_camera", 1, 5, subject=WOMAN, body=BodyState()),
            said("waving", 3.2, 4, subject=WOMAN, gesture=Gesture()),
            said("still", 0, 5, subject=WOMAN, activity=Activity()),
            said("looking_at_camera", 1, 5, subject=WOMAN, gaze_direction=GazeDirection()),
            said("apparent_age", 0, 5, subject=WOMAN, age=AgeEstimate(median_years=34.4)),
            said("happy", 0, 5, subject=WOMAN, distribution=ClassDistribution()),
            said("sad", 0, 5, subject=Subject(face_id=2), distribution=ClassDistribution()),
        ]
    )
    assert lines == [
        "person 1: facing camera, facing left, still, waving (0:03.2), looking at camera, looks about 34, happy",
        "face 2: sad",
    ]


def test_the_camera_is_told_by_how_long_it_did_what() -> None:
    lines = camera(
        [
            said("pan_left", 0, 1, camera=CameraMove()),
            said("static", 1, 5, camera=CameraMove()),
            said("pan_left", 5, 7, camera=CameraMove()),
            said("close_up", 0, 5, shot_scale=ShotScale()),
            said("close_up", 5, 7, shot_scale=ShotScale()),
        ]
    )
    assert lines == ["static 4.0 s, pan left 3.0 s", "2 × close up"]


def test_a_scene_that_comes_back_is_counted_once() -> None:
    lines = scenes(
        [
            said("scene", 0, 2, scene=Scene(index=0)),
            said("scene", 2, 4, scene=Scene(index=1)),
            said("scene", 4, 6, scene=Scene(index=0)),
        ]
    )
    assert lines == ["2 scenes: 1 at 0:00.0, 2 at 0:02.0, 1 at 0:04.0"]


def test_what_fills_the_picture_is_weighed_by_time() -> None:
    shares = [RegionShares(regions=[Region(name="person", share=share)]) for share in (0.5, 0.1)]
    lines = scenes([said("setting", 0, 1, regions=shares[0]), said("setting", 1, 4, regions=shares[1])])
    assert lines == ["person 20% of the picture"]


def test_effects_products_and_quality() -> None:
    assert effects([said("flash", 2, 2.1, effect=VisualEffect())]) == ["flash 0:02.0"]
    shown = Product(visible_duration=duration(2.5), screen_share=0.12, texts=["SODA"])
    assert products([said("bottle", 0, 3, product=shown)]) == ["bottle 2.5 s, 12% of the picture, “SODA”"]
    measured = PictureQuality(sharpness=0.031, noise=1.94, contrast=51.0, brisque=17.6)
    lines = quality([said("overall", 0, 3, quality=measured), said("centred", 0, 3, composition=Composition())])
    assert lines == ["sharpness 0.031, noise 1.9, contrast 51, BRISQUE 18", "centred"]


@pytest.mark.parametrize("tell", [people, camera, scenes, effects, products, quality])
def test_nothing_is_said_of_nothing(tell: object) -> None:
    assert tell([]) == []  # type: ignore[operator]


def test_the_glance_has_them_in_sections_of_their_own() -> None:
    sections = glance(report(result("camera_analysis", said("static", 0, 5, camera=CameraMove()))))
    assert [(section.title, section.lines[0].text) for section in sections] == [("camera", "static 5.0 s")]
