"""Makes the demo clip and writes what is in it beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from reelscribe.demo import lettering, scenario
from reelscribe.demo.camera import moving_frames
from reelscribe.demo.encode import write_mp4
from reelscribe.demo.facts import Spoken, truth_of
from reelscribe.demo.sources import PhotoFile, find_photos, speech_model
from reelscribe.demo.speech import SAMPLE_RATE_HZ, Narrator

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE_NAME = "reelscribe-demo.mp4"
TRUTH_NAME = "reelscribe-demo.groundtruth.json"

LOUDNESS = 0.1
"""Root mean square of each phrase, of full scale: about -20 dB, as speech usually is."""

LOUDEST = 0.9
"""No sample goes above this; AAC adds a little."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClip:
    """The clip, the JSON that says what is in it, and how long it is."""

    video: Path
    truth: Path
    duration_s: float


def make_demo(directory: Path, progress: Progress | None = None) -> DemoClip:
    """Makes the clip in `directory` (created if missing), replacing one that is there.

    `progress` hears the share done, in (0, 1]. Raises PhotosMissing or SpeechUnavailable, before anything is
    written.
    """
    photos = find_photos()
    samples, spoken = narration(Narrator(speech_model()))
    directory.mkdir(parents=True, exist_ok=True)
    video, truth = directory / FILE_NAME, directory / TRUTH_NAME
    unfinished = video.with_suffix(".part")
    try:
        write_mp4(unfinished, reported(demo_frames(photos), progress), samples, SAMPLE_RATE_HZ)
        unfinished.replace(video)
    finally:
        unfinished.unlink(missing_ok=True)
    content = truth_of(photos, spoken, FILE_NAME)
    truth.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return DemoClip(video=video, truth=truth, duration_s=scenario.DURATION_S)


def narration(narrator: Narrator) -> tuple[NDArray[np.float32], tuple[Spoken, ...]]:
    """The whole sound track, float32 (samples,) in [-0.9, 0.9] at 24 kHz, and when each phrase is heard in it."""
    samples = np.zeros(round(scenario.DURATION_S * SAMPLE_RATE_HZ), np.float32)
    spoken = []
    for phrase in scenario.phrases():
        voice = narrator.say(phrase.phonemes, scenario.SPEECH_SPEED)
        start = round(scenario.frame_time_s(phrase.start_frame) * SAMPLE_RATE_HZ)
        voice = voice[: samples.size - start]
        samples[start : start + voice.size] += levelled(voice)
        start_s, end_s = start / SAMPLE_RATE_HZ, (start + voice.size) / SAMPLE_RATE_HZ
        spoken.append(Spoken(text=phrase.text, start_s=start_s, end_s=end_s))
    return np.clip(samples, -LOUDEST, LOUDEST), tuple(spoken)


def levelled(voice: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same sound at the loudness that every phrase has, below the largest peak allowed."""
    by_loudness = LOUDNESS / np.sqrt(np.mean(voice**2))
    by_peak = LOUDEST / np.abs(voice).max()
    return voice * np.float32(min(by_loudness, by_peak))


def demo_frames(photos: Sequence[PhotoFile]) -> Iterator[Image.Image]:
    """Every frame of the clip, in order, one at a time."""
    title, captions = scenario.TITLE, scenario.phrases()
    labels = [(title.start_frame, title.end_frame, lettering.title(title.text))]
    labels += [(part.start_frame, part.end_frame, lettering.caption(part.text)) for part in captions]
    for shot, file in zip(scenario.SHOTS, photos, strict=True):
        frame_count = shot.end_frame - shot.start_frame
        with Image.open(file.path) as photo:
            frames = moving_frames(photo, file.photo.first, file.photo.last, frame_count)
            for index, frame in enumerate(frames, start=shot.start_frame):
                for start, end, label in labels:
                    if start <= index < end:
                        label.draw(frame)
                yield frame


def reported(frames: Iterator[Image.Image], progress: Progress | None) -> Iterator[Image.Image]:
    """The same frames; says after each how far it is."""
    for done, frame in enumerate(frames, start=1):
        yield frame
        if progress is not None:
            progress(done / scenario.FRAME_COUNT)
