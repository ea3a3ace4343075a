"""Prompts come as files, one for each language and version."""

from __future__ import annotations

import pytest

from services.common.errors import InvalidSetting
from services.vlm.prompts import load_prompt


def test_english_and_german_ask_in_their_own_language() -> None:
    english, german = load_prompt("en", "v1"), load_prompt("de", "v1")
    assert "English" in english.ask
    assert "deutschen" in german.ask
    assert "deutschen" in german.ask_again


@pytest.mark.parametrize("language_code", ["en", "de"])
def test_a_prompt_has_no_place_for_an_earlier_text(language_code: str) -> None:
    prompt = load_prompt(language_code, "v1")
    assert not any(mark in text for text in (prompt.system, prompt.ask, prompt.ask_again) for mark in "{}%")


def test_an_unknown_language_or_version_is_refused() -> None:
    with pytest.raises(InvalidSetting):
        load_prompt("fr", "v1")
    with pytest.raises(InvalidSetting):
        load_prompt("en", "v999")
