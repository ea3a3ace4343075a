from __future__ import annotations

import numpy as np

from services.audio.effects.events import PlacedSound, begun_together, tagged_sounds

ANIMAL, DOG, BARK, DOOR = range(4)
MEMBERS = {ANIMAL: frozenset({DOG, BARK})}


def scores(**rows: tuple[int, int, float]) -> np.ndarray:
    """(20, 4): each class's score between two looks."""
    table = np.zeros((20, 4), np.float32)
    for name, (first, after, score) in rows.items():
        table[first:after, globals()[name.upper()]] = score
    return table


def test_classes_heard_together_are_one_sound_named_by_the_surest():
    (sound,) = tagged_sounds(scores(dog=(4, 9, 0.9), bark=(5, 8, 0.7)), threshold=0.3, members=MEMBERS)
    assert (sound.first_look, sound.last_look) == (4, 8)
    assert [index for index, _ in sound.classes] == sound.columns == [DOG, BARK]


def test_several_sounds_are_several():
    table = np.maximum(scores(dog=(2, 5, 0.9), door=(8, 11, 0.5)), scores(dog=(15, 20, 0.6)))
    found = tagged_sounds(table, threshold=0.3, members=MEMBERS)
    assert [(each.first_look, each.last_look, each.columns) for each in found] == [
        (2, 4, [DOG]),
        (8, 10, [DOOR]),
        (15, 19, [DOG]),
    ]


def test_a_gathering_class_is_told_only_where_nothing_better_is():
    (named,) = tagged_sounds(scores(animal=(3, 9, 0.95), dog=(4, 9, 0.5)), threshold=0.3, members=MEMBERS)
    assert named.columns == [DOG]
    (unnamed,) = tagged_sounds(scores(animal=(3, 9, 0.95)), threshold=0.3, members=MEMBERS)
    assert unnamed.columns == [ANIMAL]


def test_nothing_is_nothing():
    assert tagged_sounds(scores(dog=(3, 9, 0.29)), threshold=0.3, members=MEMBERS) == []


def test_two_names_for_one_beginning_are_one_sound():
    cough = PlacedSound(start_s=1.05, end_s=1.4, classes=((0, 0.5), (1, 0.2)))
    sneeze = PlacedSound(start_s=1.0, end_s=1.3, classes=((1, 0.8),))
    later = PlacedSound(start_s=1.2, end_s=2.0, classes=((2, 0.9),))
    merged = begun_together([cough, later, sneeze])
    assert [(each.start_s, each.end_s, each.classes) for each in merged] == [
        (1.0, 1.4, ((1, 0.8), (0, 0.5))),
        (1.2, 2.0, ((2, 0.9),)),
    ]
