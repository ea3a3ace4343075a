"""Who speaks when: one finding for each turn, speakers as numbers."""

from __future__ import annotations

from collections.abc import Iterator

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.people_pb2 import Subject
from services.audio.percepts.speakers import Speakers
from services.audio.percepts.speech_spans import SpeechSpan
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice
from services.audio.speakers.conversation import HeardSegment, turns_in
from services.common.analyzer import Analyzer
from services.common.time import span
from services.common.window import Part, Window


class SpeakerTurns(Analyzer):
    """Who speaks when, as anonymous numbers in order of appearance; how many there are is found.

    Label: "speaker_turn"; `subject.speaker_id` says whose. Turns of two speakers overlap where both speak. A silence of
    0.3 s ends a turn. Who is who is known only when all was heard: the turns of a part come at its end.
    """

    name = "speaker_turns"
    method = Method.METHOD_MODEL
    needs = SPEECH_SAMPLES
    uses = (Voice, Speakers)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        heard: list[HeardSegment] = []
        speech: list[SpeechSpan] = []
        for window in windows:
            speech += window[Voice].spans
            heard += window[Speakers]
        for turn in turns_in(heard, speech):
            yield Finding(
                span=span(turn.start_s, turn.end_s), label="speaker_turn", subject=Subject(speaker_id=turn.speaker)
            )
