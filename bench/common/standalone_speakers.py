"""Speaker diarization as sherpa-onnx does it alone, on the same two networks."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common.diarization import Said
from bench.common.standalone import Tool
from services.common.weights import locate

SEGMENTATION = "pyannote-segmentation-3.0"
PRINTS = "wespeaker-resnet34"

FACTS = {
    "num_speakers": "3", "powerset_max_classes": "2", "num_classes": "7", "sample_rate": "16000",
    "window_size": "160000", "receptive_field_size": "991", "receptive_field_shift": "270",
}  # fmt: skip
"""What sherpa-onnx wants to read in the network's file; this export of it does not carry them."""

METADATA_FIELD, KEY_FIELD, VALUE_FIELD = 14, 1, 2
"""Of ONNX's ModelProto and StringStringEntryProto."""


class SpeakersBySherpa(Tool):
    """Who speaks when, the number of speakers found by its clustering."""

    job = "speakers"
    replaces = "speaker_turns"
    library = "sherpa_onnx"
    weights = SEGMENTATION

    @classmethod
    def missing(cls) -> str:
        return "" if find_spec("sherpa_onnx") else "sherpa-onnx is not installed"

    def load(self, threads: int | None) -> str:
        import sherpa_onnx as sherpa

        pyannote = sherpa.OfflineSpeakerSegmentationPyannoteModelConfig(model=str(self._with_facts()))
        config = sherpa.OfflineSpeakerDiarizationConfig(
            segmentation=sherpa.OfflineSpeakerSegmentationModelConfig(pyannote=pyannote, num_threads=threads or 1),
            embedding=sherpa.SpeakerEmbeddingExtractorConfig(model=str(locate(PRINTS).path), num_threads=threads or 1),
            clustering=sherpa.FastClusteringConfig(num_clusters=-1, threshold=0.5),
            min_duration_on=0.3,
            min_duration_off=0.5,
        )
        self._diarization = sherpa.OfflineSpeakerDiarization(config)
        return f"sherpa-onnx {version('sherpa-onnx')}, the same two networks, its documented threshold 0.5"

    def run(self, path: Path) -> list[Said]:
        from bench.common.standalone import sound_of

        return self.turns(sound_of(path))

    def turns(self, samples: npt.NDArray[np.float32]) -> list[Said]:
        """Of (n,) samples at 16 kHz."""
        found = self._diarization.process(samples).sort_by_start_time()
        return [Said(start_s=turn.start, end_s=turn.end, speaker=str(turn.speaker)) for turn in found]

    def close(self) -> None:
        self._folder.cleanup()

    def _with_facts(self) -> Path:
        """A copy of the network with FACTS: fields of a protobuf may follow at its end."""
        self._folder = tempfile.TemporaryDirectory()
        facts = (_field(KEY_FIELD, key.encode()) + _field(VALUE_FIELD, value.encode()) for key, value in FACTS.items())
        copy = Path(self._folder.name) / "segmentation.onnx"
        copy.write_bytes(
            locate(SEGMENTATION).path.read_bytes() + b"".join(_field(METADATA_FIELD, fact) for fact in facts)
        )
        return copy


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field, shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content
