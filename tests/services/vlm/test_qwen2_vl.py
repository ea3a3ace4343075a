"""The real classes with random weights: pixels, order, tokens, padding, growing and shrinking batches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from services.vlm.prompts import load_prompt
from services.vlm.qwen2_vl import Qwen2Vl
from services.vlm.segment_model import OutOfMemory, Request
from services.vlm.segments import PATCH_PX, Pixels

MEAN = np.array([0.48145466, 0.4578275, 0.40821073])
STD = np.array([0.26862954, 0.26130258, 0.27577711])


def request_of(*frames: Pixels, ask: str = "What happens?", system: str = "Describe.") -> Request:
    return Request(
        frames=frames, system=system, ask=ask, max_pixels=256 * 28 * 28, max_new_tokens=8, max_prompt_tokens=4096
    )


def noise(count: int, height: int, width: int, seed: int = 0) -> list[Pixels]:
    return list(np.random.default_rng(seed).integers(0, 256, (count, height, width, 3), dtype=np.uint8))


SEGMENTS = [
    request_of(*noise(4, 56, 84, 1)),
    request_of(*noise(2, 112, 56, 2), ask="Was geschieht hier, und wer ist zu sehen?"),
    request_of(*noise(3, 100, 180, 3), ask="Go on"),
]


def greedy(model: Qwen2Vl, requests: list[Request], step_count: int = 8) -> tuple[list[list[int]], torch.Tensor]:
    """(tokens per row, logits (rows, steps, vocabulary))."""
    rows, logits = model.begin(requests)
    tokens, seen = [[] for _ in requests], []
    for _ in range(step_count):
        seen.append(logits)
        for written, token in zip(tokens, logits.argmax(-1).tolist(), strict=True):
            written.append(token)
        logits = model.step(rows, [written[-1] for written in tokens])
    return tokens, torch.stack(seen, dim=1)


@pytest.fixture(params=["tiny_model", "tiny_model_2_5"])
def either_model(request: pytest.FixtureRequest) -> Qwen2Vl:
    """Qwen2-VL, then Qwen2.5-VL: one code."""
    model: Qwen2Vl = request.getfixturevalue(request.param)
    return model


def shown_frames(inputs: dict[str, torch.Tensor]) -> np.ndarray:
    """The frames as RGB in [0, 255], read back from the patches that the processor hands to the vision tower."""
    time, high, wide = inputs["video_grid_thw"][0].tolist()
    patches = inputs["pixel_values_videos"].numpy()
    patches = patches.reshape(time, high // 2, wide // 2, 2, 2, 3, 2, PATCH_PX, PATCH_PX)
    frames = patches.transpose(0, 6, 1, 3, 7, 2, 4, 8, 5)
    frames = frames.reshape(time * 2, high * PATCH_PX, wide * PATCH_PX, 3)
    return (frames * STD + MEAN) * 255


def test_the_model_is_shown_exactly_the_frames_in_rgb_and_in_order(tiny_model: Qwen2Vl) -> None:
    frames = noise(4, 56, 112)
    frames[0][:] = (255, 0, 0)
    frames[3][:] = (0, 0, 255)
    shown = shown_frames(tiny_model._chat.padded([request_of(*frames)]))
    assert shown.shape == (4, 56, 112, 3)
    np.testing.assert_allclose(shown, np.stack(frames), atol=0.01)


def test_a_portrait_frame_stays_a_portrait(tiny_model: Qwen2Vl) -> None:
    grid = tiny_model._chat.padded([request_of(*noise(4, 640, 360))])["video_grid_thw"][0].tolist()
    assert grid == [2, 42, 24]  # 588 x 336 px


def test_a_single_frame_is_doubled(tiny_model: Qwen2Vl) -> None:
    (frame,) = noise(1, 56, 56)
    shown = shown_frames(tiny_model._chat.padded([request_of(frame)]))
    np.testing.assert_allclose(shown, np.stack([frame, frame]), atol=0.01)


@pytest.mark.parametrize(
    ("count", "height", "width"),
    [(1, 1, 1), (2, 3, 5), (3, 29, 41), (4, 640, 360), (5, 360, 640), (4, 641, 363), (6, 1280, 24), (2, 42, 70)],
)
def test_the_cost_is_known_exactly_before_the_call(either_model: Qwen2Vl, count: int, height: int, width: int) -> None:
    request = request_of(*noise(count, height, width), ask="Was geschieht?")
    assert either_model.prompt_token_count(request) == either_model._chat.padded([request])["input_ids"].shape[1]


@pytest.mark.parametrize("language_code", ["en", "de"])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_prompt_is_what_the_file_says_and_nothing_else(
    tiny_model: Qwen2Vl, language_code: str, version: str
) -> None:
    prompt = load_prompt(language_code, version)
    inputs = tiny_model._chat.padded([request_of(*noise(2, 56, 56), ask=prompt.ask, system=prompt.system)])
    text = tiny_model._chat.processor.tokenizer.decode(inputs["input_ids"][0])
    assert text == (
        f"<|im_start|>system\n{prompt.system}<|im_end|>\n<|im_start|>user\n<|vision_start|>"
        f"{'<|video_pad|>' * 4}<|vision_end|>{prompt.ask}<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_segment_alone_and_in_a_batch_is_the_same(either_model: Qwen2Vl) -> None:
    tokens, logits = greedy(either_model, SEGMENTS)
    for row, request in enumerate(SEGMENTS):
        alone_tokens, alone_logits = greedy(either_model, [request])
        assert tokens[row] == alone_tokens[0]
        torch.testing.assert_close(logits[row], alone_logits[0], atol=1e-4, rtol=0)
    assert len({tuple(written) for written in tokens}) == 3, "what is written depends on what is shown"


def test_it_writes_what_the_library_itself_would(either_model: Qwen2Vl) -> None:
    tokens, _ = greedy(either_model, SEGMENTS[:1])
    made = either_model._chat.processed(SEGMENTS[0])
    reference = either_model._model.generate(**made, max_new_tokens=8, do_sample=False)
    assert tokens[0] == reference[0, made["input_ids"].shape[1] :].tolist()


def test_the_newer_model_is_told_how_far_the_frames_lie_apart(tiny_model_2_5: Qwen2Vl, tiny_model: Qwen2Vl) -> None:
    request = replace(SEGMENTS[0], frame_step_s=0.5)
    assert tiny_model_2_5._chat.padded([request])["second_per_grid_ts"].tolist() == [1.0]
    assert "second_per_grid_ts" not in tiny_model._chat.padded([request])
    apart, near = (tiny_model_2_5.begin([one])[1] for one in (request, SEGMENTS[0]))
    assert not torch.equal(apart, near)


def test_rows_may_join_and_leave_between_two_steps(either_model: Qwen2Vl) -> None:
    expected = [greedy(either_model, [request])[0][0] for request in SEGMENTS]
    rows, logits = either_model.begin(SEGMENTS[:2])
    first = logits.argmax(-1).tolist()
    second = either_model.step(rows, first).argmax(-1).tolist()
    joining, joining_logits = either_model.begin(SEGMENTS[2:])
    rows = either_model.join(rows, joining)
    third = either_model.step(rows, [*second, joining_logits.argmax(-1).item()]).argmax(-1).tolist()
    rows = either_model.keep(rows, [2, 0])
    fourth = either_model.step(rows, [third[2], third[0]]).argmax(-1).tolist()
    assert [first[0], second[0], third[0], fourth[1]] == expected[0][:4]
    assert [first[1], second[1], third[1]] == expected[1][:3]
    assert [joining_logits.argmax(-1).item(), third[2], fourth[0]] == expected[2][:3]


def test_padding_that_no_row_needs_is_cut_off(tiny_model: Qwen2Vl) -> None:
    rows, _ = tiny_model.begin(SEGMENTS)
    shortest = min(range(3), key=lambda row: tiny_model.prompt_token_count(SEGMENTS[row]))
    kept = tiny_model.keep(rows, [shortest])
    assert kept.cache.length == kept.lengths[0] == tiny_model.prompt_token_count(SEGMENTS[shortest])


def test_a_step_without_room_leaves_the_rows_as_they_were(tiny_model: Qwen2Vl) -> None:
    expected = greedy(tiny_model, SEGMENTS[:2], step_count=3)[0]
    rows, logits = tiny_model.begin(SEGMENTS[:2])
    tokens = logits.argmax(-1).tolist()

    def no_room(*_: object) -> None:
        raise torch.OutOfMemoryError("injected")

    # The first layer has taken the token when the second one fails.
    hook = tiny_model._model.model.language_model.layers[1].register_forward_pre_hook(no_room)
    with pytest.raises(OutOfMemory):
        tiny_model.step(rows, tokens)
    hook.remove()
    assert tiny_model.step(rows, tokens).argmax(-1).tolist() == [written[1] for written in expected]
