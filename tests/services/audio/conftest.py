"""The audio service's percepts, loaded once for all tests; those without installed weights are skipped."""

from __future__ import annotations

from typing import TypeVar

import pytest

from services.audio.percepts.sounds import Sounds
from services.audio.percepts.speakers import Speakers
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import Voice
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsNotInstalled

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
