from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bench.common.conversations import Conversation, conversations, edge_errors_s, two_channels, written
from bench.common.diarization import RATE_HZ, Said
from bench.common.standalone import sound_of


@pytest.fixture(scope="module")
def talks(media_dir: Path) -> list[Conversation]:
    return list(conversations(media_dir / "audio", sound_of))


def test_two_and_three_speak_with_pauses_and_overlaps(talks: list[Conversation]) -> None:
    assert [talk.speaker_count for talk in talks] == [2, 2, 3, 3, 2, 2, 3]
    for talk in talks:
        turns = talk.truth
        overlapping = any(after.start_s < before.end_s for before, after in pairwise(turns))
        assert overlapping == ("interruptions" in talk.name or "German and" in talk.name)
        assert turns[-1].end_s <= talk.length_s + 1e-3


def test_two_at_a_time_are_judged_by_their_channels(media_dir: Path) -> None:
    talk = two_channels(media_dir / "audio" / "stereo_diarization.wav")
    assert talk.speaker_count == 2
    assert talk.length_s == pytest.approx(5.0, abs=0.1)


def test_a_written_clip_is_read_again(tmp_path: Path) -> None:
    samples = np.sin(np.arange(RATE_HZ) / 20).astype(np.float32) * np.float32(0.5)
    talk = Conversation(name="a, b", samples=samples, truth=())
    assert written(talk, tmp_path).name == "a_b.wav"
    assert sound_of(tmp_path / "a_b.wav") == pytest.approx(samples, abs=1e-3)


def test_an_utterance_that_is_not_there_has_no_edges() -> None:
    truth = [Said(start_s=1.0, end_s=2.0, speaker="a"), Said(start_s=4.0, end_s=5.0, speaker="a")]
    assert edge_errors_s(truth, [(1.1, 1.5), (1.6, 1.9)]) == pytest.approx([0.1, 0.1, math.inf, math.inf])
