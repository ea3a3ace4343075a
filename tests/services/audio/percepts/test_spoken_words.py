from __future__ import annotations

import pytest

from services.audio.percepts.speech_spans import SpeechSpan
from services.audio.percepts.spoken_words import EDGE_S, SpokenWord, placed, utterance_from, utterances_of


def word(content: str, start_s: float, end_s: float) -> SpokenWord:
    return SpokenWord(content=content, start_s=start_s, end_s=end_s, probability=0.9)


def voices(*edges: tuple[float, float]) -> list[SpeechSpan]:
    return [SpeechSpan(start_s=start_s, end_s=end_s) for start_s, end_s in edges]


def edges(words: list[SpokenWord]) -> list[tuple[float, float]]:
    return [(pytest.approx(word.start_s), pytest.approx(word.end_s)) for word in words]


def test_a_first_word_does_not_begin_in_the_silence_before() -> None:
    assert edges(placed([word("Die", 1.2, 1.7), word("Höhle", 1.7, 2.0)], voices((1.6, 2.0)))) == [
        (1.6 - EDGE_S, 1.7),
        (1.7, 2.0),
    ]


def test_the_words_beside_a_pause_reach_to_the_voice() -> None:
    words = [word("kam,", 4.4, 4.7), word("selbst", 5.5, 5.7)]
    assert edges(placed(words, voices((4.0, 4.9), (5.4, 5.7)))) == [(4.4, 4.9), (5.4, 5.7)]


def test_but_not_over_a_sound_that_is_no_word() -> None:
    """Half a second of "äh" before the word was not read, and is not the word."""
    assert edges(placed([word("ja", 2.0, 2.4)], voices((1.5, 2.4)))) == [(2.0, 2.4)]


def test_a_word_across_a_pause_belongs_to_the_side_with_more_of_it() -> None:
    words = [word("und", 5.7, 6.3), word("ist", 6.3, 6.5)]
    assert edges(placed(words, voices((5.0, 5.9), (6.2, 6.5)))) == [(5.7, 5.9 + EDGE_S), (6.2, 6.5)]


def test_words_where_nobody_speaks_are_not_words() -> None:
    words = [word("Hallo", 1.0, 1.5), word("Musik", 4.0, 5.0)]
    assert [kept.content for kept in placed(words, voices((0.9, 1.5)))] == ["Hallo"]
    assert placed(words, []) == []


def test_times_never_run_backwards() -> None:
    words = [word("a", 0.0, 3.0), word("b", 2.0, 2.5), word("c", 2.4, 2.4), word("d", 2.9, 3.5)]
    settled = placed(words, voices((0.5, 1.2), (2.1, 3.4)))
    moments = [moment for word in settled for moment in (word.start_s, word.end_s)]
    assert moments == sorted(moments)


def test_a_long_pause_ends_an_utterance() -> None:
    said = utterances_of([word("ask", 0.0, 0.5), word("not", 0.6, 1.0), word("what", 2.1, 2.5)], "en", 0.8)
    assert [utterance.content for utterance in said] == ["ask not", "what"]
    assert (said[0].start_s, said[0].end_s) == (0.0, 1.0)
    assert {utterance.confidence for utterance in said} == {0.8}


def test_a_full_stop_ends_one_where_the_speaker_stops_too() -> None:
    words = [word("Dr.", 0.0, 0.3), word("Who", 0.35, 0.6), word("came.", 0.6, 1.0), word("He", 1.3, 1.5)]
    assert [utterance.content for utterance in utterances_of(words, "en", 0.8)] == ["Dr. Who came.", "He"]


def test_some_languages_have_no_spaces() -> None:
    assert utterances_of([word("今日", 0.0, 0.4), word("は", 0.4, 0.5)], "ja", 0.8)[0].content == "今日は"


def test_what_the_part_before_reported_is_left_out() -> None:
    said = utterances_of([word("one", 9.5, 9.9), word("two", 10.1, 10.5)], "en", 0.8)[0]
    assert utterance_from(said, 0.0) is said
    rest = utterance_from(said, 10.0)
    assert rest is not None
    assert (rest.content, rest.start_s) == ("two", 10.1)
    assert utterance_from(said, 11.0) is None
