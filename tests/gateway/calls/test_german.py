from __future__ import annotations

import re

from gateway.calls.german import GERMAN
from gateway.calls.german_away import GERMAN_AWAY

HERE = {"follow", "like", "share", "save", "comment", "subscribe", "notify"}


def test_every_action_is_asked_for():
    assert set(GERMAN) == HERE | set(GERMAN_AWAY)
    assert not HERE & set(GERMAN_AWAY)


def test_patterns_are_written_for_folded_text():
    for patterns in GERMAN.values():
        for pattern in patterns:
            words = re.sub(r"\\.|\(\?[:!=<P]|<[SVAGPE]>|[👇⬇]", "", pattern)
            assert words == words.lower()
            assert words.isascii()
