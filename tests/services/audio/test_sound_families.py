from __future__ import annotations

import pytest

from services.audio.percepts.sounds import Sounds
from services.audio.sound_families import FAMILIES, members_of
from tests.services.audio.hearing import heard, silence, windows


@pytest.fixture(scope="module")
def labels(sounds: Sounds) -> tuple[str, ...]:
    labels: tuple[str, ...] = heard(windows(silence(1.0)), [sounds])[0][Sounds].labels
    return labels


@pytest.mark.parametrize(
    ("gathering", "member"),
    [
        ("animal", "dog"),
        ("animal", "whale_vocalization"),
        ("domestic_animals_pets", "bark"),
        ("wild_animals", "bird"),
        ("musical_instrument", "trumpet"),
        ("brass_instrument", "trumpet"),
        ("percussion", "snare_drum"),
        ("vehicle", "car"),
        ("vehicle", "helicopter"),
        ("rail_transport", "train"),
        ("tools", "hammer"),
        ("mechanisms", "clock"),
    ],
)
def test_a_family_has_its_members(labels: tuple[str, ...], gathering: str, member: str) -> None:
    assert labels.index(member) in members_of(labels)[labels.index(gathering)]


@pytest.mark.parametrize(
    ("gathering", "stranger"),
    [
        ("animal", "music"),
        ("domestic_animals_pets", "horse"),
        ("vehicle", "engine"),
        ("brass_instrument", "flute"),
        ("motor_vehicle_road", "train"),
        ("tools", "explosion"),
        ("musical_instrument", "pop_music"),
    ],
)
def test_and_nobody_else(labels: tuple[str, ...], gathering: str, stranger: str) -> None:
    assert labels.index(stranger) not in members_of(labels)[labels.index(gathering)]


def test_no_family_is_without_members(labels: tuple[str, ...]) -> None:
    assert len(members_of(labels)) == len(FAMILIES)
    assert all(members_of(labels).values())


def test_a_list_without_these_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="animal"):
        members_of(["speech"])
