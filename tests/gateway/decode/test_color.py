import numpy as np
import pytest

from gateway.decode.color import (
    BT601,
    BT709,
    BT2020,
    FULL_RANGE,
    HLG,
    LIMITED_RANGE,
    PQ,
    SDR_WHITE_NITS,
    UNSPECIFIED,
    hlg_to_scene,
    is_hdr,
    matrix_of,
    nits_to_pq,
    pq_to_nits,
    range_of,
    to_sdr,
    tone_mapped_nits,
)


def test_tags_choose_the_matrix_and_untagged_video_goes_by_its_size():
    assert matrix_of(1, 320, 240) == BT709
    assert matrix_of(6, 1920, 1080) == BT601
    assert matrix_of(9, 1920, 1080) == BT2020
    assert matrix_of(UNSPECIFIED, 640, 480) == BT601
    assert matrix_of(UNSPECIFIED, 720, 1280) == BT709


def test_untagged_yuv_is_limited_and_rgb_full():
    assert range_of(0, rgb=False) == LIMITED_RANGE
    assert range_of(0, rgb=True) == FULL_RANGE
    assert range_of(FULL_RANGE, rgb=False) == FULL_RANGE


def test_only_pq_and_hlg_are_hdr():
    assert [transfer for transfer in range(20) if is_hdr(transfer)] == [PQ, HLG]


def test_pq_has_the_values_of_its_standard():
    # ITU-R BT.2408, table 1: 203 nits are 58.1 % PQ; 10000 nits are 100 %.
    assert pq_to_nits(np.array([0.0, 0.5806, 1.0])) == pytest.approx([0.0, 203.0, 10000.0], rel=1e-3)
    signal = np.linspace(0, 1, 101)
    assert nits_to_pq(pq_to_nits(signal)) == pytest.approx(signal, abs=1e-6)


def test_hlg_has_the_values_of_its_standard():
    # ITU-R BT.2100: 50 % is 1/12 of the peak. BT.2408: 75 % is 203 nits on a 1000-nit display.
    assert hlg_to_scene(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.0, 1 / 12, 1.0], abs=1e-6)
    assert 1000 * float(hlg_to_scene(np.array(0.75))) ** 1.2 == pytest.approx(203, rel=0.01)


def test_tone_mapping_keeps_shadows_and_never_passes_white():
    nits = np.linspace(0, 1000, 2001)
    mapped = tone_mapped_nits(nits)
    assert mapped[nits < 80] == pytest.approx(nits[nits < 80], rel=1e-6, abs=1e-6)
    assert np.all(np.diff(mapped) > -1e-6)
    assert mapped[-1] == pytest.approx(SDR_WHITE_NITS, rel=1e-3)


def gray(signals: list[float]) -> np.ndarray:
    return np.repeat((np.array(signals) * 65535).astype(np.uint16)[None, :, None], 3, axis=2)


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_gray_stays_gray_and_rises(transfer):
    sdr = to_sdr(gray([0.0, 0.2, 0.4, 0.6, 0.7, 1.0]), transfer=transfer, primaries=BT2020).astype(int)
    assert np.ptp(sdr, axis=2).max() <= 1
    assert np.all(np.diff(sdr[0, :, 0]) > 0)
    assert sdr[0, 0, 0] == 0
    assert sdr[0, -1, 0] == 255


def test_reference_white_is_bright_but_leaves_room_for_highlights():
    pq, hlg = (
        int(to_sdr(gray([signal]), transfer=transfer, primaries=BT2020)[0, 0, 0])
        for transfer, signal in ((PQ, 0.5806), (HLG, 0.75))
    )
    assert 200 <= pq <= 240
    assert abs(pq - hlg) <= 2


def test_bright_orange_keeps_its_hue():
    nits = np.array([600.0, 300.0, 30.0])
    signal = (nits_to_pq(nits) * 65535).astype(np.uint16).reshape(1, 1, 3)
    red, green, blue = (to_sdr(signal, transfer=PQ, primaries=BT709)[0, 0] / 255.0) ** 2.4
    assert green / red == pytest.approx(0.5, abs=0.02)
    assert blue / red == pytest.approx(0.05, abs=0.01)


def test_the_most_saturated_colors_stay_in_range():
    corners = np.array(np.meshgrid([0, 65535], [0, 65535], [0, 65535])).reshape(3, 1, 8).transpose(1, 2, 0)
    sdr = to_sdr(corners.astype(np.uint16), transfer=HLG, primaries=BT2020)
    assert sdr[0].max(axis=1).tolist()[1:] == pytest.approx([255] * 7, abs=1)
    assert sdr[0, 0].tolist() == [0, 0, 0]
