from __future__ import annotations

import pytest

from gateway.calls.german_away import GERMAN_AWAY
from gateway.calls.patterns import calls_in

ELSEWHERE = {"link", "buy", "tag_friend", "message", "watch_next", "duet", "sign_up", "download"}


def test_every_place_a_viewer_is_sent_to():
    assert set(GERMAN_AWAY) == ELSEWHERE


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("alles unten verlinkt", "link"),
        ("mit meinem Rabattcode ANNA20", "buy"),
        ("markier deine Laufpartnerin", "tag_friend"),
        ("schreib mir eine DM", "message"),
        ("schaut euch Teil 3 an", "watch_next"),
        ("macht ein Duett dazu", "duet"),
        ("tragt euch in die Liste ein", "sign_up"),
        ("ladet euch den Plan runter", "download"),
    ],
)
def test_one_way_to_each(text: str, action: str):
    assert {call.action for call in calls_in(text)} == {action}
