from __future__ import annotations

from typing import Any

import pytest

from reelscribe.demo.truth import Check, edits, truth_check

TRUTH = {
    "hard_cuts_s": [4.633, 8.233],
    "burned_captions": [
        {"text": "A rocket waits on the launch pad", "start_s": 0.9, "end_s": 2.6},
        {"text": "just before the sun comes up", "start_s": 2.6, "end_s": 4.367},
    ],
    "title_text": {"text": "BACK TO EARTH", "start_s": 0.0, "end_s": 3.233},
    "speech": [{"start_s": 0.9, "end_s": 4.063, "text": "a rocket waits on the launch pad before the sun"}],
    "objects": [{"label": "cat", "start_s": 4.633, "end_s": 8.233}],
}


def finding(start: str, end: str, label: str = "", text: str | None = None) -> dict[str, Any]:
    shape = {} if text is None else {"text": {"content": text}}
    return {"span": {"startOffset": start, "endOffset": end}, "label": label, **shape}


def only(analyzer: str, *findings: dict[str, Any], name: str = "") -> Check:
    report = {"results": [{"analyzer": analyzer, "findings": list(findings)}]}
    checks = truth_check(report, TRUTH)
    return next(check for check in checks if not name or check.name == name)


def test_all_cuts_found():
    check = only("cut_analysis", *(finding(at, "9s", "hard_cut") for at in ("4.633s", "8.267s")))
    assert check == Check(name="cuts", ok=True, detail="2/2 cuts found")


def test_a_missing_and_a_false_cut_are_counted():
    check = only("cut_analysis", *(finding(at, "9s", "hard_cut") for at in ("4.633s", "6s")))
    assert check == Check(name="cuts", ok=False, detail="1/2 cuts found, 1 false")


def test_other_labels_are_no_cuts():
    assert only("cut_analysis", finding("4.633s", "8.233s", "shot")).detail == "0/2 cuts found"


def test_captions_are_read_whatever_their_line_breaks_and_case():
    check = only(
        "text_overlay",
        finding("1s", "2.533s", text="A rocket waits\non the launch pad"),
        finding("2.7s", "4.3s", text="Just before the sun comes up."),
    )
    assert check == Check(name="captions", ok=True, detail="2/2 captions read, 2 of them within 0.3 s")


def test_a_late_caption_is_read_but_not_in_time():
    check = only(
        "text_overlay",
        finding("1.3s", "2.533s", text="A rocket waits on the launch pad"),
        finding("2.7s", "4.3s", text="just before the sun comes up"),
    )
    assert (check.ok, check.detail) == (False, "2/2 captions read, 1 of them within 0.3 s")


def test_a_caption_with_too_many_wrong_letters_is_not_read():
    check = only("text_overlay", finding("1s", "2.5s", text="A racket waist on the lunch bad"))
    assert check.detail.startswith("0/2 captions read")


def test_a_caption_read_at_another_time_is_not_read():
    check = only("text_overlay", finding("10s", "12s", text="A rocket waits on the launch pad"))
    assert check.detail.startswith("0/2 captions read")


@pytest.mark.parametrize(("text", "detail"), [("Back to Earth", "title read"), ("else", "title not read")])
def test_the_title(text: str, detail: str):
    assert only("text_overlay", finding("0s", "3s", text=text), name="title").detail == detail


def test_words_are_counted_over_all_findings_in_order_of_time():
    check = only(
        "speech_transcription",
        finding("2s", "4s", text="before the sun."),
        finding("0.9s", "2s", text="A rocket waits on the lunch pad,"),
    )
    assert check == Check(name="speech", ok=True, detail="9/10 words understood")


def test_nothing_heard_is_no_word_understood():
    assert only("speech_transcription") == Check(name="speech", ok=False, detail="0/10 words understood")


def test_an_object_counts_while_it_is_to_be_seen():
    assert only("object_detection", finding("5s", "6s", "cat")).ok
    assert not only("object_detection", finding("0s", "3s", "cat")).ok
    assert only("object_detection", finding("5s", "6s", "dog")).detail == "0/1 objects seen"


def test_what_was_not_asked_for_is_not_judged():
    assert truth_check({"results": []}, TRUTH) == []
    report = {"results": [{"analyzer": "cut_analysis", "findings": []}]}
    assert truth_check(report, {"file": "another.mp4"}) == []


@pytest.mark.parametrize(
    ("found", "wanted", "count"), [("", "abc", 3), ("abc", "abc", 0), ("abcd", "abc", 1), ("axc", "abc", 1)]
)
def test_edits(found: str, wanted: str, count: int):
    assert edits(found, wanted) == count
