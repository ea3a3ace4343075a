from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding
from services.common.device import Device
from services.common.time import span_s
from services.common.window import FrameBatch, Window
from services.vision.analyzers.visual_effects import VisualEffects
from services.vision.percepts.shots import NEED, Shots
from tests.services.vision.effect_clips import (
    RATE_HZ,
    batches_of,
    black_and_white,
    encoded,
    enlarged,
    frames_of_file,
    handheld,
    mixed_with,
    on_blurred_bars,
)
from tests.services.vision.perceived import loaded, perceived
from tests.windows import findings_of, part_of, windows_of_frames

UNEDITED = (
    "androidx_sample_shorter_audio.mp4",
    "androidx_sample_vvc.mp4",
    "grid_brbk7n.mpg",
    "grid_id2_vcd_swwp2s.mpg",
    "intel_asl_again.mkv",
    "mdn_flower.mp4",
    "mediabunny_cursed-vfr.mp4",
    "intel_asl_thanks.mkv",
    "mdn_friday.mp4",
    "moviepy_video_with_failing_audio.mp4",
    "psd_counter.mp4",
    "psd_fades.mp4",
)
"""Looked at: camera or screen recordings, slides, fades; one shot each or cuts only. Nothing of the kinds below."""


def windows_of(frames: np.ndarray, first_index: int = 0) -> Iterator[Window]:
    """Of one shot."""
    for index, (batch, end_s) in enumerate(batches_of(frames, first_index=first_index)):
        contents = {NEED: batch, Shots: ()}
        yield Window(index=index, start_s=float(batch.pts_s[0]), end_s=end_s, contents=contents)


def of_one_shot(windows: Iterator[Window]) -> Iterator[Window]:
    for window in windows:
        contents = {NEED: window[NEED], Shots: ()}
        yield Window(index=window.index, start_s=window.start_s, end_s=window.end_s, contents=contents)


def windows_of_clip(path: Path) -> Iterator[Window]:
    frames, times = frames_of_file(path)
    return of_one_shot(windows_of_frames(list(frames), times, 2 * times[-1] - times[-2], (NEED,)))


def effects(frames: np.ndarray) -> list[Finding]:
    return findings_of(VisualEffects(), windows_of(frames))


def rows(finding: Finding) -> tuple[int, int]:
    start_s, end_s = span_s(finding.span)
    return round(start_s * RATE_HZ), round(end_s * RATE_HZ)


def test_each_effect_of_an_edited_clip_is_found_where_it_was_put() -> None:
    frames = handheld("bus", 120)
    frames[15:17] = mixed_with(frames[15:17], 255, [1.0, 0.5])
    frames[35:50] = frames[35]
    frames[65:80] = enlarged(frames[65:80], 1.25)
    frames[95:] = black_and_white(frames[95:])
    found = sorted(effects(encoded(frames)), key=lambda finding: span_s(finding.span))
    assert [(finding.label, rows(finding)) for finding in found] == [
        ("flash", (15, 17)),
        ("freeze_frame", (35, 50)),
        ("zoom_punch", (65, 66)),
        ("zoom_punch", (80, 81)),
        ("grade_change", (95, 96)),
    ]
    flash, freeze, closer, back, grade = (finding.effect for finding in found)
    assert flash.flash.frame_count == 2
    assert flash.flash.brightness_change > 50
    assert freeze.freeze.frame_count == 15
    assert freeze.freeze.largest_difference < 1
    assert closer.zoom.scale == pytest.approx(1.25, rel=0.01)
    assert back.zoom.scale == pytest.approx(0.8, rel=0.01)
    assert grade.grade.chroma_change < -5


def test_old_bug_confidence_is_not_invented() -> None:
    """Every effect was reported with a confidence of 0.8."""
    frames = on_blurred_bars(handheld("coffee", 60, width_px=144, height_px=96))
    frames[20:22] = 255
    found = effects(frames)
    assert {finding.label for finding in found} == {"flash", "letterbox"}
    assert not any(finding.HasField("confidence") for finding in found)
    assert all(finding.effect.WhichOneof("evidence") for finding in found)


def test_slow_motion_tells_its_repeats() -> None:
    frames = handheld("bus", 60, speed=0.002)
    (slow,) = effects(frames[[*range(24), *np.repeat(np.arange(24, 40), 2), *range(40, 60)]])
    assert (slow.label, rows(slow)) == ("slow_motion", (24, 56))
    assert slow.effect.speed.repeats_per_frame == pytest.approx(2)
    assert slow.effect.speed.frame_count == 32


@pytest.mark.parametrize("name", ["bus", "zidane", "coffee"])
def test_a_handheld_shot_has_no_effects(name: str) -> None:
    assert effects(encoded(handheld(name, 90))) == []


def test_a_still_picture_is_no_effect() -> None:
    assert effects(np.repeat(handheld("bus", 1), 90, axis=0)) == []


def test_the_whole_duration_is_looked_at_and_what_ended_in_the_lead_in_is_not_repeated() -> None:
    frames = handheld("bus", 120)
    for row in (20, 100):
        frames[row] = 255
    analyzer = VisualEffects()
    part = replace(part_of(analyzer), start_s=60.0, own_start_s=62.0)
    (flash,) = analyzer.analyze(part, windows_of(frames, first_index=60 * RATE_HZ))
    assert rows(flash) == (1900, 1901)


def test_an_effect_is_told_while_the_video_is_still_read() -> None:
    frames = handheld("bus", 120)
    frames[20] = 255
    windows = list(windows_of(frames))
    read: list[int] = []

    def reading() -> Iterator[Window]:
        for window in windows:
            read.append(window.index)
            yield window

    analyzer = VisualEffects()
    assert [finding.label for finding in islice(analyzer.analyze(part_of(analyzer), reading()), 1)] == ["flash"]
    assert read == [0, 1] or read == [0]


def empty(index: int) -> Window:
    batch = FrameBatch(rgb=np.empty((0, 1, 1, 3), np.uint8), pts_s=np.empty(0), index=np.empty(0, np.int64))
    return Window(index=index, start_s=float(index), end_s=index + 1.0, contents={NEED: batch, Shots: ()})


def test_no_windows_and_windows_without_frames_have_no_effects() -> None:
    assert findings_of(VisualEffects(), iter([])) == []
    assert findings_of(VisualEffects(), iter([empty(0), empty(1)])) == []


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (17, 9)])
def test_tiny_pictures_are_no_trouble(size: tuple[int, int]) -> None:
    frames = np.stack([cv2.resize(frame, size) for frame in handheld("bus", 40)])
    assert [finding.label for finding in effects(frames) if finding.label != "freeze_frame"] == []


def test_windows_of_one_frame_find_the_same() -> None:
    frames = handheld("bus", 60)
    frames[20:22] = 255
    times = list(np.arange(60) / RATE_HZ)
    singles = list(of_one_shot(windows_of_frames(list(frames), times, 2.0, (NEED,), length_s=1 / RATE_HZ)))
    assert len(singles) == 60
    (flash,) = findings_of(VisualEffects(), iter(singles))
    assert rows(flash) == (20, 22)


@pytest.mark.parametrize("clip", UNEDITED)
def test_a_clip_without_effects_has_none(media_dir: Path, clip: str) -> None:
    assert findings_of(VisualEffects(), windows_of_clip(media_dir / "video" / clip)) == []


def test_with_real_shots_a_cut_is_no_effect_and_a_freeze_may_end_with_it(device: Device) -> None:
    pytest.importorskip("torch")
    frames = np.concatenate([handheld("bus", 60), handheld("coffee", 40)])
    frames[40:60] = frames[40]
    windows = windows_of_frames(list(frames), list(np.arange(100) / RATE_HZ), 100 / RATE_HZ, (NEED,))
    analyzer = VisualEffects()
    (freeze,) = findings_of(analyzer, perceived(windows, loaded([Shots], device), part_of(analyzer)))
    assert (freeze.label, rows(freeze)) == ("freeze_frame", (40, 60))


def test_the_composite_has_blurred_bars_and_a_film_between_black_ones(composite: Path) -> None:
    found = sorted(findings_of(VisualEffects(), windows_of_clip(composite)), key=lambda finding: span_s(finding.span))
    frame_s = 1 / 30
    assert [(finding.label, finding.effect.layout.surround) for finding in found] == [
        ("letterbox", "blurred"),
        ("letterbox", "blurred"),
        ("pillarbox", "black"),
    ]
    # 720x540 and 720x405 in the middle of 720x1280; a 560 px wide film from 17.333 s on.
    boxes = [finding.effect.layout.boxes[0] for finding in found]
    assert [boxes[0].top, boxes[0].bottom] == pytest.approx([370 / 1280, 910 / 1280], abs=2 / 256)
    assert [boxes[1].top, boxes[1].bottom] == pytest.approx([437 / 1280, 842 / 1280], abs=2 / 256)
    assert [boxes[2].left, boxes[2].right] == pytest.approx([80 / 720, 640 / 720], abs=2 / 144)
    starts = [span_s(finding.span)[0] for finding in found]
    assert starts == pytest.approx([0, 5.967, 17.333], abs=frame_s)
    assert span_s(found[0].span)[1] == pytest.approx(5.967, abs=frame_s)
    assert all(span_s(finding.span)[1] == pytest.approx(24.833, abs=frame_s) for finding in found[1:])
