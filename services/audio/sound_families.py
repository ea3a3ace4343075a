"""AudioSet's classes that only gather others, and which ones each of them gathers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FAMILIES = (
    ("animal", "whale_vocalization"),
    ("domestic_animals_pets", "caterwaul"),
    ("livestock_farm_animals_working_animals", "honk"),
    ("fowl", "honk"),
    ("wild_animals", "whale_vocalization"),
    ("musical_instrument", "scratching_performance_technique"),
    ("plucked_string_instrument", "ukulele"),
    ("keyboard_musical", "harpsichord"),
    ("percussion", "steelpan"),
    ("brass_instrument", "trombone"),
    ("bowed_string_instrument", "double_bass"),
    ("wind_instrument_woodwind_instrument", "clarinet"),
    ("vehicle", "skateboard"),
    ("motor_vehicle_road", "traffic_noise_roadway_noise"),
    ("rail_transport", "subway_metro_underground"),
    ("mechanisms", "single_lens_reflex_camera"),
    ("tools", "drill"),
)
"""Each gathering class with the last class of its family. YAMNet lists the ontology depth first, so a family is the
stretch from one to the other. Only classes that name no sound of their own: "animal" says less than "dog", but a
"bark" is still a "dog", and "music" is worth saying beside "trumpet"."""


def members_of(labels: Sequence[str]) -> Mapping[int, frozenset[int]]:
    """Gathering class -> classes it gathers, as indices of `labels`. ValueError for a name that is not there."""
    index = {label: position for position, label in enumerate(labels)}
    missing = [name for family in FAMILIES for name in family if name not in index]
    if missing:
        raise ValueError(f"no such classes: {', '.join(missing)}")
    return {index[first]: frozenset(range(index[first] + 1, index[last] + 1)) for first, last in FAMILIES}
