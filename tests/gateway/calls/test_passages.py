"""Words of several findings as one text, and back."""

from __future__ import annotations

from gateway.calls.passages import runs_of, shown, spoken
from tests.gateway.told import SCENE, TITLE, evidence, looked, said, written


def test_words_know_their_time():
    (passage,) = spoken(evidence(looked("speech_transcription", said("eins zwei drei vier", 2.0, 4.0))))
    assert passage.content == "eins zwei drei vier"
    (piece,) = passage.within(5, 9)
    assert (piece.content, piece.start_s, piece.end_s) == ("zwei", 2.5, 3.0)


def test_captions_that_follow_one_another_are_one_text():
    texts = [written("lass gerne", 1, 2), written("ein Abo da", 2.2, 3), written("Ende", 8, 9)]
    assert [run.content for run in runs_of(texts)] == ["lass gerne ein Abo da", "Ende"]


def test_a_stretch_of_text_may_lie_in_several_findings():
    (run,) = runs_of([written("lass gerne", 1, 2), written("ein Abo da", 2.2, 3)])
    assert [piece.content for piece in run.within(0, 14)] == ["lass gerne", "ein Abo da"]
    assert [piece.content for piece in run.within(11, 14)] == ["ein Abo da"]


def test_signs_in_the_scene_are_not_the_videos_words():
    texts = looked("text_overlay", written("BUY NOW", 0, 5, SCENE), written("Hallo", 0, 5, TITLE))
    assert [passage.content for passage in shown(evidence(texts))] == ["Hallo"]
