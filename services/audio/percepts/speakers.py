"""Speakers: the voices heard in ten seconds at a time and what each sounds like; who is the same is decided later."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from services.audio.percepts.recent_sound import RecentSound
from services.audio.percepts.speech_spans import SpeechSpan
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice
from services.audio.speakers.clusters import HeardVoice
from services.audio.speakers.conversation import HeardSegment
from services.audio.speakers.segments import (
    FRAME_STEP_S,
    HOP_S,
    SEGMENT_S,
    VOICE_COUNT,
    VOICES_OF_CLASS,
    Segment,
    activity_of,
)
from services.audio.speakers.voice_prints import BAND_COUNT, SHORTEST_S, require_kaldi, voice_print
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import WeightsDamaged
from services.common.onnx import OnnxNetwork
from services.common.weights import locate
from services.common.window import PTS_TOLERANCE_S, Part, Window

Sound = npt.NDArray[np.float32]


class Speakers(Percept):
    """`window[Speakers]`: the segments that are complete with this window, a tuple of HeardSegment.

    Every HOP_S one of SEGMENT_S, wherever somebody speaks; the last one ends with the sound. A window's value comes
    with the window after it. The prints are for comparing voices of one part and leave the service in no form.
    """

    needs = SPEECH_SAMPLES
    uses = (Voice,)
    weights = ("pyannote-segmentation-3.0", "wespeaker-resnet34")

    def load(self, device: Device) -> None:
        require_kaldi()
        segmentation, prints = (locate(name) for name in self.weights)
        self._segmentation = OnnxNetwork(segmentation, device, extra="audio")
        self.print_network = OnnxNetwork(prints, device, extra="audio")
        (gives,) = self._segmentation.outputs.values()
        if list(self._segmentation.inputs) != ["input_values"] or gives[-1] != len(VOICES_OF_CLASS):
            raise WeightsDamaged(f"{segmentation.path} is not {segmentation.name}: it gives {gives}")
        takes = self.print_network.inputs
        if list(takes) != ["feats"] or takes["feats"][-1] != BAND_COUNT:
            raise WeightsDamaged(f"{prints.path} is not {prints.name}: it takes {takes}")
        self.models = (self._segmentation.model, self.print_network.model)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[HeardSegment, ...]]:
        cutter = _Cutter()
        held: tuple[HeardSegment, ...] | None = None
        for window in windows:
            if held is not None:
                yield held
            cutter.hear(window)
            held = tuple(self._heard(*piece) for piece in cutter.complete())
        if held is not None:
            yield held + tuple(self._heard(*piece) for piece in cutter.finish())

    def _heard(self, start_s: float, own: SpeechSpan, samples: Sound) -> HeardSegment:
        """One segment of (n,) samples; what is shorter than SEGMENT_S is filled up with silence."""
        filled = np.pad(samples, (0, max(0, round(SEGMENT_S * SPEECH_SAMPLES.sample_rate_hz) - len(samples))))
        (scores,) = self._segmentation({"input_values": filled[None, None].astype(np.float32)})
        segment = Segment(start_s=start_s, own_start_s=own.start_s, own_end_s=own.end_s, active=activity_of(scores[0]))
        prints = (self._print(segment, voice, samples) for voice in range(VOICE_COUNT))
        return HeardSegment(segment=segment, prints=tuple(prints))

    def _print(self, segment: Segment, voice: int, samples: Sound) -> HeardVoice | None:
        """From where this voice is heard alone; None where that is too short to tell."""
        rate_hz = SPEECH_SAMPLES.sample_rate_hz
        pieces = [
            samples[round((span.start_s - segment.start_s) * rate_hz) : round((span.end_s - segment.start_s) * rate_hz)]
            for span in segment.spans(segment.alone(voice))
        ]
        alone = np.concatenate(pieces) if pieces else np.empty(0, np.float32)
        speech_s = len(alone) / rate_hz
        if speech_s < SHORTEST_S:
            return None
        return HeardVoice(speech_s=speech_s, print=voice_print(self.print_network, alone))


class _Cutter:
    """One part: its sound as long as a segment may want it, and where somebody speaks."""

    def __init__(self) -> None:
        self._sound = RecentSound(SPEECH_SAMPLES.sample_rate_hz)
        self._speech: list[SpeechSpan] = []
        self._next_s: float | None = None
        self._own_s = 0.0

    def hear(self, window: Window) -> None:
        batch = window[SPEECH_SAMPLES]
        if self._next_s is None and len(batch):
            self._next_s = self._own_s = batch.start_s
        self._sound.add(batch.mono, batch.start_s)
        self._speech += window[Voice].spans

    def complete(self) -> Iterator[tuple[float, SpeechSpan, Sound]]:
        """The segments that more sound does not change: start, what it speaks for, samples."""
        # One that ends with the sound may be the last, which speaks for more.
        while self._next_s is not None and self._sound.end_s > self._next_s + SEGMENT_S + PTS_TOLERANCE_S:
            start_s = self._next_s
            yield from self._piece(start_s, start_s + SEGMENT_S - HOP_S / 2)
            self._next_s = start_s + HOP_S
            # The last segment ends with the sound: it may start before the next one.
            self._sound.forget(start_s)

    def finish(self) -> Iterator[tuple[float, SpeechSpan, Sound]]:
        """The last segment."""
        if self._next_s is None or self._own_s >= self._sound.end_s - FRAME_STEP_S:
            return
        start_s = max(self._sound.start_s, min(self._next_s, self._sound.end_s - SEGMENT_S))
        yield from self._piece(start_s, self._sound.end_s)

    def _piece(self, start_s: float, own_end_s: float) -> Iterator[tuple[float, SpeechSpan, Sound]]:
        own = SpeechSpan(start_s=self._own_s, end_s=own_end_s)
        self._own_s = own_end_s
        self._speech = [span for span in self._speech if span.end_s > start_s]
        if any(span.start_s < start_s + SEGMENT_S for span in self._speech):
            yield start_s, own, self._sound.cut(start_s, start_s + SEGMENT_S)
