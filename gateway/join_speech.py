"""Joins what two neighbouring parts read of the same words: each word once, the better reading of those at the seam."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reelscribe.v1.finding_pb2 import Finding, TextKind, Word
from services.common.time import span_s

SAME_WORD_S = 0.3
"""Two readings of one word start at most this far apart: Whisper places words within 0.1-0.2 s."""

SAME_RUN_S = 1.0
"""Likewise where the word beside it is the same, too: half of the lead-in, at the edges of which times are worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What a seam has made of two parts' utterances."""

    gone: tuple[Finding, ...]
    """Of the part before: those that the part after has read better as a whole."""
    longer: tuple[Finding, ...]
    """Of the part before: one that goes on over the seam, changed in place."""
    further: tuple[Finding, ...]
    """What the part after adds, as messages of their own."""


def is_spoken(finding: Finding) -> bool:
    """Whether it is an utterance of which every word has a time."""
    if finding.WhichOneof("shape") != "text" or finding.text.kind != TextKind.TEXT_KIND_SPEECH:
        return False
    return bool(finding.text.words) and all(word.HasField("span") for word in finding.text.words)


def mend_speech(left: Sequence[Finding], right: Sequence[Finding], own_start_s: float) -> Mended:
    """Join the utterances of two neighbouring parts; `left` are changed in place, `right` are not.

    Right has read its lead-in as well: both have heard the two seconds before the seam. Left's last word may be cut off
    by the end of its sound, and right's first by the beginning of its own. So right takes over at the word nearest to
    the middle of what both have heard that both have read alike; where there is none, at that middle, or where both
    begin to read after a silence.
    """
    before, after = (sorted(filter(is_spoken, each), key=lambda item: span_s(item.span)) for each in (left, right))
    kept_count, left_out_count = _cut(_words(before), _words(after), own_start_s)
    gone, last = [], None
    for finding, count in _shared_out(before, kept_count):
        if count:
            last = finding
            _keep(finding, finding.text.words[:count])
        else:
            gone.append(finding)
    longer, further = [], []
    for finding, count in _shared_out(after, left_out_count):
        words = finding.text.words[count:]
        # It has heard both sides of the cut: they are one utterance.
        if words and count and last is not None and last.text.language_code == finding.text.language_code:
            _continue(last, finding, words)
            longer.append(last)
        elif words:
            added = Finding()
            added.CopyFrom(finding)
            _keep(added, words)
            further.append(added)
    return Mended(gone=tuple(gone), longer=tuple(longer), further=tuple(further))


def _cut(before: Sequence[Word], after: Sequence[Word], own_start_s: float) -> tuple[int, int]:
    """How many words of the part before stay, and how many of the part after are left out."""
    if not before or not after or _start_s(after[0]) >= own_start_s:
        return len(before), 0
    heard_s = _start_s(after[0])
    ours = [index for index, word in enumerate(before) if _middle_s(word) >= heard_s]
    theirs = [index for index, word in enumerate(after) if _start_s(word) < own_start_s]
    middle_s = (heard_s + own_start_s) / 2
    alike = _alike(before, after, [(index, other) for index in ours for other in theirs])
    if alike:
        last, other = min(alike, key=lambda pair: abs(_middle_s(before[pair[0]]) - middle_s))
        return last + 1, other + 1
    # Where both begin there after a silence, right has heard all of it.
    first = bisect_left(before, heard_s, key=_middle_s)
    quiet_s = span_s(before[first - 1].span)[1] if first else 0.0
    speaking_s = _start_s(before[first]) if first < len(before) else heard_s
    whole = not ours or quiet_s <= heard_s - SAME_WORD_S <= speaking_s
    kept_count = bisect_left(before, heard_s if whole else middle_s, key=_middle_s)
    read_s = span_s(before[kept_count - 1].span)[1] if kept_count else heard_s
    return kept_count, bisect_left(after, max(heard_s if whole else middle_s, read_s), key=_middle_s)


def _alike(before: Sequence[Word], after: Sequence[Word], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places of one word in both: the same at the same time, or else a run of two a little apart."""
    same = {(index, other) for index, other in pairs if _plain(before[index]) == _plain(after[other])}
    apart_s = {pair: abs(_start_s(before[pair[0]]) - _start_s(after[pair[1]])) for pair in same}
    at_once = [pair for pair in same if apart_s[pair] <= SAME_WORD_S]
    in_runs = [(index, other) for index, other in same if {(index - 1, other - 1), (index + 1, other + 1)} & same]
    return sorted(at_once or [pair for pair in in_runs if apart_s[pair] <= SAME_RUN_S])


def _shared_out(findings: Sequence[Finding], count: int) -> Iterator[tuple[Finding, int]]:
    """Each with how many of its words are among the first `count` of all."""
    for finding in findings:
        taken = min(count, len(finding.text.words))
        count -= taken
        yield finding, taken


def _keep(finding: Finding, words: Sequence[Word]) -> None:
    """Let the utterance be these of its words."""
    if len(words) < len(finding.text.words):
        between = _between(finding)
        kept = [_copy(word) for word in words]
        del finding.text.words[:]
        _fill(finding, kept, between)
        finding.span.start_offset.CopyFrom(kept[0].span.start_offset)


def _continue(finding: Finding, source: Finding, words: Sequence[Word]) -> None:
    """Let it go on with words of another reading; confidences are of mean logs: theirs is their geometric mean."""
    if finding.HasField("confidence") and source.HasField("confidence") and finding.confidence and source.confidence:
        counts = len(finding.text.words), len(words)
        logs = math.log(finding.confidence) * counts[0] + math.log(source.confidence) * counts[1]
        finding.confidence = math.exp(logs / sum(counts))
    _fill(finding, [_copy(word) for word in words], _between(source))


def _fill(finding: Finding, words: Sequence[Word], between: str) -> None:
    finding.text.words.extend(words)
    finding.text.content = between.join(word.content for word in finding.text.words)
    finding.span.end_offset.CopyFrom(finding.text.words[-1].span.end_offset)


def _between(finding: Finding) -> str:
    """What stands between its words: nothing in Chinese, a space in English."""
    whole = "".join(word.content for word in finding.text.words)
    return "" if len(finding.text.words) > 1 and finding.text.content == whole else " "


def _words(findings: Sequence[Finding]) -> list[Word]:
    return [word for finding in findings for word in finding.text.words]


def _start_s(word: Word) -> float:
    return span_s(word.span)[0]


def _middle_s(word: Word) -> float:
    return sum(span_s(word.span)) / 2


def _plain(word: Word) -> str:
    return "".join(character for character in word.content.casefold() if character.isalnum())


def _copy(word: Word) -> Word:
    copy = Word()
    copy.CopyFrom(word)
    return copy
