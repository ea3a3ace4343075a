from __future__ import annotations

import re

import pytest

from gateway.calls.folding import folded, tolerant


@pytest.mark.parametrize("text", ["Straße", "FÜR DICH", "naïve café", "İstanbul", "日本 😀 ﬁ", "“zitiert”"])
def test_every_character_stays_in_its_place(text: str):
    assert len(folded(text)) == len(text)


def test_case_and_marks_are_gone():
    assert folded("Über Größe") == "uber grose"


def test_letters_that_look_alike_are_one_outside_of_classes_and_escapes():
    assert re.fullmatch(tolerant(r"link\b [io] (?P<lol>\w+)"), "1lnk i x")
    assert not re.fullmatch(tolerant("[io]"), "1")
