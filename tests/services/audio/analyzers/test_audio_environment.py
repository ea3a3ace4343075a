from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding
from services.audio.analyzers.audio_environment import STEP_S, AudioEnvironment, AudioEnvironmentSettings
from services.audio.percepts.sounds import Sounds
from services.common.time import seconds
from tests.services.audio.hearing import found, heard, silence, times, tone, windows
from tests.windows import samples_of_file


def environment(
    samples: np.ndarray, sounds: Sounds, *, start_s: float = 0.0, length_s: float = 1.0, threshold: float = 0.3
) -> list[Finding]:
    analyzer = AudioEnvironment(AudioEnvironmentSettings(threshold=threshold))
    return found(analyzer, heard(windows(samples, start_s=start_s, length_s=length_s), [sounds]))


def esc10(media_dir: Path, name: str) -> np.ndarray:
    return samples_of_file(media_dir / "audio" / "esc10" / f"{name}.ogg")


def test_silence_holds_nothing(sounds: Sounds) -> None:
    assert environment(silence(5), sounds) == []
    assert environment(silence(0), sounds) == []


def test_the_bark_at_the_end_of_the_composite_is_found_over_its_music(composite: Path, sounds: Sounds) -> None:
    findings = {finding.label: finding for finding in environment(samples_of_file(composite), sounds)}
    assert {"dog", "bark", "music", "speech"} <= findings.keys()
    for label in ("dog", "bark"):
        start_s, end_s = times(findings[label])
        # The first frame that holds any of the bark has its middle up to 0.73 s before it.
        assert 22.8 - 0.73 <= start_s <= 22.8 + 0.25
        assert end_s == pytest.approx(24.8, abs=0.25)


def test_what_only_gathers_others_is_left_out(media_dir: Path, sounds: Sounds) -> None:
    labels = {finding.label for finding in environment(esc10(media_dir, "001_-_Dog_bark_5-203128-A"), sounds)}
    assert "dog" in labels
    assert not labels & {"animal", "domestic_animals_pets"}


def test_a_sound_lies_where_it_was_put(media_dir: Path, sounds: Sounds) -> None:
    """Within half a second: no frame is finer than that."""
    samples = np.concatenate([silence(6), esc10(media_dir, "002_-_Rain_4-181286-A"), silence(6)])
    rain = [finding for finding in environment(samples, sounds) if finding.label == "rain"]
    assert times(rain[0])[0] == pytest.approx(6.0, abs=0.5)
    assert times(rain[-1])[1] == pytest.approx(11.0, abs=0.5)


def test_a_sound_from_the_first_to_the_last_moment_is_told_so(media_dir: Path, sounds: Sounds) -> None:
    samples = samples_of_file(media_dir / "audio" / "librispeech_198-209-0000.ogg")
    speech = next(finding for finding in environment(samples, sounds) if finding.label == "speech")
    assert times(speech) == (0.0, pytest.approx(len(samples) / 16000, abs=1e-6))


def test_confidence_is_the_mean_of_the_curve_and_the_curve_fills_the_span(composite: Path, sounds: Sounds) -> None:
    for finding in environment(samples_of_file(composite), sounds):
        start_s, end_s = times(finding)
        curve = finding.scores
        assert seconds(curve.step_duration) == STEP_S
        assert 0.0 <= end_s - start_s - (len(curve.values) - 1) * STEP_S <= STEP_S + 1e-6
        assert all(0.0 <= value <= 1.0 for value in curve.values)
        assert finding.confidence == pytest.approx(np.mean(curve.values), abs=0.05)


def test_the_length_of_the_windows_changes_nothing(composite: Path, sounds: Sounds) -> None:
    samples = samples_of_file(composite)
    assert environment(samples, sounds, length_s=0.37) == environment(samples, sounds, length_s=60.0)


def test_a_part_that_starts_late_has_its_own_times(sounds: Sounds, media_dir: Path) -> None:
    samples = esc10(media_dir, "004_-_Baby_cry_5-151085-A")
    early = [times(finding) for finding in environment(samples, sounds)]
    late = [times(finding) for finding in environment(samples, sounds, start_s=600.0)]
    assert [(start - 600.0, end - 600.0) for start, end in late] == [pytest.approx(edges) for edges in early]


def test_a_higher_threshold_finds_less(sounds: Sounds) -> None:
    few, many = (environment(tone(4), sounds, threshold=threshold) for threshold in (0.9, 0.05))
    assert len(few) < len(many)
