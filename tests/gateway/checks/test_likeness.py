from __future__ import annotations

from gateway.checks.likeness import found_in, words_of


def test_words_are_compared_without_case_and_marks():
    assert words_of("Für DICH: T-Rex!") == ["fur", "dich", "t", "rex"]


def test_order_counts():
    assert found_in(["a", "b", "c", "d"], ["x", "a", "b", "y", "d"]) == 0.75
    assert found_in(["a", "b"], ["b", "a"]) == 0.5
    assert found_in([], ["a"]) == 0
    assert found_in(["a"], []) == 0
