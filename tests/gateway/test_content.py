"""What counts as content of a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.content import FINDERS, NO_SOUND_LABELS, content_of, kind_of, stands_still
from gateway.music_labels import MUSIC_LABELS
from reelscribe.v1.analyzer_pb2 import AnalyzerResult
from reelscribe.v1.finding_pb2 import ColorProfile, Finding, Gesture, SoundEvent, Subject
from reelscribe.v1.story_pb2 import CallToAction
from services.common.time import span
from tests.gateway.told import TITLE, described, heard, looked, said, seen, written


@pytest.mark.parametrize(
    ("finding", "kind"),
    [
        (said("Hallo", 0), "speech"),
        (written("Hallo", 0, 1, TITLE), "screen_text"),
        (seen("person", 0, 5), "person"),
        (seen("dog", 0, 5), "object"),
        (heard("bark", 0, 5), "sound"),
        (Finding(span=span(0, 1), label="door", sound_event=SoundEvent()), "sound"),
        (Finding(span=span(0, 1), label="waving", gesture=Gesture()), "action"),
        (described("A dog.", 0, 1), "description"),
        (heard("music", 0, 5), None),
        (heard("electric_guitar", 0, 5), None),
        (heard("singing", 0, 5), None),
        (heard("silence", 0, 5), None),
        (heard("speech", 0, 5), None),
        (Finding(span=span(0, 1), label="palette", color=ColorProfile()), None),
        (Finding(span=span(0, 1), label="call_to_action", call_to_action=CallToAction()), None),
    ],
    ids=lambda value: value.label if isinstance(value, Finding) else str(value),
)
def test_kinds(finding: Finding, kind: str | None):
    assert kind_of(finding) == kind
    assert kind is None or kind in FINDERS


def told(result: AnalyzerResult) -> list[tuple[str, float, float]]:
    return list(content_of([result]))


def test_a_thing_that_stands_still_is_told_once():
    ((kind, start_s, end_s),) = told(looked("any", seen("clock", 2, 12, moving=0.002)))
    assert (kind, start_s) == ("object", 2.0)
    assert end_s < 3.0


def test_a_thing_that_moves_is_told_as_long_as_it_is_seen():
    assert told(looked("any", seen("clock", 2, 12))) == [("object", 2.0, 12.0)]


def test_a_gesture_in_a_still_picture_is_told_once():
    pointing = Finding(span=span(0, 12), label="pointing", gesture=Gesture(), subject=Subject(track_id=1))
    ends = {kind: end_s for kind, _, end_s in told(looked("any", seen("person", 0, 12, moving=0.0), pointing))}
    assert ends["action"] < 1.0
    moving = {kind: end_s for kind, _, end_s in told(looked("any", seen("person", 0, 12), pointing))}
    assert moving["action"] == 12.0


def test_of_a_glimpse_nothing_is_known():
    assert not stands_still(seen("person", 0, 0.5, moving=0.0))


def test_music_is_called_as_the_tagger_calls_it(shared_dir: Path):
    lines = (shared_dir / "weights" / "yamnet_class_map.csv").read_text().splitlines()[1:]
    names = [line.split(",", 2)[2].strip('"').lower() for line in lines]
    plain = {"_".join("".join(mark if mark.isalnum() else " " for mark in name).split()) for name in names}
    assert plain >= MUSIC_LABELS
    assert len(MUSIC_LABELS) > 120
    assert "dog" not in NO_SOUND_LABELS
    assert "applause" not in NO_SOUND_LABELS
