"""What is said, second by second, how, and what else is heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reelscribe.report.found import Found, of, speaker_id_of, spoken
from reelscribe.report.page.words import Words
from reelscribe.report.retelling.told import Telling, Told, by_second, one_each, second_of, start_of
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import StreamKind
from reelscribe.v1.sound_pb2 import KeyMode
from services.common.time import span_s


def sound(telling: Telling) -> Iterable[Told]:
    """All of it. Where there is a transcript, that speech is heard needs no telling."""
    yield from _said(telling)
    words = telling.words
    yield from one_each(
        telling, "emphasis", "stressed", lambda one: words.say("stressed", word=one.finding.emphasis.word)
    )
    yield from one_each(telling, "pause", "stressed", lambda one: words.say("pause", until=words.at(one.end_s)))
    yield from one_each(telling, "vocal_effort", "stressed", lambda one: words.say("voice", how=_label(one, words)))
    yield from _heard(telling)
    yield from one_each(telling, "tempo", "music", lambda one: _tempo(one, words))
    yield from one_each(telling, "key", "music", lambda one: _key(one, words))


def _label(one: Found, words: Words) -> str:
    return words.label(one.finding.label)


def _said(telling: Telling) -> Iterable[Told]:
    """Each word in the second in which it begins; an utterance without times of its words where it begins."""
    items = spoken(telling.items)
    several = len({speaker_id_of(one.finding) for one in items} - {None}) > 1
    for one in items:
        speaker_id = speaker_id_of(one.finding)
        who = telling.words.say("speaker", number=speaker_id) if several and speaker_id is not None else ""
        for second, content in _by_second(one.finding).items():
            text = (
                telling.words.say("says", who=who, words=content) if who else telling.words.say("said", words=content)
            )
            yield Told(second=second, rank="said", text=text)


def _by_second(finding: Finding) -> dict[int, str]:
    words = finding.text.words
    if not words or not all(word.HasField("span") for word in words):
        return {second_of(span_s(finding.span)[0]): " ".join(finding.text.content.split())}
    groups = by_second(words, lambda word: span_s(word.span)[0])
    return {second: " ".join(word.content.strip() for word in group) for second, group in groups.items()}


def _heard(telling: Telling) -> Iterable[Told]:
    """Sounds where they begin. Events and stretches know that exactly: a curve of their labels beside them goes."""
    has_words = bool(spoken(telling.items))
    exact = of(telling.items, "sound_event", "sound_span")
    events = [one for one in exact if not (has_words and one.label == "speech")]
    curves = [one for one in of(telling.items, "scores") if _is_told(one, exact, has_words=has_words)]
    heard = sorted([*events, *curves], key=start_of)
    for second, group in by_second(heard, start_of).items():
        told = [_event(one, telling.words) for one in group if one.shape == "sound_event"]
        ends: dict[str, float] = {}
        for one in group:
            if one.shape != "sound_event":
                name = _label(one, telling.words)
                ends[name] = max(one.end_s, ends.get(name, 0.0))
        told += [telling.words.say("sound", name=name, until=telling.words.at(end_s)) for name, end_s in ends.items()]
        yield Told(second=second, rank="heard", text=telling.words.say("heard", names=", ".join(told)))


def _event(one: Found, words: Words) -> str:
    """ "dog 0:22.8–0:23.5 (or bark, bow wow)": a single sound, with what else the tagger called it."""
    others = ", ".join(words.label(name) for name in one.finding.sound_event.alternatives)
    told = f"{_label(one, words)} {words.within(one.start_s, one.end_s)}"
    return f"{told} {words.say('sound_or', names=others)}" if others else told


def _is_told(curve: Found, exact: Sequence[Found], *, has_words: bool) -> bool:
    if curve.stream != StreamKind.STREAM_KIND_SAMPLES or (has_words and curve.label == "speech"):
        return False
    return not any(
        curve.label in (one.label, *one.finding.sound_event.alternatives) and one.touches(curve.start_s, curve.end_s)
        for one in exact
    )


def _tempo(one: Found, words: Words) -> str:
    return words.say("tempo", beats=round(one.finding.tempo.beats_per_minute))


def _key(one: Found, words: Words) -> str:
    mode = "major" if one.finding.key.mode == KeyMode.KEY_MODE_MAJOR else "minor"
    return words.say(f"key.{mode}", tonic=one.finding.key.tonic)
