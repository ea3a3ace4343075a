from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench.common.loudness_signals import sine, sines, surround
from bench.common.music_pieces import chords, drums
from gateway.join import join
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import AudioStream, Video
from reelscribe.v1.sound_pb2 import KeyMode
from services.audio.analyzers.audio_analysis import AudioAnalysis
from services.audio.percepts.sounds import Sounds
from services.audio.percepts.voice import Voice
from services.common.device import Device
from services.common.window import Part
from tests.services.audio.hearing import RATE_HZ, heard, noise, silence, times, tone
from tests.services.audio.own_sound import own_windows
from tests.windows import samples_of_file


def test_loading_compiles_nothing_for_music_that_there_may_not_be():
    """In a process of its own. The old one had every clip wait for librosa and numba's compiler."""
    code = (
        "import sys; from services.common.device import Device;"
        "from services.audio.analyzers.audio_analysis import AudioAnalysis; AudioAnalysis().load(Device(core_count=1));"
        "print(sorted({'librosa', 'numba', 'scipy', 'soxr'} & set(sys.modules)))"
    )
    pytest.importorskip("librosa", reason="the audio extra is not installed")
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def analyzer(device: Device) -> AudioAnalysis:
    pytest.importorskip("librosa", reason="the audio extra is not installed")
    made = AudioAnalysis()
    made.load(device)
    return made


@pytest.fixture
def analyze(analyzer: AudioAnalysis, voice: Voice, sounds: Sounds):
    def run(
        samples: np.ndarray,
        rate_hz: int = RATE_HZ,
        *,
        start_s: float = 0.0,
        own_start_s: float = 0.0,
        stored_hz: int = 0,
    ) -> list[Finding]:
        video = Video(audio_stream=AudioStream(sample_rate_hz=stored_hz or rate_hz))
        settings = analyzer.settings
        part = Part(
            analysis_id="a",
            part_id="p",
            index=0,
            start_s=start_s,
            own_start_s=own_start_s,
            video=video,
            settings=settings,
        )
        return list(
            analyzer.analyze(part, iter(heard(own_windows(samples, rate_hz, start_s=start_s), [voice, sounds])))
        )

    return run


def labelled(findings: list[Finding], label: str) -> list[Finding]:
    return [finding for finding in findings if finding.label == label]


def test_a_stereo_sine_is_measured_whole(analyze) -> None:
    findings = analyze(sine(5, -23), 48000)
    (loudness,) = labelled(findings, "loudness")
    assert loudness.loudness.integrated_lufs == pytest.approx(-23, abs=0.05)
    assert loudness.loudness.true_peak_dbtp == pytest.approx(-23, abs=0.1)
    assert (loudness.loudness.channel_count, times(loudness)) == (2, (0.0, 5.0))
    (stereo,) = labelled(findings, "stereo")
    assert (stereo.stereo.correlation, stereo.stereo.side_share) == pytest.approx((1.0, 0.0), abs=1e-6)
    assert not labelled(findings, "clipping")


def test_a_file_is_measured_as_it_is_stored(analyze) -> None:
    """8 kHz mono counts as one channel and has no stereo width; 5.1 is weighted."""
    mono = analyze(sine(5, -23, channel_count=1, rate_hz=8000), 8000)
    assert labelled(mono, "loudness")[0].loudness.integrated_lufs == pytest.approx(-26.01, abs=0.05)
    assert not labelled(mono, "stereo")
    (loudness,) = labelled(analyze(surround(4), 48000), "loudness")
    assert loudness.loudness.integrated_lufs == pytest.approx(-23, abs=0.1)
    assert loudness.loudness.channel_count == 6


def test_clipping_is_counted_but_not_in_what_was_resampled(analyze) -> None:
    clipped = np.clip(2 * sine(2, 0, pitch_hz=100), -1, 1)
    (clipping,) = labelled(analyze(clipped, 48000), "clipping")
    assert clipping.clipping.run_count == 800
    assert clipping.clipping.share == pytest.approx(2 / 3, abs=0.01)
    assert not labelled(analyze(clipped, 48000, stored_hz=96000), "clipping")


def test_silence_is_said_to_be_silence_and_nothing_else_is_claimed(analyze) -> None:
    findings = analyze(silence(4))
    assert [finding.label for finding in findings] == ["loudness", "silence"]
    assert not findings[0].loudness.HasField("integrated_lufs")
    assert not findings[1].sound_span.HasField("level_dbfs")
    assert times(findings[1]) == (0.0, 4.0)


def test_nothing_musical_is_claimed_where_no_music_is_heard(analyze, media_dir: Path) -> None:
    """The system before this one gave every clip a tempo and a key."""
    speech = samples_of_file(media_dir / "audio" / "librispeech_198-209-0000.ogg")
    rain = samples_of_file(media_dir / "audio" / "esc10" / "002_-_Rain_4-181286-A.ogg")
    for samples in (speech, rain, noise(5), tone(5)):
        labels = {finding.label for finding in analyze(samples)}
        assert not labels & {"tempo", "key"}, labels
    labels = {finding.label for finding in analyze(speech)}
    assert {"loudness", "speech"} <= labels


def test_music_has_its_tempo_and_its_key(analyze) -> None:
    cadence = np.tile(chords(7, "major"), 4)
    piece = cadence + 0.1 * drums(120, len(cadence) / RATE_HZ)
    findings = analyze(piece.astype(np.float32))
    (music,) = labelled(findings, "music")
    assert music.confidence > 0.3
    (tempo,) = labelled(findings, "tempo")
    ratio = tempo.tempo.beats_per_minute / 120
    assert min(abs(ratio / wanted - 1) for wanted in (0.5, 1.0, 2.0)) < 0.02
    assert all(
        times(music)[0] <= each.seconds + each.nanos / 1e9 <= times(music)[1] for each in tempo.tempo.beat_offsets
    )
    (key,) = labelled(findings, "key")
    assert (key.key.tonic, key.key.mode) == ("G", KeyMode.KEY_MODE_MAJOR)


def test_a_recorded_piece_of_music_has_its_tempo(analyze, media_dir: Path) -> None:
    """Kevin MacLeod's Vibe Ace: about 129 beats a minute, or half or double of it, and marked so."""
    findings = analyze(samples_of_file(media_dir / "audio" / "music_vibe_ace.ogg"))
    (tempo,) = labelled(findings, "tempo")
    assert min(abs(tempo.tempo.beats_per_minute / (129.5 * ratio) - 1) for ratio in (0.5, 1.0, 2.0)) < 0.02
    assert not {"speech", "speech_to_noise"} & {finding.label for finding in findings}


def test_speech_over_noise_is_measured_where_somebody_speaks(analyze, media_dir: Path) -> None:
    speech = samples_of_file(media_dir / "audio" / "librispeech_3436-172162-0000.ogg")[: 8 * RATE_HZ]
    mixed = np.concatenate([silence(2), speech, silence(2)])
    mixed += noise(len(mixed) / RATE_HZ, 0.003)
    (measured,) = labelled(analyze(mixed), "speech_to_noise")
    assert measured.signal_to_noise.background_dbfs == pytest.approx(20 * np.log10(0.003), abs=1.0)
    spoken = labelled(analyze(mixed), "speech")
    assert times(spoken[0])[0] == pytest.approx(2.0, abs=0.7)
    assert measured.signal_to_noise.snr_db == pytest.approx(
        10 * np.log10(np.mean(speech.astype(float) ** 2) / 0.003**2), abs=2.0
    )


def test_two_parts_joined_have_the_loudness_of_one(analyze) -> None:
    """The second begins with two seconds of lead-in, and its filter without a past."""
    samples = sines((10, -30), (10, -20), (10, -40), (10, -23))
    (whole,) = labelled(analyze(samples, 48000), "loudness")
    left = analyze(samples[: 20 * 48000], 48000)
    right = analyze(samples[18 * 48000 :], 48000, start_s=18.0, own_start_s=20.0)
    (joined,) = labelled(join(left, right, 20.0), "loudness")
    assert times(joined) == times(whole)
    assert joined.loudness.integrated_lufs == pytest.approx(whole.loudness.integrated_lufs, abs=1e-4)
    assert joined.loudness.loudness_range_lu == pytest.approx(whole.loudness.loudness_range_lu, abs=0.05)
    assert list(joined.loudness.momentary_lufs) == pytest.approx(list(whole.loudness.momentary_lufs), abs=1e-3)
    assert [times(each) for each in labelled(join(left, right, 20.0), "stereo")] == [(0.0, 20.0), (20.0, 40.0)]


def test_a_moment_of_sound_is_no_failure(analyze) -> None:
    (loudness, *_) = analyze(tone(0.05))
    assert len(loudness.loudness.momentary_lufs) == 0


def test_only_what_was_measured_is_said(analyze, media_dir: Path) -> None:
    """The system before this one told a bit depth it had assumed, and how professional a recording was."""
    left = samples_of_file(media_dir / "audio" / "jfk.flac", 44100)[: 6 * 44100]
    findings = analyze(np.stack([left, 0.5 * left], axis=1), 44100)
    known = {"loudness", "speech", "music", "silence", "tempo", "key", "clipping", "stereo", "speech_to_noise"}
    assert {finding.label for finding in findings} <= known
    detected = {"speech", "music"}
    assert all(finding.HasField("confidence") == (finding.label in detected) for finding in findings)
    (stereo,) = labelled(findings, "stereo")
    assert stereo.stereo.balance_db == pytest.approx(-6.02, abs=0.01)
