from __future__ import annotations

import pytest

from services.audio.delivery.effort import FEWEST_UTTERANCES, Delivery, efforts


def delivery(at: int, pitch: float | None = 4.0, level_db: float = -20.0, rate: float | None = 5.0) -> Delivery:
    return Delivery(start_s=float(at), end_s=at + 0.9, pitch=pitch, level_db=level_db, syllables_per_s=rate)


CALM = [delivery(at) for at in range(4)]


def test_higher_and_louder_is_raised() -> None:
    (found,) = efforts([*CALM, delivery(9, 4.0 + 4.0, -20.0 + 8.0, 6.0)])
    assert (found.label, found.delivery.start_s) == ("raised", 9.0)
    assert (found.pitch_semitones, found.level_db) == (pytest.approx(4.0), pytest.approx(8.0))
    assert found.rate_ratio == pytest.approx(1.2)


def test_lower_and_softer_is_lowered() -> None:
    (found,) = efforts([*CALM, delivery(9, 4.0 - 2.0, -20.0 - 7.0, None)])
    assert (found.label, found.rate_ratio) == ("lowered", None)


@pytest.mark.parametrize(
    ("pitch", "level_db"),
    [(4.0, -10.0), (8.0, -20.0), (8.0, -15.0), (2.0, -10.0), (None, -10.0)],
    ids=["closer to the microphone", "a question", "a little", "lower and louder", "no pitch"],
)
def test_one_of_both_is_no_effort(pitch: float | None, level_db: float) -> None:
    assert efforts([*CALM, delivery(9, pitch, level_db)]) == []


def test_another_voice_is_no_raised_one() -> None:
    """A woman after a man, closer to the microphone."""
    assert efforts([*CALM, delivery(9, 4.0 + 11.0, -12.0)]) == []


def test_too_few_utterances_have_no_middle() -> None:
    assert efforts([delivery(0), delivery(1, 9.0, -5.0)]) == []
    assert FEWEST_UTTERANCES == 3
