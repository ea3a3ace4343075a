"""The audio service's percepts, loaded once for all tests; those without installed weights are skipped."""

from __future__ import annotations

from typing import TypeVar

import pytest

from reelscribe.demo.sources import VOICE, SpeechModel
from reelscribe.demo.speech import Narrator
from services.audio.percepts.pitch import Pitch
from services.audio.percepts.sounds import Sounds
from services.audio.percepts.speakers import Speakers
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import Voice
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsDamaged, WeightsNotInstalled
from services.common.weights import locate

Kind = TypeVar("Kind", bound=Percept)


def loaded(percept: Kind, device: Device) -> Kind:
    try:
        percept.load(device)
    except (WeightsNotInstalled, LibraryNotInstalled) as missing:
        pytest.skip(f"{missing}: {missing.fix}")
    return percept


@pytest.fixture(scope="session")
def voice(device: Device) -> Voice:
    return loaded(Voice(), device)


@pytest.fixture(scope="session")
def transcript(device: Device) -> Transcript:
    return loaded(Transcript(), device)


@pytest.fixture(scope="session")
def sounds(device: Device) -> Sounds:
    return loaded(Sounds(), device)


@pytest.fixture(scope="session")
def speakers(device: Device) -> Speakers:
    return loaded(Speakers(), device)


@pytest.fixture(scope="session")
def pitch(device: Device) -> Pitch:
    return loaded(Pitch(), device)


@pytest.fixture(scope="session")
def narrator() -> Narrator:
    """The demo's synthetic voice, where it was fetched: speech without a breath around it."""
    try:
        found = locate(VOICE).files
    except (WeightsNotInstalled, WeightsDamaged):
        pytest.skip(f"the demo's voice is not here: reelscribe models pull {VOICE}")
    return Narrator(SpeechModel(network=found["hibari.onnx"], alphabet=found["vocab.json"]))
