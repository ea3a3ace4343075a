"""Which language is spoken: Whisper's names for languages, and one decision out of several hearings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from services.common.errors import InvalidSetting

WHISPER_TO_BCP47 = {"jw": "jv"}
"""Whisper calls Javanese by a withdrawn code; its other codes are BCP-47."""

SURE = 0.5
"""Probability from which one hearing decides for itself: faster-whisper's default for language detection."""

ENOUGH_SPEECH_S = 1.0
"""A shorter sound does not tell a language, whatever its probabilities: a plucked string turned German into English."""


def to_bcp47(code: str) -> str:
    """Whisper's code as it is reported."""
    return WHISPER_TO_BCP47.get(code, code)


def from_bcp47(language_code: str, known: Collection[str]) -> str:
    """Whisper's code for "de", "de-AT" or "DE"; "" stays "". Raises InvalidSetting for one the model does not know."""
    if not language_code:
        return ""
    wanted = language_code.replace("_", "-").split("-")[0].lower()
    code = next((code for code, tag in WHISPER_TO_BCP47.items() if tag == wanted), wanted)
    if code not in known:
        raise InvalidSetting(f"transcript.language_code: the model does not know {language_code!r}")
    return code


class LanguageVotes:
    """Probabilities of all chunks heard so far, weighed by how much speech each holds."""

    def __init__(self) -> None:
        self._weights: defaultdict[str, float] = defaultdict(float)

    def __repr__(self) -> str:
        return f"LanguageVotes({dict(sorted(self._weights.items(), key=lambda item: -item[1])[:3])})"

    def decide(self, probabilities: Mapping[str, float], speech_s: float) -> str:
        """Add a hearing; its own language where it is sure of one, else the likeliest over all.

        So a speaker may change the language, and a cough does not.
        """
        for code, probability in probabilities.items():
            self._weights[code] += probability * speech_s
        best = max(probabilities, key=lambda code: probabilities[code])
        if speech_s >= ENOUGH_SPEECH_S and probabilities[best] > SURE:
            return best
        return max(self._weights, key=lambda code: self._weights[code])
