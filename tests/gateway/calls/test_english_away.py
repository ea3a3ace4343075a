from __future__ import annotations

import pytest

from gateway.calls.english_away import ENGLISH_AWAY
from gateway.calls.patterns import calls_in

ELSEWHERE = {"link", "buy", "tag_friend", "message", "watch_next", "duet", "sign_up", "download"}


def test_every_place_a_viewer_is_sent_to():
    assert set(ENGLISH_AWAY) == ELSEWHERE


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("everything is linked in the description", "link"),
        ("use code ANNA20 at checkout", "buy"),
        ("tag your running partner", "tag_friend"),
        ("dm me for the address", "message"),
        ("watch part 3 on my channel", "watch_next"),
        ("stitch this with your kitchen", "duet"),
        ("join our newsletter", "sign_up"),
        ("download the free planner", "download"),
    ],
)
def test_one_way_to_each(text: str, action: str):
    assert {call.action for call in calls_in(text)} == {action}
