from __future__ import annotations

import re

from gateway.calls.english import ENGLISH
from gateway.calls.english_away import ENGLISH_AWAY

HERE = {"follow", "like", "share", "save", "comment", "subscribe", "notify"}


def test_every_action_is_asked_for():
    assert set(ENGLISH) == HERE | set(ENGLISH_AWAY)
    assert not HERE & set(ENGLISH_AWAY)


def test_patterns_are_written_for_folded_text():
    for patterns in ENGLISH.values():
        for pattern in patterns:
            words = re.sub(r"\\.|\(\?[:!=<P]|<[SVAGPE]>|[👇⬇]", "", pattern)
            assert words == words.lower()
            assert words.isascii()
