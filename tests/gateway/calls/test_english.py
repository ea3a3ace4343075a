from __future__ import annotations

import re

from gateway.calls.english import ENGLISH

ACTIONS = {"follow", "like", "share", "save", "comment", "link", "subscribe", "buy"}


def test_every_action_is_asked_for():
    assert set(ENGLISH) == ACTIONS


def test_patterns_are_written_for_folded_text():
    for patterns in ENGLISH.values():
        for pattern in patterns:
            words = re.sub(r"\\.|\(\?[:!=<P]|<[SG]>", "", pattern)
            assert words == words.lower()
            assert words.isascii()
