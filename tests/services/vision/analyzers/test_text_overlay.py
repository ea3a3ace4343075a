from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding, TextKind
from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.common.time import span_s
from services.common.weights import locate
from services.common.window import FrameBatch, Window
from services.vision.analyzers.text_overlay import TextOverlay
from services.vision.percepts.texts import EVERY_FRAME, READABLE, Texts, TextsSettings
from tests.services.vision.perceived import part_for
from tests.services.vision.text_clips import Lettering, lettered, noise, pan, scenery, still, windows_of
from tests.windows import part_of, windows_of_file

FRAME_S = 1 / 30


@pytest.fixture(scope="module")
def texts(device: Device) -> Texts:
    loaded = Texts()
    loaded.load(device)
    return loaded


def read_clip(
    texts: Texts, windows: Sequence[Window], own_start_s: float = 0.0, **settings: Any
) -> tuple[list[Finding], int]:
    """Findings, and how many frames were read for them."""
    counts: list[int] = []
    analyzer = TextOverlay()
    part = dataclasses.replace(part_of(analyzer), own_start_s=own_start_s, count_processed=counts.append)
    perceiving = dataclasses.replace(part_for(texts), settings=TextsSettings(**settings))
    values = texts.perceive(perceiving, iter(windows))
    filled = [
        Window(index=window.index, start_s=window.start_s, end_s=window.end_s, contents={Texts: value})
        for window, value in zip(windows, values, strict=True)
    ]
    return list(analyzer.analyze(part, iter(filled))), sum(counts)


def clip(frames: Sequence[np.ndarray]) -> list[Window]:
    return windows_of(frames, (EVERY_FRAME, READABLE))


def by_start(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (span_s(finding.span)[0], finding.text.box.top))


def offered(windows: Sequence[Window]) -> int:
    return sum(len(window[READABLE]) for window in windows)


def test_title_and_captions_are_read_with_umlauts_and_their_exact_frames(texts: Texts) -> None:
    truth = [
        Lettering(content="SCHÖNE GRÜSSE", start_s=0.0, end_s=4.0, middle=0.1, height=0.05, colour=(255, 255, 255)),
        Lettering(content="über große Äpfel", start_s=0.5, end_s=2.3),
        Lettering(content="und süße Möhren", start_s=2.3, end_s=3.5),
    ]
    findings, _ = read_clip(texts, clip(lettered(noise(120), truth)))

    found = by_start(findings)
    assert [finding.text.content for finding in found] == [lettering.content for lettering in truth]
    assert [finding.label for finding in found] == ["title", "caption", "caption"]
    for finding, lettering in zip(found, truth, strict=True):
        start_s, end_s = span_s(finding.span)
        assert abs(start_s - lettering.start_s) <= 2 * FRAME_S
        assert abs(end_s - lettering.end_s) <= 2 * FRAME_S
        assert finding.confidence > 0.9
        assert [word.content for word in finding.text.words] == lettering.content.split()


def test_a_caption_of_six_tenths_of_a_second_is_not_missed(texts: Texts) -> None:
    truth = Lettering(content="nur ganz kurz da", start_s=1.2, end_s=1.8)
    findings, _ = read_clip(texts, clip(lettered(noise(90), [truth])))

    assert [finding.text.content for finding in findings] == ["nur ganz kurz da"]
    assert span_s(findings[0].span) == pytest.approx((1.2, 1.8), abs=2 * FRAME_S)


def test_captions_that_follow_one_another_are_two_texts(texts: Texts) -> None:
    truth = [
        Lettering(content="das ist der erste", start_s=0.2, end_s=1.7),
        Lettering(content="das ist der zweite", start_s=1.7, end_s=3.1),
    ]
    findings, _ = read_clip(texts, clip(lettered(pan(105), truth)))

    found = by_start(findings)
    assert [finding.text.content for finding in found] == ["das ist der erste", "das ist der zweite"]
    assert span_s(found[0].span) == pytest.approx((0.2, 1.7), abs=2 * FRAME_S)
    assert span_s(found[1].span) == pytest.approx((1.7, 3.1), abs=2 * FRAME_S)
    assert {finding.text.kind for finding in found} == {TextKind.TEXT_KIND_CAPTION}


def test_lines_of_one_block_are_one_text(texts: Texts) -> None:
    truth = Lettering(content="zwei Zeilen hier\nsind ein Text", start_s=0.4, end_s=2.0)
    findings, _ = read_clip(texts, clip(lettered(pan(75), [truth])))

    assert [finding.text.content for finding in findings] == ["zwei Zeilen hier\nsind ein Text"]
    box = findings[0].text.box
    assert box.bottom - box.top > 2 * truth.height


def test_a_steady_overlay_over_a_moving_picture_is_not_read_again_and_again(texts: Texts) -> None:
    windows = clip(lettered(pan(300), [Lettering(content="FOLGE MIR", start_s=0.0, end_s=10.0, height=0.05)]))
    findings, read = read_clip(texts, windows)

    assert [finding.text.content for finding in findings] == ["FOLGE MIR"]
    assert span_s(findings[0].span) == pytest.approx((0.0, 10.0), abs=1e-6)
    assert offered(windows) / read >= 4


def test_a_picture_that_stands_still_is_read_once(texts: Texts) -> None:
    windows = clip(lettered(still(150), [Lettering(content="Standbild", start_s=0.0, end_s=5.0)]))
    findings, read = read_clip(texts, windows)

    assert [finding.text.content for finding in findings] == ["Standbild"]
    assert read == 1


def test_frames_without_text_give_nothing(texts: Texts) -> None:
    for ground in (noise(60), pan(60), still(60)):
        findings, read = read_clip(texts, clip(list(ground)))
        assert findings == []
        assert read >= 1


def test_no_letters_are_replaced_inside_words(texts: Texts) -> None:
    content = "welche Milch ich mag"
    findings, _ = read_clip(texts, clip(lettered(still(45), [Lettering(content=content, start_s=0.0, end_s=1.5)])))

    assert [finding.text.content for finding in findings] == [content]


def test_a_sign_that_moves_with_the_scene_is_scene_text(texts: Texts) -> None:
    wide = scenery(720, 640)
    sign = Lettering(content="BAHNHOF", start_s=0.0, end_s=9.0, middle=0.4, height=0.06, colour=(255, 255, 255))
    from tests.services.vision.text_clips import draw

    street = draw(wide, sign)
    findings, _ = read_clip(texts, clip([street[:, 120 + index : 480 + index] for index in range(90)]))

    assert [(finding.text.content, finding.label) for finding in findings] == [("BAHNHOF", "scene_text")]
    assert span_s(findings[0].span) == pytest.approx((0.0, 3.0), abs=2 * FRAME_S)


def test_a_text_that_stays_over_a_cut_is_one_text(texts: Texts) -> None:
    grounds = [*still(45), *noise(45)]
    truth = Lettering(content="bleibt stehen", start_s=0.0, end_s=3.0, middle=0.1, height=0.05)
    findings, _ = read_clip(texts, clip(lettered(iter(grounds), [truth])))

    assert [finding.text.content for finding in findings] == ["bleibt stehen"]
    assert span_s(findings[0].span) == pytest.approx((0.0, 3.0), abs=2 * FRAME_S)


def test_the_same_words_shown_twice_are_two_texts(texts: Texts) -> None:
    truth = [
        Lettering(content="nochmal", start_s=0.3, end_s=1.3),
        Lettering(content="nochmal", start_s=2.2, end_s=3.2),
    ]
    findings, _ = read_clip(texts, clip(lettered(pan(120), truth)))

    spans = [span_s(finding.span) for finding in by_start(findings)]
    assert spans == [pytest.approx((0.3, 1.3), abs=2 * FRAME_S), pytest.approx((2.2, 3.2), abs=2 * FRAME_S)]


def test_a_part_may_start_anywhere(texts: Texts) -> None:
    frames = lettered(pan(60), [Lettering(content="mittendrin", start_s=0.5, end_s=1.5)])
    windows = windows_of(frames, (EVERY_FRAME, READABLE), start_s=60.0)
    findings, _ = read_clip(texts, windows)

    assert [span_s(finding.span) for finding in findings] == [pytest.approx((60.5, 61.5), abs=2 * FRAME_S)]


def test_what_ends_in_the_lead_in_belongs_to_the_part_before(texts: Texts) -> None:
    frames = lettered(pan(90), [Lettering(content="vorher", start_s=0.2, end_s=1.5)])

    assert read_clip(texts, clip(frames), own_start_s=2.0)[0] == []


def test_a_single_frame_is_read(texts: Texts) -> None:
    frame = lettered(still(1), [Lettering(content="ein Bild", start_s=0.0, end_s=1.0)])
    findings, read = read_clip(texts, clip(frame))

    assert [finding.text.content for finding in findings] == ["ein Bild"]
    assert span_s(findings[0].span) == pytest.approx((0.0, FRAME_S))
    assert read == 1


def test_no_windows_and_empty_windows_give_nothing(texts: Texts) -> None:
    nothing = FrameBatch(
        rgb=np.empty((0, 1, 1, 3), dtype=np.uint8), pts_s=np.empty(0), index=np.empty(0, dtype=np.int64)
    )
    empty = Window(index=0, start_s=0.0, end_s=1.0, contents={EVERY_FRAME: nothing, READABLE: nothing})

    assert read_clip(texts, []) == ([], 0)
    assert read_clip(texts, [empty, empty]) == ([], 0)


@pytest.mark.parametrize(("width", "height"), [(2, 2), (16, 9), (33, 17), (1, 40)])
def test_tiny_frames_give_nothing(texts: Texts, width: int, height: int) -> None:
    frames = list(noise(20, width=width, height=height))

    assert read_clip(texts, clip(frames))[0] == []


def test_frames_may_change_their_size(texts: Texts) -> None:
    small = list(noise(30, width=160, height=120))
    large = list(noise(30, width=320, height=180))
    windows = clip(small)
    windows += windows_of(large, (EVERY_FRAME, READABLE), start_s=1.0)

    assert read_clip(texts, windows)[0] == []


def test_parts_may_run_side_by_side(texts: Texts) -> None:
    found: dict[str, list[str]] = {}

    def run(content: str) -> None:
        frames = lettered(pan(45), [Lettering(content=content, start_s=0.2, end_s=1.2)])
        found[content] = [finding.text.content for finding in read_clip(texts, clip(frames))[0]]

    threads = [threading.Thread(target=run, args=(content,)) for content in ("links lang", "rechts rum")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {"links lang": ["links lang"], "rechts rum": ["rechts rum"]}


def test_the_report_names_its_weights(texts: Texts) -> None:
    (model,) = texts.models
    assert model.name == "pp-ocrv6-small"
    assert model.library.startswith("rapidocr 3.")
    assert len(model.sha256) == 64
    assert (model.device, model.precision) == ("cpu", "float32")


def test_a_request_may_choose_the_other_reader(texts: Texts) -> None:
    _require("easyocr-english")
    truth = Lettering(content="plain words", start_s=0.0, end_s=1.0, height=0.05)
    findings, read = read_clip(texts, clip(lettered(still(30), [truth])), reader="easyocr")

    assert [finding.text.content for finding in findings] == ["plain words"]
    assert read == 1


def _require(name: str) -> None:
    pytest.importorskip("easyocr")
    try:
        locate(name)
    except WeightsNotInstalled as missing:
        pytest.skip(f"{missing}: {missing.fix}")


@pytest.mark.parametrize("name", ["mdn_flower.mp4", "mdn_friday.mp4", "intel_one-by-one-person-detection.mp4"])
def test_clips_without_text_have_at_most_one_false_text_in_ten_seconds(
    texts: Texts, media_dir: Path, name: str
) -> None:
    windows = list(windows_of_file(media_dir / "video" / name, TextOverlay(), 12.0))
    findings, _ = read_clip(texts, windows)

    assert len(findings) <= windows[-1].end_s / 10.0
