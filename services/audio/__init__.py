"""The audio service: its analyzers, in the order of the report."""

from __future__ import annotations

from services.audio.analyzers.audio_analysis import AudioAnalysis
from services.audio.analyzers.audio_environment import AudioEnvironment
from services.audio.analyzers.sound_effects import SoundEffects
from services.audio.analyzers.speaker_turns import SpeakerTurns
from services.audio.analyzers.speech_emotion import SpeechEmotion
from services.audio.analyzers.speech_flow import SpeechFlow
from services.audio.analyzers.speech_rate import SpeechRate
from services.audio.analyzers.speech_transcription import SpeechTranscription
from services.common.analyzer import Analyzer

ANALYZERS: tuple[type[Analyzer], ...] = (
    SpeechTranscription,
    SpeakerTurns,
    SpeechRate,
    SpeechFlow,
    SpeechEmotion,
    AudioAnalysis,
    AudioEnvironment,
    SoundEffects,
)
"""One analyzer a file, named for it."""
