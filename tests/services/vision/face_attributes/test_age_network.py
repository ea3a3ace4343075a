"""The age and gender networks get what their author gave them, and say what they said to him."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.vision.face_attributes.age_network import (
    AGE_CLASS_YEARS,
    AGE_FRAMING,
    AGE_ZOOMS,
    GENDER_FRAMING,
    AgeNetwork,
    network_input,
)
from services.vision.face_attributes.chips import chip, in_pixels, zoomed
from services.vision.face_attributes.samples import FaceSample
from tests.services.vision.face_attributes.made_faces import ancelotti, astronaut, damaged, found, installed


@pytest.fixture(scope="module")
def network() -> AgeNetwork:
    return AgeNetwork(installed("dlib-age"), installed("dlib-gender"), Device(core_count=2))


def cut(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    landmarks = in_pixels(found(picture).landmarks, picture)
    return chip(picture, landmarks, AGE_FRAMING), chip(picture, landmarks, GENDER_FRAMING)


def sample_of(picture: np.ndarray) -> FaceSample:
    landmarks = in_pixels(found(picture).landmarks, picture)
    return FaceSample(face_id=1, track_id=None, pts_s=0.0, end_s=0.2, frame=picture, landmarks_px=landmarks)


def test_the_input_is_red_first_less_the_means_in_256ths() -> None:
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[10, 20] = (255, 117, 0)
    tensor = network_input([picture])
    assert tensor.shape == (1, 3, 64, 64)
    assert tensor.dtype == np.float32
    expected = [(255 - 122.781998) / 256, (117 - 117.000999) / 256, -104.297997 / 256]
    assert tensor[0, :, 10, 20] == pytest.approx(expected, abs=1e-6)
    assert tensor[0, 0, 20, 10] == pytest.approx(-122.781998 / 256, abs=1e-6)


def test_classes_are_years_and_the_first_is_a_quarter() -> None:
    assert AGE_CLASS_YEARS[:3].tolist() == [0.25, 1.0, 2.0]
    assert (len(AGE_CLASS_YEARS), AGE_CLASS_YEARS[-1]) == (81, 80.0)


def test_years_are_the_mean_over_the_networks_own_output(network: AgeNetwork) -> None:
    import onnxruntime

    face, _ = cut(astronaut())
    session = onnxruntime.InferenceSession(str(installed("dlib-age").path), providers=["CPUExecutionProvider"])
    (shares,) = session.run(None, {"images": network_input([face])})
    by_hand = 0.25 * shares[0, 0] + sum(year * float(shares[0, year]) for year in range(1, 81))
    assert network.years([face])[0] == pytest.approx(by_hand, abs=1e-3)


def test_faces_of_a_batch_do_not_change_each_other(network: AgeNetwork) -> None:
    woman, man = cut(astronaut()), cut(ancelotti())
    together = network.years([woman[0], man[0]])
    assert together == pytest.approx([network.years([woman[0]])[0], network.years([man[0]])[0]], abs=1e-3)
    genders = network.genders([woman[1], man[1]])
    assert genders.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert genders[0, 0] > 0.9
    assert genders[1, 1] > 0.9


def test_steady_years_are_the_mean_over_zooms_and_mirror_images_of_each_face(network: AgeNetwork) -> None:
    samples = [sample_of(picture) for picture in (astronaut(), ancelotti())]
    steady = network.steady_years(samples)
    for each, years in zip(samples, steady, strict=True):
        chips = [chip(each.frame, each.landmarks_px, zoomed(AGE_FRAMING, zoom)) for zoom in AGE_ZOOMS]
        single = [network.years([one])[0] for face in chips for one in (face, face[:, ::-1])]
        assert len(single) == 6
        assert years == pytest.approx(np.mean(single), abs=1e-3)


def test_the_models_used_are_told(network: AgeNetwork) -> None:
    assert [model.name for model in network.models] == ["dlib-age", "dlib-gender"]
    assert all(model.licence == "CC0-1.0" and len(model.sha256) == 64 for model in network.models)


def test_a_damaged_file_and_another_network_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "age-v1.onnx"
    broken.write_bytes(b"not a network")
    with pytest.raises(WeightsDamaged, match="cannot be loaded"):
        AgeNetwork(damaged(broken), installed("dlib-gender"), Device(core_count=1))
    with pytest.raises(WeightsDamaged, match="is not dlib-gender"):
        AgeNetwork(installed("dlib-gender"), installed("dlib-gender"), Device(core_count=1))
