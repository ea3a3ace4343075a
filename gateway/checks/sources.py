"""Whether what is heard is seen: a dog that barks, a car that passes."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.checks.check import AGREES, UNCONFIRMED, Check, crossed, worded
from gateway.evidence import Evidence, overlapping
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import span_s

SLACK_S = 1.0
"""What makes a sound may be seen so long before or after it: about a frame of the tagger."""

MADE_BY = {
    "dog": "dog bark yip howl bow_wow growling whimper_dog",
    "cat": "cat purr meow caterwaul",
    "horse": "horse clip_clop neigh_whinny",
    "cow": "cattle_bovinae moo",
    "sheep": "sheep bleat",
    "bird": "bird bird_vocalization_bird_call_bird_song chirp_tweet squawk pigeon_dove coo crow caw owl hoot duck "
    "quack goose honk chicken_rooster cluck crowing_cock_a_doodle_doo turkey gobble fowl",
    "car": "car car_passing_by race_car_auto_racing car_alarm vehicle_horn_car_horn_honking",
    "truck": "truck air_horn_truck_horn",
    "bus": "bus",
    "motorcycle": "motorcycle",
    "train": "train train_whistle train_horn railroad_car_train_wagon",
    "airplane": "fixed_wing_aircraft_airplane",
    "boat": "boat_water_vehicle sailboat_sailing_ship rowboat_canoe_kayak motorboat_speedboat ship",
    "bicycle": "bicycle bicycle_bell",
    "skateboard": "skateboard",
    "clock": "clock tick tick_tock alarm_clock",
    "cell_phone": "telephone telephone_bell_ringing ringtone",
    "keyboard": "computer_keyboard typing",
    "microwave": "microwave_oven",
    "toilet": "toilet_flush",
    "hair_drier": "hair_dryer",
    "scissors": "scissors",
}
"""What the detector calls a thing (COCO) -> what the tagger calls its sounds (AudioSet). Things with a sound of their
own only: a door that slams has no class among the detector's."""

MAKER = {sound: thing for thing, sounds in MADE_BY.items() for sound in sounds.split()}


def heard_and_seen(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each stretch of sounds of one thing. A sound from off screen is no contradiction."""
    tracks = evidence.of("track", analyzers=["object_detection"])
    for thing, sounds in _stretches(evidence):
        start_s = min(span_s(sound.span)[0] for sound in sounds)
        end_s = max(span_s(sound.span)[1] for sound in sounds)
        if not evidence.covers("object_detection", start_s, end_s):
            continue
        seen = [item for item in overlapping(tracks, start_s - SLACK_S, end_s + SLACK_S) if item.label == thing]
        yield crossed(
            "heard_and_seen",
            AGREES if seen else UNCONFIRMED,
            (start_s, end_s),
            claim=", ".join(dict.fromkeys(worded(sound.label) for sound in sounds)),
            counterpart=worded(thing) if seen else f"no {worded(thing)}",
            evidence=[*sounds, *seen],
        )


def heard(evidence: Evidence) -> list[Finding]:
    """Sounds of things, from the tagger or as single events."""
    sounds = [*evidence.of("scores", analyzers=["audio_environment"]), *evidence.of("sound_event")]
    return sorted((sound for sound in sounds if sound.label in MAKER), key=lambda sound: span_s(sound.span))


def _stretches(evidence: Evidence) -> Iterator[tuple[str, list[Finding]]]:
    """Sounds of one thing that touch each other, together: a "bark" is a "dog" as well."""
    groups: dict[str, list[list[Finding]]] = {}
    for sound in heard(evidence):
        own = groups.setdefault(MAKER[sound.label], [])
        if own and span_s(sound.span)[0] <= max(span_s(item.span)[1] for item in own[-1]) + SLACK_S:
            own[-1].append(sound)
        else:
            own.append([sound])
    for thing, stretches in groups.items():
        for stretch in stretches:
            yield thing, stretch


CHECKS = (
    Check(
        reads=(("audio_environment", "object_detection"), ("sound_effects", "object_detection")), find=heard_and_seen
    ),
)
