"""What is heard against what is seen."""

from __future__ import annotations

from pathlib import Path

from gateway.checks.check import AGREES, UNCONFIRMED
from gateway.checks.sources import MAKER, heard_and_seen
from reelscribe.v1.finding_pb2 import Finding, SoundEvent
from services.common.time import span, span_s
from tests.gateway.told import evidence, heard, looked, seen

BARKS = looked("audio_environment", heard("bark", 10, 12), heard("dog", 10.5, 13), heard("music", 0, 20))


def test_a_dog_that_barks_is_seen():
    (found,) = heard_and_seen(evidence(BARKS, looked("object_detection", seen("dog", 9, 11))))
    assert found.cross_check.verdict == AGREES
    assert span_s(found.span) == (10.0, 13.0)
    assert set(found.evidence_ids) == {"audio_environment/2", "audio_environment/3", "object_detection/1"}


def test_one_that_barks_off_screen_is_unconfirmed_and_no_contradiction():
    (found,) = heard_and_seen(evidence(BARKS, looked("object_detection", seen("cat", 9, 20), seen("dog", 0, 5, 2))))
    assert (found.cross_check.verdict, found.cross_check.counterpart) == (UNCONFIRMED, "no dog")


def test_a_single_sound_counts_as_well():
    bark = Finding(span=span(4, 4.4), label="bark", sound_event=SoundEvent())
    (found,) = heard_and_seen(evidence(looked("sound_effects", bark), looked("object_detection", seen("dog", 3, 6))))
    assert found.cross_check.verdict == AGREES


def test_barks_far_apart_are_two():
    sounds = looked("audio_environment", heard("bark", 2, 3), heard("bark", 10, 11))
    assert len(list(heard_and_seen(evidence(sounds, looked("object_detection"))))) == 2


def test_nothing_is_claimed_where_nobody_looked():
    assert not list(heard_and_seen(evidence(BARKS, looked("object_detection", end_s=9.0))))


def test_sounds_are_called_as_the_tagger_calls_them(shared_dir: Path):
    lines = (shared_dir / "weights" / "yamnet_class_map.csv").read_text().splitlines()[1:]
    names = [line.split(",", 2)[2].strip('"').lower() for line in lines]
    known = {"".join(character if character.isalnum() else " " for character in name) for name in names}
    plain = {"_".join(name.split()) for name in known}
    assert set(MAKER) <= plain
