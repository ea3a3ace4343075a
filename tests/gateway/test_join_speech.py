from __future__ import annotations

import pytest

from gateway.join import join, join_all
from gateway.join_speech import is_spoken
from reelscribe.v1.finding_pb2 import Finding, Text, TextKind, Word
from services.common.time import span, span_s

SEAM_S = 60.0


def spoken(start_s: float, contents: str, *, confidence: float = 0.5, code: str = "en", between: str = " ") -> Finding:
    """A word every 0.4 s, each 0.3 s long; "-" is a word's time in silence."""
    words = [
        Word(content=content, span=span(start_s + 0.4 * at, start_s + 0.4 * at + 0.3))
        for at, content in enumerate(contents.split())
        if content != "-"
    ]
    return Finding(
        span=span(span_s(words[0].span)[0], span_s(words[-1].span)[1]),
        label="speech",
        confidence=confidence,
        text=Text(
            content=between.join(word.content for word in words),
            kind=TextKind.TEXT_KIND_SPEECH,
            language_code=code,
            words=words,
        ),
    )


def read(findings: list[Finding]) -> list[str]:
    return [finding.text.content for finding in sorted(findings, key=lambda each: span_s(each.span))]


def joined(left: list[Finding], right: list[Finding]) -> list[str]:
    return read(join(left, right, own_start_s=SEAM_S))


def test_an_utterance_across_the_seam_is_one_and_has_each_word_once() -> None:
    left = spoken(57.0, "we shall go to the moon and d")
    right = spoken(57.8, "go to the moon and do the")
    (whole,) = join([left], [right], own_start_s=SEAM_S)
    assert whole.text.content == "we shall go to the moon and do the"
    assert [word.content for word in whole.text.words] == whole.text.content.split()
    assert span_s(whole.span) == pytest.approx((57.0, 60.5))


def test_old_bug_a_word_that_straddles_the_seam_is_the_one_that_was_heard_whole() -> None:
    """The part before was taken at its word, which the end of its sound had cut off; the whole one was dropped."""
    assert joined([spoken(58.6, "we live to nigh")], [spoken(58.6, "we live tonight again")]) == [
        "we live tonight again"
    ]


def test_old_bug_a_word_placed_before_the_seam_by_one_and_after_it_by_the_other_is_not_lost_or_doubled() -> None:
    """Each kept the words that start in its own stretch: a start read 0.1 s off lost a word, or had it twice."""
    left, right = spoken(58.4, "give me the red"), spoken(58.45, "give me the red cup")
    lost = spoken(59.95, "red cup")
    assert joined([spoken(58.4, "give me the")], [spoken(58.4, "give me the red cup")]) == ["give me the red cup"]
    assert joined([left], [right]) == ["give me the red cup"]
    assert joined([spoken(58.4, "give me the")], [lost]) == ["give me the", "red cup"]


def test_the_first_word_of_the_lead_in_is_the_part_befores() -> None:
    """The part after has heard only its end."""
    assert joined([spoken(57.9, "understanding is all that")], [spoken(58.0, "ending is all that counts")]) == [
        "understanding is all that counts"
    ]


def test_words_that_are_said_twice_stay_two() -> None:
    assert joined([spoken(58.1, "no no no")], [spoken(58.1, "no no no no no")]) == ["no no no no no"]


def test_what_the_part_before_could_not_read_at_its_end_is_taken_from_the_part_after() -> None:
    assert joined([spoken(50.0, "hello there")], [spoken(58.8, "by all means we do")]) == [
        "hello there",
        "by all means we do",
    ]


def test_what_the_part_after_could_not_read_at_its_beginning_is_kept() -> None:
    assert joined([spoken(58.0, "by all means")], [spoken(60.4, "we do")]) == ["by all means", "we do"]
    assert joined([spoken(58.0, "by all means")], []) == ["by all means"]
    assert joined([], [spoken(60.4, "we do")]) == ["we do"]


def test_readings_that_agree_in_no_word_meet_in_the_middle() -> None:
    assert joined([spoken(57.6, "a b c d e")], [spoken(58.0, "w x y z q")]) == ["a b c d z q"]


def test_readings_that_agree_in_no_word_after_a_silence_are_the_part_afters() -> None:
    assert joined([spoken(50.0, "so"), spoken(58.8, "a b c")], [spoken(58.8, "w x y z q")]) == ["so", "w x y z q"]


def test_a_run_of_words_is_the_same_though_its_times_are_a_little_off() -> None:
    assert joined([spoken(57.6, "we go to the moon and d")], [spoken(58.8, "to the moon and do")]) == [
        "we go to the moon and do"
    ]


def test_sentences_are_kept_apart_as_the_part_after_heard_them() -> None:
    left = [spoken(56.0, "all is well."), spoken(58.2, "now we st")]
    right = [spoken(58.2, "now we start."), spoken(61.0, "go!")]
    assert joined(left, right) == ["all is well.", "now we start.", "go!"]


def test_an_utterance_that_only_the_part_after_read_right_replaces_the_other() -> None:
    findings = join([spoken(59.2, "tomb or")], [spoken(58.0, "- - - tomorrow is fine")], own_start_s=SEAM_S)
    assert read(findings) == ["tomorrow is fine"]


def test_the_confidence_is_that_of_both_passes() -> None:
    (whole,) = join([spoken(58.0, "a b c", confidence=0.9)], [spoken(58.8, "c d", confidence=0.4)], own_start_s=SEAM_S)
    assert whole.text.content == "a b c d"
    assert whole.confidence == pytest.approx((0.9**3 * 0.4) ** (1 / 4))


def test_another_language_is_another_utterance() -> None:
    assert joined([spoken(58.0, "a b c", code="de")], [spoken(58.8, "c d e")]) == ["a b c", "d e"]


def test_a_language_without_spaces_gets_none() -> None:
    (whole,) = join(
        [spoken(58.0, "我 们 去", code="zh", between="")],
        [spoken(58.4, "们 去 月 球", code="zh", between="")],
        own_start_s=SEAM_S,
    )
    assert whole.text.content == "我们去月球"


def test_three_parts_make_one_utterance_and_nothing_given_is_changed() -> None:
    parts = [
        (0.0, [spoken(58.0, "one two three four five")]),
        (60.0, [spoken(58.4, "two three four five six seven eight nine")]),
        (61.6, [spoken(60.0, "six seven eight nine ten eleven")]),
    ]
    before = [finding.SerializeToString() for _, findings in parts for finding in findings]
    assert read(join_all(parts)) == ["one two three four five six seven eight nine ten eleven"]
    assert [finding.SerializeToString() for _, findings in parts for finding in findings] == before


def test_text_on_screen_and_words_without_times_are_not_spoken() -> None:
    shown = Finding(text=Text(content="hi", kind=TextKind.TEXT_KIND_CAPTION))
    untimed = Finding(text=Text(content="hi", kind=TextKind.TEXT_KIND_SPEECH, words=[Word(content="hi")]))
    assert not is_spoken(shown)
    assert not is_spoken(untimed)
    assert is_spoken(spoken(0.0, "hi"))
