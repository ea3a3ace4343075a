"""Reads one chunk of speech with faster-whisper: one encoding, one language, words with times, or nothing."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from reelscribe.v1.analyzer_pb2 import ModelUse
from services.audio.percepts.spoken_language import LanguageVotes, to_bcp47
from services.audio.percepts.spoken_words import UNSPACED_LANGUAGES, SpokenWord
from services.common.device import Device
from services.common.errors import LibraryNotInstalled
from services.common.weights import InstalledWeights

LEAST_LOG_PROBABILITY = -1.0
"""Mean over the tokens; what is below counts as misread: Whisper's default. Music read as words falls below it."""

MOST_REPETITIVE = 2.4
"""Length of a text / its zlib length; what is above is a loop: Whisper's default."""

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Whisper's default: what was misread is tried again with more and more chance."""

WHOLE_WINDOW_S = 30.0
"""What Whisper was trained on: its encoder costs as much for one second as for thirty."""

LEAST_WINDOW_S = 15.0
"""The encoder is given no less. From here on it reads as it does with all 30 s, for a quarter of the cost: chosen on
LibriVox, Kennedy and Beckett, clean, 10 % faster and in noise of 10 and 3 dB (28 errors in 416 words, whole windows 31;
with 10 s 30 errors, and some loops)."""

SILENCE_AFTER_S = 3.0
"""Kept after the sound, by which Whisper knows its end: with 1 s or less it goes on into loops."""

SHORT_WINDOWS = frozenset({"faster-whisper-base"})
"""Weights that were seen to read a shorter window as well as a whole one; others get all 30 s."""

FRAME_RATE_HZ = 100
"""Of Whisper's spectra."""

LEADING_MARKS = "\"'“¿([{-"
TRAILING_MARKS = "\"'.。,，!！?？:：”)]}、"
"""Written with the word after, and before: faster-whisper's defaults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one pass read, times in seconds from the chunk's start. Always has words."""

    words: tuple[SpokenWord, ...]
    language_code: str
    confidence: float


class WhisperReader:
    """One Whisper model on one device; calls wait for each other.

    faster-whisper's own batched inference is not used: with the base weights it makes 9 errors more than its sequential
    one in 288 words of sentences in a row (76, 67), where it has batches to make; chunk by chunk this reader makes 30.
    """

    def __init__(self, weights: InstalledWeights, device: Device) -> None:
        """Raises LibraryNotInstalled."""
        try:
            from faster_whisper import WhisperModel
        except ImportError:
            raise LibraryNotInstalled("faster-whisper", "audio") from None
        kind, _, index = device.kind.partition(":")
        self._device = device
        self._lock = threading.Lock()
        self._model = WhisperModel(
            str(weights.directory),
            device=kind,
            device_index=int(index or 0),
            compute_type="int8" if kind == "cpu" else "float16",
            cpu_threads=device.threads_per_call,
            num_workers=1,
            local_files_only=True,
        )
        self._least_window_s = LEAST_WINDOW_S if weights.name in SHORT_WINDOWS else WHOLE_WINDOW_S
        self.languages = frozenset(self._model.supported_languages)
        """Whisper's codes of what it can read."""
        self.model_use = _model_use(weights, device, self._model.model.compute_type)

    def __repr__(self) -> str:
        return f"WhisperReader({self.model_use.name}, {self.model_use.device}, {self.model_use.precision})"

    def read(
        self,
        samples: npt.NDArray[np.float32],
        *,
        speech_s: float,
        language: str,
        votes: LanguageVotes,
        beam_size: int,
        retries: bool = True,
        cut_off: bool = False,
    ) -> Reading | None:
        """Read at most 30 s (n,) at 16 kHz that hold speech_s of speech; None where there are no words to stand by.

        `language` is Whisper's code, "" to detect it (then `votes` takes part). Without `retries` what is misread
        at first stays so, for a sixth of the cost at worst. Sound that may be `cut_off` in a word is given a whole
        window: in a shorter one more such words were lost.
        """
        temperatures = TEMPERATURES if retries else TEMPERATURES[:1]
        with self._lock, self._device.call():
            features = self._model.feature_extractor(samples)[:, : len(samples) // self._hop_samples]
            if features.shape[1] == 0:
                return None
            encoded = self._encoded(features, whole=cut_off)
            tokenizer = self._tokenizer(language or self._detect(encoded, speech_s, votes))
            tokens, log_probability = self._text(encoded, tokenizer, _options(tokenizer, beam_size, temperatures))
            words = self._aligned(tokens, tokenizer, encoded, features.shape[1]) if tokens else []
        if not words:
            return None
        return Reading(
            words=tuple(words),
            language_code=to_bcp47(tokenizer.language_code),
            confidence=min(1.0, float(np.exp(log_probability))),
        )

    def _encoded(self, features: npt.NDArray[np.float32], *, whole: bool) -> Any:
        from faster_whisper.audio import pad_or_trim

        least_s = WHOLE_WINDOW_S if whole else self._least_window_s
        frame_count = window_frame_count(features.shape[1], least_s)
        return self._model.encode(pad_or_trim(features, frame_count))

    def _text(self, encoded: Any, tokenizer: Any, options: Any) -> tuple[list[int], float]:
        """The tokens read and their mean log probability; no tokens where the text fails Whisper's own tests."""
        prompt = self._model.get_prompt(tokenizer, [], without_timestamps=True)
        result, log_probability, _, repetitiveness = self._model.generate_with_fallback(
            encoded, prompt, tokenizer, options
        )
        if log_probability < LEAST_LOG_PROBABILITY or repetitiveness > MOST_REPETITIVE:
            return [], log_probability
        return [token for token in result.sequences_ids[0] if token < tokenizer.eot], log_probability

    @property
    def _hop_samples(self) -> int:
        hop: int = self._model.feature_extractor.hop_length
        return hop

    def _detect(self, encoded: Any, speech_s: float, votes: LanguageVotes) -> str:
        if not self._model.model.is_multilingual:
            return "en"
        # Tokens such as "<|de|>", from the encoding the text is read from: no second pass.
        found = self._model.model.detect_language(encoded)[0]
        return votes.decide({token.strip("<|>"): probability for token, probability in found}, speech_s)

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        return Tokenizer(
            self._model.hf_tokenizer, self._model.model.is_multilingual, task="transcribe", language=language
        )

    def _aligned(self, tokens: Sequence[int], tokenizer: Any, encoded: Any, frame_count: int) -> list[SpokenWord]:
        segment: dict[str, Any] = {"seek": 0, "start": 0.0, "end": frame_count / FRAME_RATE_HZ, "tokens": list(tokens)}
        self._model.add_word_timestamps(
            [[segment]], tokenizer, encoded, frame_count, LEADING_MARKS, TRAILING_MARKS, 0.0
        )
        return _whole_words(segment.get("words", []), spaced=tokenizer.language_code not in UNSPACED_LANGUAGES)


def window_frame_count(sound_frame_count: int, least_window_s: float) -> int:
    """Frames to encode, an even number: those of the sound and the silence after it, at least and at most so many.

    >>> window_frame_count(300, 15.0), window_frame_count(1401, 15.0), window_frame_count(2900, 15.0)
    (1500, 1702, 3000)
    """
    wanted = max(round(least_window_s * FRAME_RATE_HZ), sound_frame_count + round(SILENCE_AFTER_S * FRAME_RATE_HZ))
    # The encoder makes one position of two frames.
    return min(round(WHOLE_WINDOW_S * FRAME_RATE_HZ), wanted + wanted % 2)


def _whole_words(pieces: Sequence[dict[str, Any]], *, spaced: bool) -> list[SpokenWord]:
    """Pieces as faster-whisper aligns them (" T", "-Rex") as words as they are written ("T-Rex")."""
    groups: list[list[dict[str, Any]]] = []
    for piece in pieces:
        if not groups or not spaced or piece["word"].startswith(" "):
            groups.append([])
        groups[-1].append(piece)
    words = [
        SpokenWord(
            content="".join(piece["word"] for piece in group).strip(),
            start_s=float(group[0]["start"]),
            end_s=float(group[-1]["end"]),
            probability=float(np.clip(np.mean([piece["probability"] for piece in group]), 0.0, 1.0)),
        )
        for group in groups
    ]
    return [word for word in words if any(character.isalnum() for character in word.content)]


def _options(tokenizer: Any, beam_size: int, temperatures: Sequence[float]) -> Any:
    """Whisper's defaults; the chunks before are no prompt, so a mistake does not carry on."""
    from faster_whisper.transcribe import TranscriptionOptions, get_suppressed_tokens

    return TranscriptionOptions(
        beam_size=beam_size,
        best_of=5,
        patience=1,
        length_penalty=1,
        repetition_penalty=1,
        no_repeat_ngram_size=0,
        log_prob_threshold=LEAST_LOG_PROBABILITY,
        no_speech_threshold=0.6,
        compression_ratio_threshold=MOST_REPETITIVE,
        condition_on_previous_text=False,
        prompt_reset_on_temperature=0.5,
        temperatures=list(temperatures),
        initial_prompt=None,
        prefix=None,
        suppress_blank=True,
        suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
        without_timestamps=True,
        max_initial_timestamp=1.0,
        word_timestamps=True,
        prepend_punctuations=LEADING_MARKS,
        append_punctuations=TRAILING_MARKS,
        multilingual=False,
        max_new_tokens=None,
        clip_timestamps="0",
        hallucination_silence_threshold=None,
        hotwords=None,
    )


def _model_use(weights: InstalledWeights, device: Device, compute_type: str) -> ModelUse:
    return weights.used_by(
        f"faster-whisper {version('faster-whisper')}",
        device=device.kind,
        # "int8_float32": weights in int8, sums in float32. The weights' precision is what the report names.
        precision=compute_type.partition("_")[0],
    )
