"""One batch for all: joining, leaving, running out of memory, giving up, failing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from services.common.device import Device
from services.common.errors import InvalidSetting
from services.vlm.engine import Engine
from services.vlm.qwen2_vl import Qwen2Vl
from services.vlm.segment_model import OutOfMemory, Request, TokenCapExceeded
from services.vlm.ticket import EngineClosed, Ticket
from tests.services.vlm.script_model import Row, ScriptModel

MakeEngine = Callable[..., Engine]


@pytest.fixture
def make_engine(device: Device) -> Iterator[MakeEngine]:
    """Engines over given models, closed at the end."""
    engines: list[Engine] = []

    def make(model: object, **limits: int) -> Engine:
        engines.append(Engine(model, device=device, **limits))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


def request(number: int = 0, *, size_px: int = 56, max_new_tokens: int = 16, max_prompt_tokens: int = 4096) -> Request:
    frame = np.full((size_px, size_px, 3), number, dtype=np.uint8)
    return Request(
        frames=(frame, frame),
        system="",
        ask="what happens",
        max_pixels=256 * 28 * 28,
        max_new_tokens=max_new_tokens,
        max_prompt_tokens=max_prompt_tokens,
    )


def number_of(asked: Request) -> int:
    return int(asked.frames[0][0, 0, 0])


def saying(asked: Request) -> str:
    """Segment n says its number n + 1 times."""
    return " ".join([f"number{number_of(asked)}"] * (number_of(asked) + 1))


def texts(tickets: list[Ticket]) -> list[str]:
    return [ticket.wait(60).text for ticket in tickets]


def expected(count: int) -> list[str]:
    return [saying(request(number)) for number in range(count)]


def test_segments_that_wait_together_are_one_forward_pass(make_engine: MakeEngine) -> None:
    engine = make_engine(ScriptModel(saying), row_limit=8)
    assert texts(engine.submit([request(n) for n in range(5)])) == expected(5)
    assert engine.counts.prefill_sizes == {5: 1}
    # Segment n ends after n + 2 tokens; who has ended leaves, so the batch gets smaller with every step.
    assert engine.counts.step_sizes == {5: 1, 4: 1, 3: 1, 2: 1, 1: 1}


def test_what_does_not_fit_joins_as_soon_as_a_row_is_free(make_engine: MakeEngine) -> None:
    engine = make_engine(ScriptModel(saying), row_limit=2)
    assert texts(engine.submit([request(n) for n in range(6)])) == expected(6)
    assert max(engine.counts.step_sizes) == 2
    assert engine.counts.prefill_sizes == {2: 1, 1: 4}


def test_a_second_video_joins_while_the_first_is_being_written(make_engine: MakeEngine) -> None:
    model = ScriptModel(saying)
    model.may_step.clear()
    engine = make_engine(model, row_limit=8)
    first = engine.submit([request(7)])
    assert model.stepped.wait(60)
    second = engine.submit([request(3), request(4)])
    model.may_step.set()
    assert texts(first + second) == [saying(request(n)) for n in (7, 3, 4)]
    assert engine.counts.prefill_sizes == {1: 1, 2: 1}
    assert engine.counts.step_sizes[3] > 0


def test_a_text_is_stopped_at_its_cap_and_says_so(make_engine: MakeEngine) -> None:
    engine = make_engine(ScriptModel(saying))
    cut, whole = engine.submit([request(9, max_new_tokens=3), request(2, max_new_tokens=4)])
    assert cut.wait(60).text == "number9 number9 number9"
    assert (cut.wait(60).complete, cut.wait(60).output_token_count) == (False, 3)
    assert (whole.wait(60).complete, whole.wait(60).output_token_count) == (True, 4)


def test_over_the_token_cap_is_refused_in_a_sentence_before_any_call(make_engine: MakeEngine) -> None:
    model = ScriptModel(saying)
    with pytest.raises(TokenCapExceeded, match="2 frames of 280 x 280 px costs 102 tokens, more than the 100 allowed"):
        make_engine(model).submit([request(size_px=280, max_prompt_tokens=100)])
    assert model.asked == []
    assert issubclass(TokenCapExceeded, InvalidSetting)


def test_the_context_of_the_model_is_a_cap_too(make_engine: MakeEngine) -> None:
    model = ScriptModel(saying)
    model.context_token_count = 30
    with pytest.raises(TokenCapExceeded, match="more than the 14 allowed"):
        make_engine(model).submit([request(size_px=112, max_new_tokens=16)])


def test_a_prefill_without_room_is_halved_and_the_job_goes_on(make_engine: MakeEngine) -> None:
    engine = make_engine(ScriptModel(saying, memory_rows=3), row_limit=8)
    assert texts(engine.submit([request(n) for n in range(8)])) == expected(8)
    assert engine.counts.out_of_memory_count == 2
    assert engine.row_limit == 2
    assert max(engine.counts.prefill_sizes) == 2


def test_a_step_without_room_puts_the_younger_half_back(make_engine: MakeEngine) -> None:
    model = ScriptModel(saying)
    model.step_memory_rows = 4
    engine = make_engine(model, row_limit=8)
    assert texts(engine.submit([request(n) for n in range(8)])) == expected(8)
    assert engine.counts.out_of_memory_count == 1
    assert engine.row_limit == 4
    assert max(engine.counts.step_sizes) == 4


def test_a_segment_that_does_not_fit_alone_fails_and_the_next_goes_on(make_engine: MakeEngine) -> None:
    model = ScriptModel(saying, memory_rows=0)
    engine = make_engine(model)
    (ticket,) = engine.submit([request(1)])
    with pytest.raises(OutOfMemory):
        ticket.wait(60)
    model.memory_rows = 1
    assert texts(engine.submit([request(1)])) == ["number1 number1"]


def test_one_bad_segment_takes_no_other_with_it(make_engine: MakeEngine) -> None:
    def with_a_bad_one(asked: Request) -> str:
        if number_of(asked) == 2:
            raise ValueError("cannot be read")
        return saying(asked)

    tickets = make_engine(ScriptModel(with_a_bad_one)).submit([request(n) for n in range(4)])
    with pytest.raises(ValueError, match="cannot be read"):
        tickets[2].wait(60)
    assert texts([tickets[0], tickets[1], tickets[3]]) == [saying(request(n)) for n in (0, 1, 3)]


def test_a_cancelled_segment_leaves_between_two_steps(make_engine: MakeEngine) -> None:
    model = ScriptModel(saying)
    model.may_step.clear()
    engine = make_engine(model)
    given_up, wanted = engine.submit([request(15), request(4)])
    assert model.stepped.wait(60)
    given_up.cancel()
    model.may_step.set()
    assert wanted.wait(60).text == saying(request(4))
    assert engine.counts.step_sizes == {2: 1, 1: 4}
    assert given_up.wait(0) is None


def test_a_cancelled_segment_that_waits_is_never_begun(make_engine: MakeEngine) -> None:
    model = ScriptModel(saying)
    model.may_step.clear()
    engine = make_engine(model, row_limit=1)
    _first, waiting, last = engine.submit([request(1), request(2), request(3)])
    assert model.stepped.wait(60)
    waiting.cancel()
    model.may_step.set()
    assert last.wait(60).text == saying(request(3))
    assert [number_of(asked) for asked in model.asked] == [1, 3]


def test_closing_fails_what_is_half_written(device: Device) -> None:
    model = ScriptModel(saying)
    model.may_step.clear()
    engine = Engine(model, device=device)
    (ticket,) = engine.submit([request(9)])
    assert model.stepped.wait(60)
    model.may_step.set()
    engine.close()
    try:
        assert ticket.wait(60).text == saying(request(9))  # the last step may just have been made
    except EngineClosed:
        pass
    with pytest.raises(EngineClosed):
        engine.submit([request(1)])


def test_tokens_without_words_fail_their_segment_alone(make_engine: MakeEngine) -> None:
    class Speechless(ScriptModel):
        def text(self, tokens: Sequence[int]) -> str:
            if len(tokens) == 2:
                raise RuntimeError("no words")
            return super().text(tokens)

    speechless, other = make_engine(Speechless(saying)).submit([request(1), request(3)])
    with pytest.raises(RuntimeError, match="no words"):
        speechless.wait(60)
    assert other.wait(60).text == saying(request(3))


def test_an_engine_that_breaks_leaves_nobody_waiting(make_engine: MakeEngine) -> None:
    class Breaking(ScriptModel):
        def keep(self, rows: object, which: object) -> list[Row]:
            raise RuntimeError("the batch is lost")

    engine = make_engine(Breaking(saying))
    for ticket in engine.submit([request(1), request(3)]):
        with pytest.raises(RuntimeError, match="the batch is lost"):
            ticket.wait(60)
    with pytest.raises(EngineClosed):
        engine.submit([request(1)])


def test_the_real_model_writes_the_same_alone_joined_and_after_running_out_of_memory(
    make_engine: MakeEngine, tiny_model: Qwen2Vl
) -> None:
    class SmallMemory(Qwen2Vl):
        """The same tensors on a device with room for two rows."""

        def step(self, rows, tokens):
            if len(tokens) > 2:
                raise OutOfMemory("injected")
            return super().step(rows, tokens)

    small = SmallMemory.__new__(SmallMemory)
    small.__dict__ = tiny_model.__dict__
    requests = [request(60 * n, size_px=56 + 28 * n, max_new_tokens=6) for n in range(4)]
    alone = [texts(make_engine(tiny_model).submit([one]))[0] for one in requests]
    joined = make_engine(tiny_model, row_limit=4)
    assert texts(joined.submit(requests)) == alone
    assert max(joined.counts.step_sizes) > 1
    halved = make_engine(small, row_limit=4)
    assert texts(halved.submit(requests)) == alone
    assert halved.counts.out_of_memory_count > 0
    assert max(halved.counts.step_sizes) <= 2


def test_an_engine_over_a_checkpoint_directory_writes(tiny_checkpoint: Path, device: Device) -> None:
    engine = Engine.from_directory(tiny_checkpoint, device=device, precision="float32")
    engine.warm_up()
    assert engine.precision == "float32"
    assert engine.counts.prefill_sizes == {1: 1}
    engine.close()
