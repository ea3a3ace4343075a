"""How long it will still take."""

from __future__ import annotations

import numpy as np
import pytest

from services.vlm.pace import Pace, written_share
from services.vlm.segment_model import Request, Written
from services.vlm.ticket import Ticket


def ticket(*, written: int, of: int = 10, done: bool = False) -> Ticket:
    frame = np.zeros((56, 56, 3), dtype=np.uint8)
    made = Ticket(
        Request(frames=(frame,), system="", ask="", max_pixels=3136, max_new_tokens=of, max_prompt_tokens=100), 20
    )
    made.tokens += [1] * written
    if done:
        made.end(Written(text="", prompt_token_count=20, output_token_count=written, complete=True))
    return made


def test_texts_count_by_their_tokens_and_ended_ones_as_a_whole() -> None:
    assert written_share([ticket(written=5), ticket(written=0)]) == 0.25
    assert written_share([ticket(written=2, done=True), ticket(written=0), ticket(written=5)]) == 0.5
    assert written_share([]) == 0.0


def test_what_is_left_goes_by_the_pace_of_writing_not_by_the_time_before_the_first_token() -> None:
    pace = Pace()
    assert pace.left_s(100.0, 0.0) is None, "a minute of looking says nothing of writing"
    assert pace.left_s(160.0, 0.1) is None, "the pace begins here"
    assert pace.left_s(170.0, 0.3) == pytest.approx(35.0)
    assert pace.left_s(200.0, 1.0) == 0.0


def test_nothing_more_written_nothing_known() -> None:
    pace = Pace()
    pace.left_s(0.0, 0.5)
    assert pace.left_s(20.0, 0.5) is None
