from __future__ import annotations

from reelscribe.report.heard import events, sound
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.sound_pb2 import (
    Clipping,
    KeyMode,
    Loudness,
    MusicalKey,
    SignalToNoise,
    SoundEvent,
    SoundSpan,
    StereoImage,
    Tempo,
    TempoCandidate,
    TempoRelation,
)
from services.common.time import span

WHOLE = span(0, 20)


def test_a_whole_sound_is_told_in_four_lines():
    candidates = [
        TempoCandidate(beats_per_minute=65, relation=TempoRelation.TEMPO_RELATION_HALF),
        TempoCandidate(beats_per_minute=130, relation=TempoRelation.TEMPO_RELATION_SAME),
    ]
    findings = [
        Finding(span=WHOLE, loudness=Loudness(integrated_lufs=-15.12, loudness_range_lu=10.3, true_peak_dbtp=-1.97)),
        Finding(span=span(1, 9), label="speech", sound_span=SoundSpan()),
        Finding(span=span(0, 12), label="music", sound_span=SoundSpan()),
        Finding(span=WHOLE, tempo=Tempo(beats_per_minute=130.1, candidates=candidates)),
        Finding(span=WHOLE, key=MusicalKey(tonic="F#", mode=KeyMode.KEY_MODE_MINOR, correlation=0.91, margin=0.1)),
        Finding(span=WHOLE, signal_to_noise=SignalToNoise(snr_db=26.2)),
        Finding(span=WHOLE, stereo=StereoImage(correlation=1.0, balance_db=0.0)),
        Finding(span=WHOLE, clipping=Clipping(run_count=3)),
    ]
    assert sound(findings) == [
        "-15.1 LUFS, range 10.3 LU, true peak -2.0 dBTP",
        "music 12.0 s, speech 8.0 s",
        "130 beats a minute (or 65), F# minor (correlation 0.91, margin 0.10)",
        "speech 26 dB over the rest, both channels the same, clipped 3 times",
    ]


def test_silence_is_called_so_and_what_was_not_measured_is_not_told():
    findings = [Finding(span=WHOLE, loudness=Loudness()), Finding(span=WHOLE, signal_to_noise=SignalToNoise())]
    assert sound(findings) == ["digital silence"]
    assert sound([]) == []
    one_sided = Finding(span=WHOLE, stereo=StereoImage(side_share=0.5))
    assert sound([one_sided]) == ["side share 0.50"]


def test_single_sounds_are_told_with_their_times():
    findings = [Finding(span=span(22.84, 24), label="car_alarm", sound_event=SoundEvent())]
    assert events(findings) == ["car alarm 0:22.8"]
