from __future__ import annotations

from gateway.music_labels import MUSIC_LABELS


def test_instruments_kinds_and_moods_are_music():
    assert {"music", "guitar", "techno", "scary_music", "musical_instrument"} <= MUSIC_LABELS


def test_what_rings_in_the_world_is_none():
    assert not {"bell", "church_bell", "bicycle_bell", "dog", "applause", "speech"} & MUSIC_LABELS
