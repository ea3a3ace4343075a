from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from gateway.budget import LEAD_IN_SHARE, SAMPLES_LEAD_IN_SHARE, MediaBudget

GIB = 1 << 30


async def test_who_does_not_fit_waits_until_there_is_room():
    budget = MediaBudget(100)
    entered = asyncio.Event()

    async def second() -> None:
        async with budget.reserve(50):
            entered.set()

    async with budget.reserve(60):
        task = asyncio.create_task(second())
        await asyncio.sleep(0)
        assert not entered.is_set()
    await asyncio.wait_for(task, 30)


async def test_more_than_there_is_gets_all_of_it():
    budget = MediaBudget(100)
    async with budget.reserve(1000):
        assert f"{budget.reservable_bytes} of" in repr(budget)
    assert "0 of" in repr(budget)


async def test_who_stops_waiting_takes_nothing():
    budget = MediaBudget(100)
    async with budget.reserve(90):
        task = asyncio.create_task(budget.reserve(90).__aenter__())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(30), budget.reserve(90):
        pass


@pytest.mark.parametrize("total_bytes", [10_000, 64 << 20, 4 * GIB])
@pytest.mark.parametrize("analyses", [1, 2, 3, 8])
@pytest.mark.parametrize("parts", [1, 2, 5])
async def test_everything_that_may_be_in_flight_fits(total_bytes: int, analyses: int, parts: int):
    """A part of frames for every analysis, its lead-in with it, and all parts of sound: nobody waits."""
    budget = MediaBudget(total_bytes, analyses_in_flight=analyses, parts_in_flight=parts)
    with_lead_in = int(budget.frame_part_bytes * (1 + LEAD_IN_SHARE))
    async with AsyncExitStack() as held, asyncio.timeout(30):
        for _ in range(analyses):
            await held.enter_async_context(budget.reserve(with_lead_in))
    sound_bytes = budget.sample_part_bytes * (1 + SAMPLES_LEAD_IN_SHARE) * analyses * parts
    assert with_lead_in * analyses + sound_bytes <= total_bytes


def test_a_minute_of_vertical_video_and_ten_of_speech_fit_the_default():
    budget = MediaBudget(4 * GIB, analyses_in_flight=2, parts_in_flight=2)
    assert budget.frame_part_bytes > 1_200_000_000
    assert budget.sample_part_bytes > 600 * 16_000 * 4


def test_five_minutes_of_stereo_beside_the_models_sound_fit_the_default():
    """At 48 kHz, as it is measured; 159 s were all that fitted, and every seam may cost a word."""
    budget = MediaBudget(4 * GIB, analyses_in_flight=2, parts_in_flight=2)
    assert budget.sample_part_bytes > 300 * (48_000 * 2 + 16_000) * 4
