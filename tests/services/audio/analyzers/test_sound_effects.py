from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.common import effect_mixes
from reelscribe.v1.finding_pb2 import Finding
from services.audio.analyzers.sound_effects import SoundEffects
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsNotInstalled
from tests.services.audio.hearing import RATE_HZ, found, noise, silence, times, windows
from tests.windows import samples_of_file


@pytest.fixture(scope="module")
def analyzer(device: Device) -> SoundEffects:
    made = SoundEffects()
    try:
        made.load(device)
    except (WeightsNotInstalled, LibraryNotInstalled) as missing:
        pytest.skip(f"{missing}: {missing.fix}")
    return made


def effects(
    analyzer: SoundEffects, samples: np.ndarray, *, start_s: float = 0.0, length_s: float = 1.0
) -> list[Finding]:
    return found(analyzer, list(windows(samples, start_s=start_s, length_s=length_s)))


@pytest.mark.parametrize(("bed", "least_count"), [("silence", 6), ("speech", 3), ("music", 1)])
def test_several_events_lie_where_they_were_mixed(
    analyzer: SoundEffects, media_dir: Path, bed: str, least_count: int
) -> None:
    """The system before this one found one at most. What speech and music drown is not found; nothing is made up."""
    mix = effect_mixes.mix(media_dir, bed, seed=1)
    findings = effects(analyzer, mix.samples)
    heard = {event.name: [each for each in findings if _overlaps(each, event)] for event in mix.events}
    near = [
        event.name
        for event in mix.events
        for first in heard[event.name][:1]
        if first.label in event.labels and abs(times(first)[0] - event.start_s) <= 0.25
    ]
    assert len(near) >= least_count
    assert not [each for each in findings if not any(_overlaps(each, event) for event in mix.events)]


def test_sounds_in_silence_end_where_they_were_mixed(analyzer: SoundEffects, media_dir: Path) -> None:
    mix = effect_mixes.mix(media_dir, "silence", seed=1)
    findings = effects(analyzer, mix.samples)
    for event in mix.events:
        # A crow's last syllable is a sound of its own where the tagger loses it in between.
        if event.name != "rooster":
            first = next(each for each in findings if _overlaps(each, event))
            assert times(first)[1] == pytest.approx(event.end_s, abs=0.25)


def _overlaps(finding: Finding, event: effect_mixes.Event) -> bool:
    start_s, end_s = times(finding)
    return start_s < event.end_s and end_s > event.start_s


def test_the_two_barks_at_the_end_of_the_composite_are_two(analyzer: SoundEffects, composite: Path) -> None:
    barks = effects(analyzer, samples_of_file(composite))
    assert {each.label for each in barks} == {"dog"}
    assert times(barks[0])[0] == pytest.approx(22.8, abs=0.25)
    assert times(barks[-1])[1] == pytest.approx(24.8, abs=0.25)
    assert len(barks) > 1
    assert all(0.3 <= each.confidence <= 1.0 and "bark" in each.sound_event.alternatives for each in barks)


def test_speech_music_weather_and_silence_are_no_effects(analyzer: SoundEffects, media_dir: Path) -> None:
    audio = media_dir / "audio"
    for path in (audio / "librispeech_5703-47212-0000.ogg", audio / "fleurs" / "fleurs-de-004.ogg"):
        assert effects(analyzer, samples_of_file(path)) == []
    for samples in (
        samples_of_file(audio / "music_vibe_ace.ogg")[: 20 * RATE_HZ],
        noise(5),
        silence(5),
        silence(0),
    ):
        assert effects(analyzer, samples) == []


def test_a_trumpet_whose_half_seconds_sound_like_a_horn_is_music(analyzer: SoundEffects, media_dir: Path) -> None:
    """Looks alone heard a car honk."""
    assert effects(analyzer, samples_of_file(media_dir / "audio" / "music_solo_trumpet.ogg")) == []


def test_a_door_that_shuts_is_heard_over_speech(analyzer: SoundEffects, media_dir: Path) -> None:
    speech = samples_of_file(media_dir / "audio" / "librispeech_198-209-0000.ogg")[: 6 * RATE_HZ] * 0.5
    door = effect_mixes.material(media_dir)["door"]
    speech[3 * RATE_HZ : 3 * RATE_HZ + len(door)] += door
    (event,) = effects(analyzer, speech)
    assert {event.label, *event.sound_event.alternatives} & {"door", "slam", "thunk", "knock"}
    assert times(event)[0] == pytest.approx(3.0, abs=0.25)


def test_a_sound_from_the_first_moment_on_has_no_rise(analyzer: SoundEffects, media_dir: Path) -> None:
    crow = effect_mixes.material(media_dir)["rooster"]
    (event,) = effects(analyzer, np.concatenate([crow, silence(2)]))
    assert times(event)[0] == 0.0
    assert not event.sound_event.HasField("rise_db")
    assert event.sound_event.peak_dbfs > -20


def test_windows_and_the_start_of_the_part_change_nothing(analyzer: SoundEffects, media_dir: Path) -> None:
    samples = effect_mixes.mix(media_dir, "silence", seed=2).samples
    plain = [(each.label, times(each)) for each in effects(analyzer, samples)]
    assert [(each.label, times(each)) for each in effects(analyzer, samples, length_s=0.37)] == plain
    late = [(each.label, times(each)) for each in effects(analyzer, samples, start_s=600.0)]
    assert [(label, (start_s - 600, end_s - 600)) for label, (start_s, end_s) in late] == [
        (label, pytest.approx(edges, abs=1e-6)) for label, edges in plain
    ]
