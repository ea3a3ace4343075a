"""What insights concluded, as a person reads it."""

from __future__ import annotations

import pytest

from reelscribe.report.concluded import asked, checks, drawn, short, story
from reelscribe.report.glance import glance
from reelscribe.report.sparkline import BLOCKS
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import (
    CallToAction,
    CommentReply,
    CrossCheck,
    KeyMoment,
    PacingComponent,
    PacingCurve,
    StoryPhase,
)
from services.common.time import duration, span
from tests.reelscribe.report.reports import report, result

CALL = Finding(
    span=span(16, 17),
    label="call_to_action",
    call_to_action=CallToAction(action="follow", channel="CALL_CHANNEL_BOTH", phrase="folg mir"),
)


def phase(label: str, start_s: float, end_s: float) -> Finding:
    return Finding(span=span(start_s, end_s), label=label, phase=StoryPhase(mean_pace=0.5))


def curve(*values: float) -> Finding:
    made = PacingCurve(
        step_duration=duration(0.5), values=values, components=[PacingComponent(name="cuts", values=values)]
    )
    return Finding(span=span(0, len(values) / 2), label="pacing_curve", pacing_curve=made)


def check(verdict: str, claim: str = "bark", counterpart: str = "no dog", topic: str = "heard_and_seen") -> Finding:
    made = CrossCheck(verdict=f"VERDICT_{verdict}", topic=topic, claim=claim, counterpart=counterpart)
    return Finding(span=span(2, 3), label=topic, cross_check=made)


def test_calls_say_how_they_are_made() -> None:
    assert asked([CALL]) == ["follow (0:16.0, said and written): “folg mir”"]


def test_answered_comments_name_who_wrote_them() -> None:
    told = CommentReply(author="@anna", content="Wie lange?", phrase="Antwort auf @anna")
    reply = Finding(span=span(0, 4), label="comment_reply", comment_reply=told)
    assert asked([reply]) == ["answers a comment (0:00.0): @anna “Wie lange?”"]


def test_the_story_is_three_lines() -> None:
    moment = Finding(span=span(8, 8.5), label="key_moment", key_moment=KeyMoment(reasons=["cut", "new_text"]))
    phases = [phase("hook", 0, 3), phase("build_up", 3, 9)]
    assert story([*phases, curve(0.0, 0.5, 1.0), moment]) == [
        "hook 0:00.0–0:03.0 · build up 0:03.0–0:09.0",
        "pace ▁▅█  of cuts",
        "moments 0:08.0 (cut, new text)",
    ]


def test_what_does_not_agree_is_told_one_by_one_contradictions_first() -> None:
    found = [check("UNCONFIRMED"), check("AGREES"), check("CONTRADICTS", "5 tipps", "drei tipps"), check("AGREES")]
    assert checks(found) == [
        "heard and seen contradict (0:02.0): “5 tipps” – drei tipps",
        "heard and seen unconfirmed (0:02.0): “bark” – no dog",
        "agree: 2 × heard and seen",
    ]


def test_a_title_that_nobody_says_is_no_news() -> None:
    titles = [check("UNCONFIRMED", "FACTS", "well", "title_and_speech") for _ in range(2)]
    assert checks(titles) == ["unconfirmed: 2 × title and speech"]


@pytest.mark.parametrize("count", [1, 39, 40, 41, 1200])
def test_a_curve_fits_its_line_and_keeps_its_peak(count: int) -> None:
    values = [0.0] * count
    values[count // 2] = 1.0
    line = drawn(curve(*values).pacing_curve)
    assert len(line) == min(count, 40)
    assert line.count(BLOCKS[-1]) == 1


def test_long_words_are_cut_off() -> None:
    assert short("a\nb") == "a b"
    assert short("wort " * 50).endswith("…")
    assert len(short("wort " * 50)) <= 60


def test_nothing_concluded_is_nothing_told() -> None:
    assert asked([]) == story([]) == checks([]) == []
    assert drawn(PacingCurve()) == ""


def test_conclusions_have_sections_of_their_own() -> None:
    sections = glance(report(result("any", CALL, phase("hook", 0, 3), check("AGREES"))))
    assert [section.title for section in sections] == ["asks for", "story", "checks"]
