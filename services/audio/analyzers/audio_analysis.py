"""How it sounds: loudness, speech, music and silence, tempo, key, clipping, channels, speech over noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.sound_pb2 import SignalToNoise, SoundSpan
from services.audio.loudness.measurement import LoudnessMeasurement
from services.audio.music import account
from services.audio.music.key import key_of
from services.audio.music.pulse import pulse_of
from services.audio.percepts.recent_sound import RecentSound
from services.audio.percepts.sounds import Sounds
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice
from services.audio.recording.levels import SpeechLevels, decibel
from services.audio.recording.recording import Recording
from services.audio.sound_kinds import KindsOfSound, KindSpan
from services.common.analyzer import Analyzer
from services.common.device import Device
from services.common.errors import LibraryNotInstalled
from services.common.time import duration, span
from services.common.window import Part, SampleBatch, Samples, Window

MEASURED = Samples(sample_rate_hz=48000, channel_count=6, native=True)
"""The file's own sound: an upsampled or mixed one would have other peaks, clips and channels."""


class AudioAnalysis(Analyzer):
    """How sound is made: how loud, which kind of sound when, which tempo and key, how it was recorded.

    Labels: "loudness" (over all of it); "speech", "music", "silence" (stretches; `confidence` is the detector's mean
    score: Silero's of speech, which YAMNet must hear too, YAMNet's of music); "tempo" and "key" (where music is heard
    for four seconds that have a pulse, or a key); "clipping" (where there is any, but not of files above 48 kHz);
    "stereo" (two channels); "speech_to_noise" (where somebody speaks and pauses).
    """

    name = "audio_analysis"
    method = Method.METHOD_SIGNAL
    needs = (MEASURED, SPEECH_SAMPLES)
    uses = (Voice, Sounds)

    def load(self, device: Device) -> None:
        self._device = device
        for library in account.LIBRARIES:
            if find_spec(library) is None:
                raise LibraryNotInstalled(library, "audio")

    def warm_up(self) -> None:
        try:
            with self._device.call():
                account.warm_up()
        except ImportError as missing:
            raise LibraryNotInstalled(missing.name or "librosa", "audio") from None

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        meters: _Meters | None = None
        for window in windows:
            meters = meters or _Meters(part, window[MEASURED], window[SPEECH_SAMPLES])
            meters.push(window)
        if meters is None or meters.kinds.end_s <= part.start_s:
            return
        yield Finding(
            span=span(part.start_s, meters.recording.end_s), label="loudness", loudness=meters.loudness.finish()
        )
        yield from _recorded(meters.recording, part)
        kinds = meters.kinds.spans()
        yield from (_stretch(each) for each in kinds)
        yield from self._music(kinds, meters.sound, part.own_start_s)
        levels = meters.kinds.speech_levels(part.own_start_s)
        if levels is not None:
            whole = span(part.own_start_s, meters.kinds.end_s)
            yield Finding(span=whole, label="speech_to_noise", signal_to_noise=_signal_to_noise(levels))

    def _music(self, kinds: Sequence[KindSpan], sound: RecentSound, own_start_s: float) -> Iterator[Finding]:
        """Tempo and key of each stretch of music; the lead-in is the part before's."""
        for each in kinds:
            start_s = max(each.start_s, own_start_s)
            if each.kind != "music" or each.end_s - start_s < account.SHORTEST_MUSIC_S:
                continue
            samples = sound.cut(start_s, each.end_s)
            with self._device.call():
                pulse, key = pulse_of(samples), key_of(samples)
            where = span(start_s, each.end_s)
            if pulse is not None:
                yield Finding(span=where, label="tempo", tempo=account.tempo(pulse, start_s))
            if key is not None:
                yield Finding(span=where, label="key", key=account.key(key))


class _Meters:
    """Everything that listens along."""

    def __init__(self, part: Part, measured: SampleBatch, heard: SampleBatch) -> None:
        channel_count = measured.samples.shape[1]
        self.loudness = LoudnessMeasurement(measured.sample_rate_hz, channel_count)
        self.recording = Recording(part.own_start_s, channel_count)
        self.kinds = KindsOfSound(start_s=part.start_s, rate_hz=heard.sample_rate_hz)
        # All of the part, 38 MB for ten minutes: how far a stretch of music goes is known when it ends.
        self.sound = RecentSound(heard.sample_rate_hz)

    def push(self, window: Window) -> None:
        measured: SampleBatch = window[MEASURED]
        heard: SampleBatch = window[SPEECH_SAMPLES]
        self.loudness.push(measured.samples)
        self.recording.push(measured)
        self.kinds.push(heard.mono, window[Voice], window[Sounds])
        self.sound.add(heard.mono, heard.start_s)


def _recorded(recording: Recording, part: Part) -> Iterator[Finding]:
    whole = span(recording.start_s, recording.end_s)
    clipping, stereo = recording.clipping(), recording.stereo()
    # Once resampled, samples no longer lie at the ceiling they were cut off at.
    if clipping is not None and part.video.audio_stream.sample_rate_hz <= MEASURED.sample_rate_hz:
        yield Finding(span=whole, label="clipping", clipping=clipping)
    if stereo is not None:
        yield Finding(span=whole, label="stereo", stereo=stereo)


def _stretch(each: KindSpan) -> Finding:
    return Finding(
        span=span(each.start_s, each.end_s),
        label=each.kind,
        confidence=each.score,
        sound_span=SoundSpan(level_dbfs=decibel(each.power)),
    )


def _signal_to_noise(levels: SpeechLevels) -> SignalToNoise:
    return SignalToNoise(
        snr_db=levels.snr_db,
        speech_dbfs=decibel(levels.speech),
        background_dbfs=decibel(levels.background),
        speech_duration=duration(levels.speech_s),
        background_duration=duration(levels.background_s),
    )
