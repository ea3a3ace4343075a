"""Whether what a description names was detected, or heard; and whether what it denies was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.calls.folding import folded
from gateway.checks.check import AGREES, CONTRADICTS, UNCONFIRMED, Check, crossed, worded
from gateway.checks.sources import MAKER, heard
from gateway.evidence import Evidence, overlapping
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import Verdict
from services.common.time import span_s

NAMES = {
    "person": "person|people|man|men|woman|women|boy|girl|child|children|kid|lady|guy|mann|manner|frau|frauen|junge|"
    "madchen|kind|kinder|mensch|menschen|leute|personen",
    "dog": "dog|puppy|hund|hunde|welpe", "cat": "cat|kitten|katze|katzen|kater", "bird": "bird|vogel",
    "horse": "horse|pferd|pferde", "cow": "cow|kuh|kuhe", "sheep": "sheep|schaf|schafe",
    "elephant": "elephant|elefant|elefanten", "bear": "bear|bar|baren", "zebra": "zebra", "giraffe": "giraffe",
    "car": "car|auto|autos", "truck": "truck|lorry|lastwagen|lkw", "bus": "bus|busse",
    "motorcycle": "motorcycle|motorbike|motorrad|motorrader", "bicycle": "bicycle|bike|fahrrad|fahrrader",
    "train": "train|zug|zuge", "boat": "boat|boot|boote", "airplane": "airplane|plane|aircraft|flugzeug|flugzeuge",
    "bench": "bench", "umbrella": "umbrella|regenschirm", "backpack": "backpack|rucksack", "tie": "necktie|krawatte",
    "suitcase": "suitcase|koffer", "handbag": "handbag|handtasche", "bottle": "bottle|flasche|flaschen",
    "wine_glass": "wine glass|weinglas", "cup": "cup|mug|tasse|tassen|becher", "bowl": "bowl|schussel",
    "fork": "fork|gabel", "knife": "knife|messer", "spoon": "spoon|loffel", "banana": "banana|banane|bananen",
    "apple": "apple|apfel", "pizza": "pizza", "cake": "cake|kuchen|torte", "sandwich": "sandwich",
    "chair": "chair|stuhl|stuhle",
    "couch": "couch|sofa", "bed": "bed|bett", "dining_table": "dining table|esstisch", "tv": "tv|television|fernseher",
    "laptop": "laptop", "keyboard": "keyboard|tastatur", "cell_phone": "cell phone|smartphone|phone|handy|telefon",
    "book": "book|buch|bucher", "clock": "clock|uhr", "vase": "vase", "scissors": "scissors|schere",
    "teddy_bear": "teddy bear|teddy|teddybar", "skateboard": "skateboard", "surfboard": "surfboard|surfbrett",
    "microwave": "microwave|mikrowelle", "refrigerator": "refrigerator|fridge|kuhlschrank", "sink": "sink|waschbecken",
}  # fmt: skip
"""What the detector calls a thing (COCO) -> how it is written, folded, in English (an "s" may follow) and German."""

NOBODY = re.compile(r"\b(?:nobody|no one|no-one|niemand)\b")
NOT = r"(?:\b(?:no|without(?: an?| any)?|kein(?:e[nmrs]?)?|ohne(?: eine?n?)?) )"
WRITTEN = {thing: re.compile(rf"({NOT})?\b(?:{names})s?\b") for thing, names in NAMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A thing that a description names, or denies."""

    thing: str
    word: str
    denied: bool


def mentions(text: str) -> list[Mention]:
    """Each thing once: named, if it is named anywhere; else denied."""
    plain = folded(text)
    found: dict[str, Mention] = {}
    for thing, pattern in WRITTEN.items():
        for match in pattern.finditer(plain):
            mention = Mention(
                thing=thing, word=text[match.start() : match.end()].strip(), denied=match.group(1) is not None
            )
            if thing not in found or found[thing].denied:
                found[thing] = mention
    nobody = NOBODY.search(plain)
    if nobody is not None and "person" not in found:
        found["person"] = Mention(thing="person", word=text[nobody.start() : nobody.end()], denied=True)
    return list(found.values())


def described_and_detected(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each thing, over the descriptions in a row that say the same of it."""
    tracks = evidence.of("track", analyzers=["object_detection"])
    told: dict[tuple[str, bool], list[tuple[Mention, Finding]]] = {}
    for description in evidence.of("description"):
        if not evidence.covers("object_detection", *span_s(description.span)):
            continue
        seen = {track.label for track in overlapping(tracks, *span_s(description.span))}
        for mention in mentions(description.description.content):
            told.setdefault((mention.thing, mention.thing in seen), []).append((mention, description))
    for (thing, _), each in told.items():
        own = [track for track in tracks if track.label == thing]
        for row in _rows(each):
            yield _compared(row, own)


def _rows(told: Iterable[tuple[Mention, Finding]]) -> Iterator[list[tuple[Mention, Finding]]]:
    """Descriptions that follow one another and agree in naming or denying."""
    row: list[tuple[Mention, Finding]] = []
    for mention, description in told:
        near = row and span_s(description.span)[0] - span_s(row[-1][1].span)[1] <= 1.0
        if row and not (near and row[-1][0].denied == mention.denied):
            yield row
            row = []
        row.append((mention, description))
    if row:
        yield row


def _compared(row: list[tuple[Mention, Finding]], tracks: list[Finding]) -> Finding:
    mention = row[0][0]
    start_s, end_s = span_s(row[0][1].span)[0], max(span_s(each.span)[1] for _, each in row)
    # Only what is seen while it is spoken of: a thing between two descriptions is not theirs.
    seen = [item for item in tracks if any(overlapping([item], *span_s(each.span)) for _, each in row)]
    return crossed(
        "described_and_detected",
        _verdict(denied=mention.denied, seen=bool(seen)),
        (start_s, end_s),
        claim=mention.word,
        counterpart=worded(mention.thing) if seen else f"no {worded(mention.thing)}",
        evidence=[*(each for _, each in row), *seen],
    )


def _verdict(*, denied: bool, seen: bool) -> Verdict:
    """Only a thing that is there though it is denied excludes the other: a detector may overlook what is named."""
    if denied:
        return CONTRADICTS if seen else AGREES
    return AGREES if seen else UNCONFIRMED


def described_and_heard(evidence: Evidence) -> Iterator[Finding]:
    """Where a thing that is described is heard, too. That one is silent says nothing."""
    sounds = heard(evidence)
    for description in evidence.of("description"):
        near = overlapping(sounds, *span_s(description.span))
        for mention in mentions(description.description.content):
            own = [sound for sound in near if MAKER[sound.label] == mention.thing]
            if own and not mention.denied:
                yield crossed(
                    "described_and_heard",
                    AGREES,
                    span_s(description.span),
                    claim=mention.word,
                    counterpart=", ".join(dict.fromkeys(worded(sound.label) for sound in own)),
                    evidence=[description, *own],
                )


CHECKS = (
    Check(reads=(("qwen2_vl_temporal", "object_detection"),), find=described_and_detected),
    Check(
        reads=(("qwen2_vl_temporal", "audio_environment"), ("qwen2_vl_temporal", "sound_effects")),
        find=described_and_heard,
    ),
)
