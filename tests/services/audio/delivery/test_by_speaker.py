from __future__ import annotations

from services.audio.delivery.by_speaker import efforts_by_speaker, prominent_by_speaker, speakers_of
from services.audio.delivery.effort import Delivery
from services.audio.delivery.spoken import MeasuredWord
from services.audio.speakers.turns import Turn
from tests.services.audio.saying import word


def measured(start_s: float, *, pitch: float, level_db: float = -20.0, utterance: int = 0) -> MeasuredWord:
    return MeasuredWord(
        word=word("so", start_s, start_s + 0.3),
        utterance=utterance,
        language_code="en",
        pitch=pitch,
        level_db=level_db,
        syllable_s=0.2,
    )


def delivery(start_s: float, *, pitch: float, level_db: float) -> Delivery:
    return Delivery(start_s=start_s, end_s=start_s + 1.0, pitch=pitch, level_db=level_db, syllables_per_s=4.0)


def turn(speaker: int, start_s: float, end_s: float) -> Turn:
    return Turn(start_s=start_s, end_s=end_s, speaker=speaker)


DEEP_THEN_HIGH = [
    measured(at_s, pitch=2.0 if at_s < 12 else 9.0, level_db=-20 + (at_s >= 12) * 6) for at_s in range(15)
]
"""Twelve words of a man, then three of a woman who is louder."""

MAN_THEN_WOMAN = [turn(1, 0.0, 12.0), turn(2, 12.0, 15.0)]


def test_a_word_is_whose_turn_covers_half_of_it() -> None:
    words = [measured(0.0, pitch=0.0), measured(0.9, pitch=0.0), measured(5.0, pitch=0.0)]
    assert speakers_of(words, [turn(1, 0.0, 1.0), turn(2, 1.0, 2.0)]) == [1, 2, None]


def test_a_word_that_two_say_is_nobodys() -> None:
    assert speakers_of([measured(0.5, pitch=0.0)], [turn(1, 0.0, 1.0), turn(2, 0.4, 2.0)]) == [None]


def test_without_turns_or_with_one_speaker_all_words_are_ones() -> None:
    words = [measured(0.0, pitch=0.0), measured(5.0, pitch=0.0)]
    assert speakers_of(words, []) == speakers_of(words, [turn(1, 0.0, 1.0)]) == [1, 1]


def test_another_speakers_higher_and_louder_words_are_no_emphasis() -> None:
    """Compared as one speaker's, every word of hers stood out."""
    as_one = prominent_by_speaker(DEEP_THEN_HIGH, speakers_of(DEEP_THEN_HIGH, []))
    assert [one.word.word.start_s for one in as_one] == [12, 13, 14]
    assert prominent_by_speaker(DEEP_THEN_HIGH, speakers_of(DEEP_THEN_HIGH, MAN_THEN_WOMAN)) == []


def test_a_word_stands_out_among_its_speakers_though_another_speaks_higher() -> None:
    """Two who take turns, eight words each; the man's fifth is raised to her pitch and level."""
    words = [measured(at_s, pitch=2.0 + 7 * (at_s % 2), level_db=-20.0 + 6 * (at_s % 2)) for at_s in range(20)]
    words[8] = measured(8, pitch=9.0, level_db=-14.0)
    turns = [turn(1 + at_s % 2, at_s, at_s + 0.5) for at_s in range(20)]
    assert prominent_by_speaker(words, speakers_of(words, [])) == []
    (one,) = prominent_by_speaker(words, speakers_of(words, turns))
    assert one.word is words[8]
    assert one.pitch_semitones == 7.0


def test_an_effort_is_measured_against_the_same_speakers_utterances() -> None:
    """Five utterances of a man, then three of a louder woman, and one that she raises."""
    voices = [(0.0, -30.0)] * 5 + [(6.0, -22.0)] * 3 + [(8.0, -15.0)]
    told = [delivery(2.0 * at, pitch=pitch, level_db=level_db) for at, (pitch, level_db) in enumerate(voices)]
    words = [measured(2.0 * at, pitch=0.0, utterance=at) for at in range(9)]
    turns = [turn(1, 0.0, 10.0), turn(2, 10.0, 18.0)]
    assert len(efforts_by_speaker(told, words, speakers_of(words, []))) == 4
    (raised,) = efforts_by_speaker(told, words, speakers_of(words, turns))
    assert (raised.label, raised.delivery) == ("raised", told[8])
    assert (raised.pitch_semitones, raised.level_db) == (2.0, 7.0)


def test_an_utterance_of_two_speakers_is_compared_with_none() -> None:
    told = [delivery(2.0 * at, pitch=0.0, level_db=-30.0) for at in range(3)]
    told.append(delivery(6.0, pitch=5.0, level_db=-15.0))
    words = [measured(2.0 * at, pitch=0.0, utterance=at) for at in range(4)]
    words.append(measured(6.5, pitch=0.0, utterance=3))
    assert len(efforts_by_speaker(told, words, speakers_of(words, []))) == 1
    assert efforts_by_speaker(told, words, speakers_of(words, [turn(1, 0.0, 6.4), turn(2, 6.5, 8.0)])) == []
