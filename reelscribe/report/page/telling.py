"""One finding in a few of the page's words: what its bar says, and whom it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reelscribe.report.described import content_of
from reelscribe.report.found import Found
from reelscribe.report.page.known import stated
from reelscribe.report.page.words import Words
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.sound_pb2 import KeyMode
from reelscribe.v1.story_pb2 import CallChannel, Verdict

LONGEST_TITLE = 120
"""Characters of a title; a bar has room for fewer, a tooltip for about these."""

CLASSES_TOLD = 3
"""Of a distribution or a set of regions, the largest."""


def title(found: Found, words: Words) -> str:
    """What the bar says: words as they were said or written, of anything else the label."""
    tell = TITLES.get(found.shape)
    told = " ".join((tell(found.finding, words) if tell else words.label(found.label)).split())
    return told if len(told) <= LONGEST_TITLE else f"{told[: LONGEST_TITLE - 1].rstrip()}…"


def subject(finding: Finding, words: Words) -> str:
    """ "person track 3 · face 1"; "" where it is about the picture or sound as a whole."""
    who = finding.subject
    told = []
    if who.HasField("track_id"):
        told.append(words.say("detail.track", number=who.track_id))
    if who.HasField("face_id"):
        told.append(words.say("detail.face", number=who.face_id))
    if who.HasField("speaker_id"):
        told.append(words.say("detail.speaker", number=who.speaker_id))
    return " · ".join(told)


def verdict(value: int) -> str:
    """ "agrees", "contradicts", "unconfirmed"."""
    return Verdict.Name(value).removeprefix("VERDICT_").lower()


LABELLED_CLAIMS = frozenset({"heard_and_seen"})
LABELLED_COUNTERPARTS = LABELLED_CLAIMS | {
    "speaker_on_screen", "words_and_voice", "described_and_detected", "described_and_heard", "call_said_and_written",
    "call_and_gaze",
}  # fmt: skip
"""Topics of cross checks whose side is made of labels; that of all others is somebody's own words."""


def compared(finding: Finding, words: Words) -> tuple[str, str]:
    """The two sides of a cross check, labels in the page's language."""
    check = finding.cross_check
    claim = words.terms(check.claim) if check.topic in LABELLED_CLAIMS else check.claim
    counterpart = words.terms(check.counterpart) if check.topic in LABELLED_COUNTERPARTS else check.counterpart
    return claim, counterpart


def channel(value: int) -> str:
    """ "speech", "screen", "both"."""
    return CallChannel.Name(value).removeprefix("CALL_CHANNEL_").lower()


def key_name(finding: Finding, words: Words) -> str:
    """ "A major"."""
    mode = "major" if finding.key.mode == KeyMode.KEY_MODE_MAJOR else "minor"
    return words.say(f"key.{mode}", tonic=finding.key.tonic)


def shares(pairs: Iterable[tuple[str, float]], words: Words, *, most: int = CLASSES_TOLD) -> str:
    """ "happy 71 %, neutral 20 %", the largest first."""
    largest = sorted(pairs, key=lambda pair: -pair[1])[:most]
    return ", ".join(f"{words.label(name)} {words.percent(share)}" for name, share in largest)


def _age(finding: Finding, words: Words) -> str:
    age = finding.age
    return words.say("age.looks", median=round(age.median_years), low=round(age.low_years), high=round(age.high_years))


def _regions(finding: Finding, words: Words) -> str:
    return shares(((region.name, region.share) for region in finding.regions.regions), words)


def _sharpness(finding: Finding, words: Words) -> str:
    return words.say("detail.sharpness", value=words.number(finding.quality.sharpness, 2))


def _rate(finding: Finding, words: Words) -> str:
    rate = stated(finding.speech_rate, "words_per_minute")
    return words.label(finding.label) if rate is None else words.say("detail.words_per_minute", value=round(rate))


TITLES: Mapping[str, Callable[[Finding, Words], str]] = {
    "text": lambda finding, words: finding.text.content,
    "description": lambda finding, words: content_of(finding.description),
    "shot": lambda finding, words: words.say("shot", number=finding.shot.index + 1),
    "scene": lambda finding, words: words.say("scene", number=finding.scene.index + 1),
    "track": lambda finding, words: f"{words.label(finding.label)} #{finding.track.track_id}",
    "age": _age,
    "regions": _regions,
    "emphasis": lambda finding, words: finding.emphasis.word,
    "tempo": lambda finding, words: words.say("tempo", bpm=round(finding.tempo.beats_per_minute)),
    "key": key_name,
    "call_to_action": lambda finding, words: (
        f"{words.label(finding.call_to_action.action)}: {words.quoted(finding.call_to_action.phrase)}"
    ),
    "comment_reply": lambda finding, words: finding.comment_reply.phrase or words.label(finding.label),
    "cross_check": lambda finding, words: (
        f"{words.label(finding.cross_check.topic)}: {words.label(verdict(finding.cross_check.verdict))}"
    ),
    "key_moment": lambda finding, words: words.listed([words.label(reason) for reason in finding.key_moment.reasons]),
    "speech_rate": _rate,
    "quality": _sharpness,
    "filler": lambda finding, words: stated(finding, "filler").content,
    "": lambda finding, words: (
        words.say("ui.voice", number=finding.subject.speaker_id)
        if finding.label == "speaker_turn"
        else words.label(finding.label)
    ),
}
