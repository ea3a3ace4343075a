"""faster-whisper's batched inference beside its sequential one: words and processor time, same weights, one thread."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from bench.common.long_speech import PAUSE_S, RATE_HZ, write_long
from bench.common.pairs import spent
from bench.common.scores import edit_distance, words
from bench.common.sheet import Row, Sheet
from bench.common.standalone import SpeechByFasterWhisper, Tool, sound_of
from services.common.weights import locate

KENNEDY = "And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country."
"""What is said in jfk.flac."""


class SpeechInBatches(Tool):
    """What is said, by faster-whisper's own batched inference."""

    job = "speech in batches"
    replaces = "speech_transcription"
    library = "faster_whisper"
    weights = "faster-whisper-base"

    def load(self, threads: int | None) -> str:
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        directory = str(locate(self.weights).directory)
        model = WhisperModel(
            directory, device="cpu", compute_type="int8", cpu_threads=threads or 0, local_files_only=True
        )
        self._pipeline = BatchedInferencePipeline(model)
        return f"faster-whisper {version('faster-whisper')} base int8, batches of 8, VAD, words with times"

    def run(self, path: Path) -> str:
        segments, _ = self._pipeline.transcribe(str(path), batch_size=8, vad_filter=True, word_timestamps=True)
        return " ".join(segment.text.strip() for segment in segments)


def measure_batched(sheet: Sheet, sentences: Mapping[Path, str], kennedy: Path) -> None:
    """faster-whisper against itself: sentences alone, and in a row of one language, where there are batches."""
    told = {**sentences, kennedy: KENNEDY}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        clips_told = [*told.items(), *rows_of(told, Path(folder))]
        one_by_one, batched = SpeechByFasterWhisper(1), SpeechInBatches(1)
        for file, text in clips_told:
            with spent() as cost:
                read = one_by_one.run(file)
            with spent() as cost_batched:
                read_batched = batched.run(file)
            wanted = words(text)
            rows.append(
                {
                    "clip": file.stem,
                    "words": len(wanted),
                    "errors": edit_distance(wanted, words(read)),
                    "errors, batched": edit_distance(wanted, words(read_batched)),
                    "cpu_s": cost.cpu_s,
                    "cpu_s, batched": cost_batched.cpu_s,
                }
            )
    sheet.table(f"{one_by_one.name}, against {batched.name}", rows)
    kinds = {"sentences alone": rows[: len(told)], "in a row": rows[len(told) :], "all": rows}
    for what, chosen in ((what, chosen) for what, chosen in kinds.items() if chosen):
        errors, in_batches, count = (sum(row[key] for row in chosen) for key in ("errors", "errors, batched", "words"))  # type: ignore[misc]
        cpu_s, batched_s = (sum(row[key] for row in chosen) for key in ("cpu_s", "cpu_s, batched"))  # type: ignore[misc]
        sheet.note(
            f"{what}: {count} words, errors {errors}, batched {in_batches}; "
            f"processor time, batched / one by one {batched_s / cpu_s:.2f}"
        )


def rows_of(told: Mapping[Path, str], folder: Path) -> list[tuple[Path, str]]:
    """All sentences of a language as one file."""
    made = []
    for language in ("de", "en"):
        chosen = {file: text for file, text in told.items() if file.stem.startswith(f"fleurs-{language}")}
        if not chosen:
            continue
        sounds = [(sound_of(file), words(text)) for file, text in chosen.items()]
        path = folder / f"row-{language}.wav"
        length_s = sum(len(sound) / RATE_HZ + PAUSE_S for sound, _ in sounds) - PAUSE_S
        sentences = write_long(path, sounds, length_s=length_s, part_s=10 * length_s)
        made.append((path, " ".join(word for sentence in sentences for word in sentence.known)))
    return made
