from __future__ import annotations

import pytest

from services.audio.delivery.numerals import spoken_number


@pytest.mark.parametrize(
    ("figures", "german", "english"),
    [
        ("0", "null", "zero"),
        ("1", "eins", "one"),
        ("17", "siebzehn", "seventeen"),
        ("20", "zwanzig", "twenty"),
        ("21", "ein und zwanzig", "twenty one"),
        ("100", "ein hundert", "one hundred"),
        ("317", "drei hundert siebzehn", "three hundred seventeen"),
        ("2500.", "zwei tausend fünf hundert", "two thousand five hundred"),
        ("40021", "vierzig tausend ein und zwanzig", "forty thousand twenty one"),
        ("999999", None, None),
    ],
)
def test_whole_numbers_are_read(figures: str, german: str | None, english: str | None) -> None:
    if german is None:
        assert len(spoken_number(figures, "de") or []) == 11
        assert len(spoken_number(figures, "en") or []) == 9
    else:
        assert " ".join(spoken_number(figures, "de") or []) == german
        assert " ".join(spoken_number(figures, "en") or []) == english


@pytest.mark.parametrize("figures", ["1969", "2024", "3,5", "1.000", "12:30", "007", "1000000"])
def test_what_can_be_read_in_several_ways_is_not(figures: str) -> None:
    assert spoken_number(figures, "de") is None
    assert spoken_number(figures, "en") is None
