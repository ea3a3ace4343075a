from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.common.conversations import Conversation, conversations, two_channels
from bench.common.diarization import DiarizationError, Said, diarization_error
from services.audio.analyzers.speaker_turns import SpeakerTurns
from services.audio.percepts.speakers import Speakers
from services.audio.percepts.voice import Voice
from tests.services.audio.hearing import found, heard, noise, silence, times, tone, windows
from tests.windows import samples_of_file


def turns(samples: np.ndarray, voice: Voice, speakers: Speakers, *, start_s: float = 0.0) -> list[Said]:
    findings = found(SpeakerTurns(), heard(windows(samples, start_s=start_s), [voice, speakers]))
    assert {finding.label for finding in findings} <= {"speaker_turn"}
    return [
        Said(start_s=times(finding)[0], end_s=times(finding)[1], speaker=str(finding.subject.speaker_id))
        for finding in findings
    ]


def voices(said: list[Said]) -> set[str]:
    return {each.speaker for each in said}


TALKS = ("two readers, interruptions", "three readers, pauses", "a German and a reader")
"""Of those that the accuracy table scores."""


@pytest.fixture(scope="module")
def talks(media_dir: Path) -> dict[str, Conversation]:
    made = {talk.name: talk for talk in conversations(media_dir / "audio", samples_of_file)}
    return {name: made[name] for name in TALKS}


@pytest.fixture(scope="module")
def scored(
    talks: dict[str, Conversation], voice: Voice, speakers: Speakers
) -> dict[str, tuple[list[Said], DiarizationError]]:
    """All of them, heard once."""
    heard_turns = {name: turns(talk.samples, voice, speakers) for name, talk in talks.items()}
    return {
        name: (said, diarization_error(talks[name].truth, said, talks[name].length_s))
        for name, said in heard_turns.items()
    }


def test_two_and_three_speakers_are_told_apart(
    talks: dict[str, Conversation], scored: dict[str, tuple[list[Said], DiarizationError]]
) -> None:
    """The old system claimed a diarization that was not there: everybody was nobody."""
    for name, (said, error) in scored.items():
        assert len(voices(said)) == talks[name].speaker_count, name
        assert error.rate <= 0.15, f"{name}: {error}"


def test_speakers_are_numbered_as_they_appear(scored: dict[str, tuple[list[Said], DiarizationError]]) -> None:
    for said, _ in scored.values():
        assert list(dict.fromkeys(each.speaker for each in said)) == [str(n + 1) for n in range(len(voices(said)))]


def test_two_who_talk_over_each_other_are_two(media_dir: Path, voice: Voice, speakers: Speakers) -> None:
    """One of them is never heard alone."""
    talk = two_channels(media_dir / "audio" / "stereo_diarization.wav")
    said = turns(talk.samples, voice, speakers)
    assert len(voices(said)) == 2
    assert diarization_error(talk.truth, said, talk.length_s).rate <= 0.15


@pytest.mark.parametrize("name", ["jfk.flac", "librispeech_5703-47212-0000.ogg", "fleurs/fleurs-de-006.ogg"])
def test_one_speaker_is_one(name: str, media_dir: Path, voice: Voice, speakers: Speakers) -> None:
    assert voices(turns(samples_of_file(media_dir / "audio" / name), voice, speakers)) == {"1"}


def test_the_composites_speaker_is_one_over_its_music(composite: Path, voice: Voice, speakers: Speakers) -> None:
    assert len(voices(turns(samples_of_file(composite), voice, speakers))) <= 2


@pytest.mark.parametrize(
    "samples", [silence(0), silence(12), tone(4), noise(12)], ids=["none", "quiet", "tone", "hiss"]
)
def test_nobody_speaks_where_there_is_no_voice(samples: np.ndarray, voice: Voice, speakers: Speakers) -> None:
    assert turns(samples, voice, speakers) == []


@pytest.mark.parametrize(
    "name", ["music_solo_trumpet", "esc10/001_-_Dog_bark_4-191687-A", "esc10/008_-_Chainsaw_2-68391-A", "robin"]
)
def test_music_and_noise_are_nobodys_voice(name: str, media_dir: Path, voice: Voice, speakers: Speakers) -> None:
    assert turns(samples_of_file(media_dir / "audio" / f"{name}.ogg"), voice, speakers) == []


def test_a_part_that_starts_late_has_its_own_times(media_dir: Path, voice: Voice, speakers: Speakers) -> None:
    sentence = samples_of_file(media_dir / "audio" / "fleurs" / "fleurs-en-004.ogg")
    early, late = (turns(sentence, voice, speakers, start_s=start_s) for start_s in (0.0, 600.0))
    assert [each.start_s - 600.0 for each in late] == pytest.approx([each.start_s for each in early], abs=1e-3)
