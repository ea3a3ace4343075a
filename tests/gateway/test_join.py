from __future__ import annotations

import time

import pytest

from gateway.join import iou, join, join_all
from reelscribe.v1.finding_pb2 import Box, Finding, ScoreCurve, Shot, Text, TextKind, Track, TrackedBox
from reelscribe.v1.people_pb2 import ClassDistribution, DistributionSample, Subject
from reelscribe.v1.picture_pb2 import CameraMove
from reelscribe.v1.speech_pb2 import Pause
from services.common.time import duration, span, span_s

LEFT_BOX = Box(left=0.1, top=0.1, right=0.3, bottom=0.5)
RIGHT_BOX = Box(left=0.6, top=0.1, right=0.8, bottom=0.5)


def track(start: int, end: int, box: Box, label: str = "cup", track_id: int = 1) -> Finding:
    boxes = [TrackedBox(offset=duration(second), box=box, confidence=0.5) for second in range(start, end)]
    return Finding(span=span(start, end), label=label, confidence=0.5, track=Track(track_id=track_id, boxes=boxes))


def caption(start: float, end: float, content: str) -> Finding:
    return Finding(span=span(start, end), label="caption", text=Text(content=content, kind=TextKind.TEXT_KIND_CAPTION))


def spans(findings: list[Finding]) -> list[tuple[float, float]]:
    return [span_s(finding.span) for finding in findings]


def test_a_thing_seen_across_the_seam_is_one():
    (joined,) = join([track(50, 60, LEFT_BOX)], [track(58, 70, LEFT_BOX)], own_start_s=60)
    assert span_s(joined.span) == (50, 70)
    assert len(joined.track.boxes) == 20


def test_two_cups_in_two_places_stay_two():
    joined = join(
        [track(50, 60, LEFT_BOX, track_id=1), track(50, 60, RIGHT_BOX, track_id=2)],
        [track(58, 70, RIGHT_BOX, track_id=2), track(58, 70, LEFT_BOX, track_id=1)],
        own_start_s=60,
    )
    assert len(joined) == 2
    lefts = [{round(box.box.left, 3) for box in finding.track.boxes} for finding in joined]
    assert sorted(lefts, key=min) == [{0.1}, {0.6}]


def test_what_ended_in_the_lead_in_was_reported_before():
    assert len(join([caption(58, 59, "hallo")], [caption(58, 59, "hallo")], own_start_s=60)) == 1


def test_what_begins_after_the_seam_is_appended():
    assert spans(join([caption(58, 60, "hallo")], [caption(60, 62, "hallo")], own_start_s=60)) == [(58, 60), (60, 62)]


def test_another_text_at_the_seam_is_another_finding():
    assert len(join([caption(58, 60, "hallo")], [caption(58, 62, "welt")], own_start_s=60)) == 2


def test_a_text_read_with_other_spacing_is_the_same():
    assert spans(join([caption(57, 60, "Hallo Welt")], [caption(58, 63, "hallo welt!")], own_start_s=60)) == [(57, 63)]


def test_a_shot_cut_off_by_the_seam_goes_on():
    left = Finding(span=span(50, 60), label="shot", shot=Shot(index=3, start_frame_index=500, end_frame_index=600))
    right = Finding(span=span(58, 65), label="shot", shot=Shot(index=0, start_frame_index=580, end_frame_index=650))
    (joined,) = join([left], [right], own_start_s=60)
    assert span_s(joined.span) == (50, 65)
    assert (joined.shot.start_frame_index, joined.shot.end_frame_index) == (500, 650)


def test_scores_are_continued_without_their_overlap():
    left = Finding(span=span(50, 60), label="music", scores=ScoreCurve(step_duration=duration(1), values=[0.5] * 10))
    right = Finding(span=span(58, 62), label="music", scores=ScoreCurve(step_duration=duration(1), values=[1.0] * 4))
    (joined,) = join([left], [right], own_start_s=60)
    assert list(joined.scores.values) == [0.5] * 10 + [1.0] * 2


def mood(start: int, end: int, happy: float, face_id: int = 1) -> Finding:
    samples = [DistributionSample(offset=duration(at), shares=[happy, 1 - happy]) for at in range(start, end)]
    shares = ClassDistribution(names=["happy", "sad"], shares=[happy, 1 - happy], samples=samples)
    return Finding(
        span=span(start, end),
        label="happy",
        confidence=happy,
        distribution=shares,
        subject=Subject(face_id=face_id),
    )


def test_a_distribution_goes_on_with_its_mean_over_all_samples():
    (joined,) = join([mood(50, 60, 1.0)], [mood(58, 65, 0.5)], own_start_s=60)
    assert len(joined.distribution.samples) == 15
    assert list(joined.distribution.shares) == pytest.approx([12.5 / 15, 2.5 / 15])
    assert joined.confidence == pytest.approx(12.5 / 15)


def test_what_is_said_of_another_face_is_another_finding():
    assert len(join([mood(50, 60, 1.0, face_id=1)], [mood(58, 65, 1.0, face_id=2)], own_start_s=60)) == 2


def test_a_summary_of_a_span_is_cut_at_the_seam():
    left = Finding(span=span(50, 60), label="pan_left", camera=CameraMove(pan_per_s=-0.5))
    right = Finding(span=span(58, 64), label="pan_left", camera=CameraMove(pan_per_s=-0.4))
    assert spans(join([left], [right], own_start_s=60)) == [(50, 60), (60, 64)]


def pause(start: float, end: float, before: str, after: str) -> Finding:
    return Finding(span=span(start, end), label="pause", pause=Pause(word_before=before, word_after=after))


def test_a_pause_over_the_seam_has_the_words_of_both_parts():
    """The part before hears no word after it, the part after none before: those of its lead-in are not its own."""
    (joined,) = join([pause(59, 60, "eins", "")], [pause(59, 61.5, "", "zwei")], own_start_s=60)
    assert span_s(joined.span) == (59, 61.5)
    assert (joined.pause.word_before, joined.pause.word_after) == ("eins", "zwei")


def test_the_silence_at_the_end_keeps_no_word_after_it():
    (joined,) = join([pause(50, 60, "eins", "")], [], own_start_s=60)
    assert joined.pause.word_after == ""


def test_the_given_findings_are_not_changed():
    left = track(50, 60, LEFT_BOX)
    join([left], [track(58, 70, LEFT_BOX)], own_start_s=60)
    assert span_s(left.span) == (50, 60)


def test_iou_of_half_overlapping_boxes():
    one = Box(left=0, top=0, right=0.5, bottom=1)
    assert iou(one, Box(left=0.25, top=0, right=0.75, bottom=1)) == pytest.approx(1 / 3)
    assert iou(one, RIGHT_BOX) == 0


def test_a_thing_that_lasts_over_many_parts_is_one():
    parts = [
        (0.0, [track(0, 60, LEFT_BOX)]),
        (60.0, [track(58, 120, LEFT_BOX)]),
        (120.0, [track(118, 150, LEFT_BOX), track(130, 140, RIGHT_BOX, track_id=2)]),
    ]
    first, second = join_all(parts)
    assert (span_s(first.span), len(first.track.boxes)) == ((0, 150), 150)
    assert span_s(second.span) == (130, 140)


def test_what_ended_long_before_the_seam_is_not_looked_at_again():
    """An hour's findings must not be compared with those of every later part."""
    parts = [(60.0 * part, [caption(60 * part + 1, 60 * part + 2, "hallo")] * 40) for part in range(60)]
    started_s = time.thread_time()
    assert len(join_all(parts)) == 2400
    assert time.thread_time() - started_s < 1.0


def test_a_moment_at_the_very_start_of_a_part_is_its_own():
    """As short as it may be: at the start of the video, too."""
    assert len(join([], [caption(0, 0.0005, "blitz"), caption(0, 0, "nichts")], own_start_s=0)) == 2
    assert len(join([caption(50, 60, "hallo")], [caption(60, 60.0005, "blitz")], own_start_s=60)) == 2


def test_a_turn_over_the_seam_is_one_and_another_speakers_is_not():
    def turn(start_s: float, end_s: float, speaker: int) -> Finding:
        return Finding(span=span(start_s, end_s), label="speaker_turn", subject=Subject(speaker_id=speaker))

    joined = join([turn(50, 60, 1)], [turn(58, 63, 1), turn(59, 61, 2)], own_start_s=60)
    assert [(item.subject.speaker_id, span_s(item.span)) for item in joined] == [(1, (50, 63)), (2, (59, 61))]
