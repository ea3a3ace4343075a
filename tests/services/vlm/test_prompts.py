"""Prompts come as files, one for each language and version."""

from __future__ import annotations

import pytest

from services.common.errors import InvalidSetting
from services.vlm.form import FIELDS
from services.vlm.prompts import load_prompt

PUBLISHED = {
    "en.v1": "095a52cb4e49a339f1448559fee0dd8b670aa60f63df632517f0fc7d48b3217e",
    "de.v1": "1533f30d85ea5c811e593892a863928693b613279cec9affe1d4a40ed03ed190",
    "en.v2": "5d07c132c865e51d011f57d3d1910d7d32a04a042c2024cd886c15eaff2d22f2",
    "de.v2": "abb62304dd9b64bb7bbbc70dd79a190708e03e89afda001947d45a9911be9ccc",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_prompt_is_never_edited(name: str) -> None:
    language_code, version = name.split(".")
    prompt = load_prompt(language_code, version)
    assert (prompt.name, prompt.sha256) == (name, PUBLISHED[name])


@pytest.mark.parametrize("language_code", ["en", "de"])
def test_the_second_version_asks_for_the_labels_it_is_read_by(language_code: str) -> None:
    prompt = load_prompt(language_code, "v2")
    for text in (prompt.ask, prompt.ask_again):
        lines = [line.split(":")[0] for line in text.splitlines() if ":" in line]
        assert [label for label in lines if label.isupper()] == [prompt.form.labels(field)[0] for field in FIELDS]
    assert load_prompt(language_code, "v1").form is None
    assert load_prompt(language_code) == prompt, "and it is the one that is asked"


def test_english_and_german_ask_in_their_own_language() -> None:
    english, german = load_prompt("en", "v1"), load_prompt("de", "v1")
    assert "English" in english.ask
    assert "deutschen" in german.ask
    assert "deutschen" in german.ask_again


@pytest.mark.parametrize("language_code", ["en", "de"])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_prompt_has_no_place_for_an_earlier_text(language_code: str, version: str) -> None:
    prompt = load_prompt(language_code, version)
    assert not any(mark in text for text in (prompt.system, prompt.ask, prompt.ask_again) for mark in "{}%")


def test_an_unknown_language_or_version_is_refused() -> None:
    with pytest.raises(InvalidSetting):
        load_prompt("fr", "v1")
    with pytest.raises(InvalidSetting):
        load_prompt("en", "v999")
