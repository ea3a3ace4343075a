"""Which of AudioSet's classes name a single sound, and which go on: speech, music, weather, engines, rooms."""

from __future__ import annotations

from collections.abc import Sequence

GOES_ON = (
    ("speech", "speech_synthesizer"),
    ("whispering", "whispering"),
    ("singing", "humming"),
    ("breathing", "snoring"),
    ("chatter", "children_playing"),
    ("cricket", "bee_wasp_etc"),
    ("music", "wind_noise_microphone"),
    ("water", "waves_surf"),
    ("fire", "motor_vehicle_road"),
    ("car", "car"),
    ("race_car_auto_racing", "truck"),
    ("bus", "bus"),
    ("motorcycle", "rail_transport"),
    ("train", "train"),
    ("railroad_car_train_wagon", "engine_knocking"),
    ("idling", "idling"),
    ("frying_food", "bathtub_filling_or_washing"),
    ("hair_dryer", "hair_dryer"),
    ("toothbrush", "vacuum_cleaner"),
    ("electric_shaver_electric_razor", "electric_shaver_electric_razor"),
    ("sewing_machine", "air_conditioning"),
    ("boiling", "boiling"),
    ("whir", "whir"),
    ("sizzle", "sizzle"),
    ("rumble", "rumble"),
    ("hum", "hum"),
    ("silence", "field_recording"),
)
"""First and last class of stretches in the order of the labels. What is named here is audio_environment's to report;
"sound_effect" is among it because it says of a sound only that it is one."""


EXPLAINS = ("speech", "music")
"""First classes of the stretches of which a piece, heard alone, may be taken for a single sound."""


def explaining(labels: Sequence[str]) -> tuple[int, ...]:
    """Indices of the classes of speech and of music."""
    ends = {first: last for first, last in GOES_ON if first in EXPLAINS}
    return tuple(index for first, last in ends.items() for index in range(labels.index(first), labels.index(last) + 1))


def single_sounds(labels: Sequence[str]) -> tuple[int, ...]:
    """Indices of the classes that name a single sound. ValueError for labels that are not AudioSet's."""
    unknown = sorted({name for stretch in GOES_ON for name in stretch} - set(labels))
    if unknown:
        raise ValueError(f"no such classes: {', '.join(unknown)}")
    going_on = {index for first, last in GOES_ON for index in range(labels.index(first), labels.index(last) + 1)}
    return tuple(index for index in range(len(labels)) if index not in going_on)
