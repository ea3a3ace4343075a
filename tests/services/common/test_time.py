from __future__ import annotations

import math

import pytest

from services.common.time import duration, seconds, span, span_s


@pytest.mark.parametrize("time_s", [0.0, 1.5, -0.25, 1 / 3, 59.999999999, 3600.04, -7200.000000001])
def test_seconds_come_back_to_the_nanosecond(time_s: float):
    assert seconds(duration(time_s)) == pytest.approx(time_s, abs=1e-9)


def test_a_negative_duration_has_both_fields_of_one_sign():
    message = duration(-1.25)
    assert (message.seconds, message.nanos) == (-1, -250_000_000)


def test_a_frame_time_is_rounded_not_cut_off():
    assert duration(0.1 + 0.2).nanos == 300_000_000


def test_a_span_is_half_open_and_keeps_its_edges():
    assert span_s(span(0.04, 0.08)) == (0.04, 0.08)
    assert span_s(span(1.0, 1.0)) == (1.0, 1.0)


def test_a_span_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="before it starts"):
        span(2.0, 1.0)


@pytest.mark.parametrize("time_s", [math.nan, math.inf])
def test_what_is_no_time_is_refused(time_s: float):
    with pytest.raises((ValueError, OverflowError)):
        duration(time_s)
