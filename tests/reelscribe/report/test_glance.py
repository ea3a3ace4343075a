"""What a person sees of a report first, whoever found it."""

from __future__ import annotations

from reelscribe.report.glance import Section, glance
from reelscribe.v1.finding_pb2 import Description, Finding, TransitionKind
from services.common.time import span
from tests.reelscribe.report.reports import cut, heard, palette, report, result, scores, speech, text, track


def only(*results: object) -> Section:
    (section,) = glance(report(*results))  # type: ignore[arg-type]
    return section


def told(section: Section) -> list[str]:
    return [line.text for line in section.lines]


def test_texts_come_in_order_of_time_and_the_rest_is_counted() -> None:
    section = only(result("any", *(text(f"text {number}", 10 - number) for number in range(8))))
    assert section.title == "on screen"
    assert told(section) == ["text 7", "text 6", "text 5", "text 4", "text 3"]
    assert section.lines[0].start_s == 3
    assert section.left_out_count == 3


def test_lines_of_one_text_stand_in_one_line() -> None:
    assert told(only(result("any", text("two\nlines", 1)))) == ["two / lines"]


def test_speech_is_titled_with_its_languages() -> None:
    assert only(result("any", speech("Hallo", 1), speech("Hello", 2, "en"))).title == "speech (de, en)"
    assert only(result("any", speech("Hallo", 1, ""))).title == "speech"


def test_cuts_are_listed_by_kind() -> None:
    fade = cut(3.0, TransitionKind.TRANSITION_KIND_FADE_OUT)
    section = only(result("any", cut(5.9667), fade, cut(1)))
    assert section.title == "cuts"
    assert told(section) == ["2 hard cuts at 0:01.00, 0:05.97", "1 fade out at 0:03.00"]


def test_many_cuts_are_counted_not_listed() -> None:
    (line,) = told(only(result("any", *(cut(number) for number in range(20)))))
    assert line.startswith("20 hard cuts at 0:00.00, ")
    assert line.endswith("0:07.00 and 12 more")


def test_each_tracked_thing_counts_once() -> None:
    section = only(result("any", track("person", 1), track("cup", 2), track("person", 3)))
    assert told(section) == ["2 × person, cup"]


def test_sounds_are_named_at_their_clearest() -> None:
    section = only(heard(scores("dog_bark", 2, [0.1, 0.9]), scores("music", 0, [0.95]), scores("music", 4, [0.2])))
    assert section.title == "sounds"
    assert told(section) == ["music 0.95 (0:00.0), dog bark 0.90 (0:02.5)"]


def test_scores_of_pictures_are_no_sounds() -> None:
    assert only(result("any", scores("sharpness", 0, [0.4]))).title == "scores"


def test_colours_are_those_of_the_longest_stretch() -> None:
    section = only(result("any", palette(0, 1, red=1.0), palette(0, 20, blue=0.25, orange=0.75)))
    assert told(section) == ["orange 75%, blue 25%"]


def test_descriptions_and_things_with_a_label_only() -> None:
    described = Finding(span=span(1, 2), description=Description(content="A cat sleeps."))
    first, second = glance(report(result("vlm", described), result("blink", Finding(span=span(0, 1), label="a_blink"))))
    assert (first.title, told(first)) == ("described", ["A cat sleeps."])
    assert (second.title, told(second)) == ("also", ["blink: 1 a blink"])


def test_nothing_found_is_nothing_shown() -> None:
    assert glance(report(result("any"))) == ()
