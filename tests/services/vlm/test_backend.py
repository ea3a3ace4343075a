"""What both backends keep to: the project's engine over the script model, vLLM's over a stand-in for vLLM."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from services.common.device import Device
from services.vlm.backend import Backend
from services.vlm.engine import Engine
from services.vlm.segment_model import Request, TokenCapExceeded
from services.vlm.ticket import EngineClosed
from services.vlm.vllm_engine import VllmEngine
from tests.services.vlm import fake_vllm
from tests.services.vlm.script_model import ScriptModel

Script = Callable[[int], str]
"""What is written of the segment with that number."""


class ScriptChat:
    """The script model's token counts, for an engine that brings its own model."""

    def __init__(self) -> None:
        self._model = ScriptModel(lambda request: "")

    def prompt_token_count(self, request: Request) -> int:
        return self._model.prompt_token_count(request)

    def prompt(self, system: str, ask: str) -> str:
        return f"{system} {ask}"


def own(script: Script, device: Device) -> Backend:
    return Engine(ScriptModel(lambda request: script(int(request.frames[0][0, 0, 0]))), device=device)


def vllm(script: Script, device: Device) -> Backend:
    def written(prompt: dict[str, Any]) -> str:
        return script(int(prompt["multi_modal_data"]["video"][0, 0, 0, 0]))

    return VllmEngine(
        fake_vllm.AsyncLLMEngine(script=written),
        chat=ScriptChat(),
        precision="bfloat16",
        context_token_count=4096,
        sampling=fake_vllm.SamplingParams,
    )


@pytest.fixture(params=[own, vllm])
def open_with(request: pytest.FixtureRequest, device: Device) -> Iterator[Callable[[Script], Backend]]:
    opened: list[Backend] = []

    def make(script: Script) -> Backend:
        opened.append(request.param(script, device))
        return opened[-1]

    yield make
    for backend in opened:
        backend.close()


def segment(number: int, *, max_new_tokens: int = 64, max_prompt_tokens: int = 1000) -> Request:
    frame = np.full((56, 56, 3), number, dtype=np.uint8)
    return Request(
        frames=(frame, frame),
        system="",
        ask="what happens",
        max_pixels=56 * 56,
        max_new_tokens=max_new_tokens,
        max_prompt_tokens=max_prompt_tokens,
    )


def test_each_segment_gets_its_own_text(open_with: Callable[[Script], Backend]) -> None:
    backend = open_with(lambda number: f"segment {number}")
    tickets = backend.submit([segment(number) for number in range(5)])
    assert [ticket.wait(60).text for ticket in tickets] == [f"segment {number}" for number in range(5)]


def test_a_text_is_stopped_at_its_cap_and_says_so(open_with: Callable[[Script], Backend]) -> None:
    backend = open_with(lambda number: "one two three four")
    cut, whole = backend.submit([segment(0, max_new_tokens=2), segment(1)])
    assert (cut.wait(60).text, cut.wait(60).complete, cut.wait(60).output_token_count) == ("one two", False, 2)
    assert (whole.wait(60).complete, whole.wait(60).output_token_count) == (True, 5)


def test_the_probability_of_the_chosen_tokens_is_given(open_with: Callable[[Script], Backend]) -> None:
    (ticket,) = open_with(lambda number: "one two").submit([segment(0)])
    assert 0 < ticket.wait(60).mean_token_probability <= 1


def test_over_the_cap_is_refused_before_any_work(open_with: Callable[[Script], Backend]) -> None:
    with pytest.raises(TokenCapExceeded, match="more than the 5 allowed"):
        open_with(lambda number: "never").submit([segment(0, max_prompt_tokens=5)])


def test_a_segment_that_is_given_up_leaves_the_others_alone(open_with: Callable[[Script], Backend]) -> None:
    started = threading.Event()

    def script(number: int) -> str:
        started.set()
        return "word " * (50 if number == 0 else 3)

    backend = open_with(script)
    given_up, wanted = backend.submit([segment(0), segment(1)])
    assert started.wait(60)
    given_up.cancel()
    assert wanted.wait(60).text == "word word word"


def test_a_failure_reaches_who_waits_and_the_next_goes_on(open_with: Callable[[Script], Backend]) -> None:
    def script(number: int) -> str:
        if number == 1:
            raise ValueError("cannot be read")
        return "fine"

    bad, good = open_with(script).submit([segment(1), segment(2)])
    with pytest.raises(ValueError, match="cannot be read"):
        bad.wait(60)
    assert good.wait(60).text == "fine"


def test_once_closed_it_takes_nothing_more(open_with: Callable[[Script], Backend]) -> None:
    backend = open_with(lambda number: "word")
    backend.warm_up()
    backend.close()
    with pytest.raises(EngineClosed):
        backend.submit([segment(0)])
