"""The sections about what is heard: sound and transcript, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator

from reelscribe.report.found import Found
from reelscribe.report.page.known import Known, stated
from reelscribe.report.page.line import Line, counted_labels
from reelscribe.report.page.telling import key_name, shares, title
from reelscribe.report.page.words import Words
from services.common.time import seconds

LONGEST_PAUSES = 3
STRONGEST_WORDS = 8
RATES_TOLD = 6
SOUNDS_TOLD = 8
"""So many of each are told in words; all of them stand in the lanes."""


def audio(known: Known, words: Words) -> Iterator[Line]:
    """Stream, loudness, music, sounds, speech."""
    if not known.report.video.HasField("audio_stream"):
        yield Line(text=words.say("audio.no_stream"))
        return
    yield from _loudness(known, words)
    yield from _recording(known, words)
    yield from _music(known, words)
    yield from _sounds(known, words)
    if known.speech:
        spoken = sum(len(found.finding.text.words) or len(found.finding.text.content.split()) for found in known.speech)
        codes = dict.fromkeys(found.finding.text.language_code for found in known.speech)
        languages = words.listed([words.label(code) for code in codes if code]) or words.say("audio.unknown_language")
        first = known.speech[0]
        yield Line(text=words.say("audio.speech", languages=languages, words=spoken), at_s=first.start_s)
    elif known.looked("speech_transcription"):
        yield Line(text=words.say("audio.no_speech"))


def flow(known: Known, words: Words) -> Iterator[Line]:
    """Rate, pitch, pauses, emphasis, fillers, voice and who speaks."""
    speakers = {found.finding.subject.speaker_id for found in known.all if found.finding.subject.HasField("speaker_id")}
    if speakers:
        yield Line(text=words.say("flow.speakers", count=len(speakers)))
    yield from _rates(known, words)
    for found in known.of("rhythm")[:1]:
        rhythm = found.finding.rhythm
        yield Line(
            text=words.say(
                "flow.rhythm",
                share=words.percent(rhythm.speaking_share),
                pauses=rhythm.pause_count,
                run=words.length(seconds(rhythm.mean_run_duration)),
            )
        )
        key = "flow.fillers" if rhythm.filler_count else "flow.no_fillers"
        yield Line(text=words.say(key, count=rhythm.filler_count))
    pauses = sorted(known.of("pause"), key=lambda found: -found.length_s)[:LONGEST_PAUSES]
    for found in pauses:
        before, after = found.finding.pause.word_before, found.finding.pause.word_after
        key = "flow.pause" if before and after else "flow.pause_first" if after else "flow.pause_last"
        text = words.say(key, length=words.length(found.length_s), before=before, after=after)
        yield Line(text=text, at_s=found.start_s)
    strong = sorted(known.of("emphasis"), key=lambda found: -found.finding.emphasis.prominence)[:STRONGEST_WORDS]
    if strong:
        told = words.listed([words.quoted(found.finding.emphasis.word) for found in strong], most=STRONGEST_WORDS)
        yield Line(text=words.say("flow.emphasis", words=told), at_s=strong[0].start_s)
    yield from _voices(known, words)


def _loudness(known: Known, words: Words) -> Iterator[Line]:
    found = max(known.of("loudness"), key=lambda each: each.length_s, default=None)
    if found is None:
        return
    loudness = found.finding.loudness
    if not loudness.HasField("integrated_lufs"):
        yield Line(text=words.say("audio.silent"))
        return
    yield Line(text=words.say("audio.loudness", lufs=loudness.integrated_lufs))
    if loudness.HasField("loudness_range_lu") and loudness.HasField("true_peak_dbtp"):
        yield Line(text=words.say("audio.dynamics", range=loudness.loudness_range_lu, peak=loudness.true_peak_dbtp))


def _recording(known: Known, words: Words) -> Iterator[Line]:
    for found in known.of("signal_to_noise")[:1]:
        if (snr_db := stated(found.finding.signal_to_noise, "snr_db")) is not None:
            yield Line(text=words.say("audio.snr", value=snr_db))
    for found in known.of("clipping")[:1]:
        share = words.number(100 * found.finding.clipping.share, 3)
        yield Line(text=words.say("audio.clipping", count=found.finding.clipping.run_count, share=share))
    for found in known.of("stereo")[:1]:
        if (correlation := stated(found.finding.stereo, "correlation")) is not None:
            yield Line(text=words.say("audio.stereo", value=words.number(correlation, 2)))


def _music(known: Known, words: Words) -> Iterator[Line]:
    for found in known.of("tempo")[:2]:
        told = words.say("audio.tempo", bpm=round(found.finding.tempo.beats_per_minute))
        others = [round(each.beats_per_minute) for each in found.finding.tempo.candidates]
        others = [bpm for bpm in others if bpm != round(found.finding.tempo.beats_per_minute)]
        if others:
            told += " " + words.say("audio.tempo_others", bpm=words.listed([str(bpm) for bpm in others]))
        yield Line(text=told, at_s=found.start_s)
    for found in known.of("key")[:2]:
        yield Line(text=words.say("audio.key", key=key_name(found.finding, words)), at_s=found.start_s)


def _sounds(known: Known, words: Words) -> Iterator[Line]:
    """Each class once, with the time at which it is heard first."""
    heard: dict[str, Found] = {}
    for found in known.of("scores"):
        heard.setdefault(found.label, found)
    if heard:
        told = [f"{words.label(label)} ({words.at(found.start_s)})" for label, found in heard.items()]
        yield Line(text=words.say("audio.sounds", sounds=words.listed(told, most=SOUNDS_TOLD)))
    elif known.looked("audio_environment"):
        yield Line(text=words.say("audio.no_sounds"))
    events = known.of("sound_event")
    if events:
        yield Line(text=words.say("audio.events", events=counted_labels(events, words)), at_s=events[0].start_s)


def _rates(known: Known, words: Words) -> Iterator[Line]:
    rates = known.of("speech_rate")
    for found in rates[:RATES_TOLD]:
        rate = found.finding.speech_rate
        told = [
            words.say(f"flow.{key}", value=value)
            for key, value in (
                ("words_per_minute", stated(rate, "words_per_minute")),
                ("syllables", stated(rate, "syllables_per_s")),
                ("articulation", stated(rate, "articulation_per_s")),
            )
            if value is not None
        ]
        if told:
            yield Line(text=f"{title_of_speech(known, found, words)}{', '.join(told)}.", at_s=found.start_s)
    if len(rates) > RATES_TOLD:
        yield Line(text=words.say("flow.more_rates", count=len(rates) - RATES_TOLD), tone="quiet")
    for found in known.of("pitch")[:1]:
        pitch = found.finding.pitch
        yield Line(
            text=words.say(
                "flow.pitch",
                median=round(pitch.median_hz),
                low=round(pitch.low_hz),
                high=round(pitch.high_hz),
                range=pitch.range_semitones,
            )
        )


def title_of_speech(known: Known, rate: Found, words: Words) -> str:
    """ "“Er griff auch alles …”: " for the utterance a rate is about; "" if it spans several or none."""
    said = [found for found in known.speech if found.touches(rate.start_s, rate.end_s)]
    if len(said) != 1:
        return ""
    start = " ".join(said[0].finding.text.content.split()[:4])
    return f"{words.quoted(f'{start} …')}: "


def _voices(known: Known, words: Words) -> Iterator[Line]:
    for found in known.of("vocal_effort")[:RATES_TOLD]:
        yield Line(text=words.say("flow.effort", label=title(found, words)), at_s=found.start_s)
    for found in known.of("distribution"):
        if found.analyzer == "speech_emotion":
            told = shares(zip(found.finding.distribution.names, found.finding.distribution.shares, strict=False), words)
            yield Line(text=words.say("flow.emotion", shares=told), at_s=found.start_s)
