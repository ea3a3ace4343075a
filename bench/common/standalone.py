"""The tools a person would otherwise use one after another, each as its own documentation shows it."""

from __future__ import annotations

import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from services.common.weights import locate

OBJECTS_EVERY = 8
"""YOLO looks at every 8th frame: 3.75 a second at 30."""

TEXT_RATE_HZ = 2.0

YAMNET_RATE_HZ = 16000
YAMNET_FRAME = 15600
YAMNET_HOP = 7800


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line of text in one frame."""

    at_s: float
    content: str
    score: float


class Tool(ABC):
    """Loads its model when made. `threads` None: the library's own default."""

    job: ClassVar[str]
    replaces: ClassVar[str]
    """The analyzer that does the same job here."""
    library: ClassVar[str]
    """The module it needs."""
    weights: ClassVar[str] = ""
    """Their name in models.toml."""

    def __init__(self, threads: int | None = None) -> None:
        self.name = self.load(threads)

    @abstractmethod
    def load(self, threads: int | None) -> str:
        """Library, version and how it is used."""

    @abstractmethod
    def run(self, path: Path) -> Any:
        """The whole file, opened by the tool itself."""

    @classmethod
    def missing(cls) -> str:
        """What else keeps it from running here, though library and weights are there; empty: nothing."""
        return ""

    def close(self) -> None:  # noqa: B027  (most libraries need none)
        """Give back what the library does not give back by itself."""


class CutsByPySceneDetect(Tool):
    """Frame indices at which a new scene begins."""

    job = "cuts"
    replaces = "cut_analysis"
    library = "scenedetect"
    detector = "ContentDetector"

    def load(self, threads: int | None) -> str:
        import cv2
        import scenedetect  # type: ignore[import-untyped]

        self._detector = getattr(scenedetect, self.detector)
        logging.getLogger("pyscenedetect").setLevel(logging.ERROR)
        if threads is not None:
            cv2.setNumThreads(threads)
        return f"PySceneDetect {version('scenedetect')} {self.detector}, every frame"

    def run(self, path: Path) -> list[int]:
        from scenedetect import detect

        scenes = detect(str(path), self._detector())
        return [int(frame_number(start)) for start, _ in scenes[1:]]


class CutsByAdaptiveDetector(CutsByPySceneDetect):
    """The same with a threshold relative to the neighbours: the default of its own command line."""

    detector = "AdaptiveDetector"


class ObjectsByUltralytics(Tool):
    """Class names and boxes (left, top, right, bottom in pixels, score) of every 8th frame."""

    job = "objects"
    replaces = "object_detection"
    library = "ultralytics"
    weights = "yolo11n"

    def load(self, threads: int | None) -> str:
        os.environ |= {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_VERBOSE": "false"}
        import torch
        from ultralytics import YOLO

        if threads is not None:
            torch.set_num_threads(threads)
        self._model = YOLO(str(locate(self.weights).path))
        return f"ultralytics {version('ultralytics')} YOLO11n, predict on every {OBJECTS_EVERY}th frame"

    def run(self, path: Path) -> list[list[tuple[str, tuple[float, ...], float]]]:
        stride = OBJECTS_EVERY if path.suffix.lower() not in (".jpg", ".png") else 1
        results = self._model.predict(source=str(path), stream=True, vid_stride=stride, device="cpu", verbose=False)
        return [_objects(result) for result in results]

    def look(self, bgr: npt.NDArray[np.uint8]) -> list[tuple[str, tuple[float, ...], float]]:
        """The same of one picture, (height, width, 3) as OpenCV makes them."""
        (result,) = self._model.predict(source=np.ascontiguousarray(bgr), device="cpu", verbose=False)
        return _objects(result)


class TextByRapidOcr(Tool):
    """Lines read in frames picked twice a second."""

    job = "text"
    replaces = "text_overlay"
    library = "rapidocr"
    weights = "pp-ocrv6-small"

    def load(self, threads: int | None) -> str:
        from rapidocr import RapidOCR

        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        parameters: dict[str, Any] = {"Global.log_level": "critical"}
        if threads is not None:
            parameters["EngineConfig.onnxruntime.intra_op_num_threads"] = threads
        self._engine: Any = RapidOCR(params=parameters)
        return f"rapidocr {version('rapidocr')} as it comes, {TEXT_RATE_HZ:g} frames/s"

    def run(self, path: Path) -> list[ReadLine]:
        found = []
        for at_s, bgr in frames_at(path, TEXT_RATE_HZ):
            result = self._engine(bgr)
            for content, score in zip(result.txts or (), result.scores or (), strict=True):
                found.append(ReadLine(at_s=at_s, content=content, score=float(score)))
        return found


class SpeechByFasterWhisper(Tool):
    """What is said."""

    job = "speech"
    replaces = "speech_transcription"
    library = "faster_whisper"
    weights = "faster-whisper-base"

    def load(self, threads: int | None) -> str:
        from faster_whisper import WhisperModel

        directory = str(locate(self.weights).directory)
        self._model = WhisperModel(
            directory, device="cpu", compute_type="int8", cpu_threads=threads or 0, local_files_only=True
        )
        return f"faster-whisper {version('faster-whisper')} base int8, whole file, VAD, words with times"

    def run(self, path: Path) -> str:
        segments, _ = self._model.transcribe(str(path), vad_filter=True, word_timestamps=True)
        return " ".join(segment.text.strip() for segment in segments)

    def words(self, path: Path) -> list[tuple[str, float, float]]:
        """(word, start_s, end_s) in order."""
        segments, _ = self._model.transcribe(str(path), vad_filter=True, word_timestamps=True)
        return [(word.word.strip(), word.start, word.end) for segment in segments for word in segment.words or ()]


class SoundsByYamnet(Tool):
    """(n, 521) scores, and their labels in `labels`."""

    job = "sounds"
    replaces = "audio_environment"
    library = "ai_edge_litert"
    weights = "yamnet"

    def load(self, threads: int | None) -> str:
        from ai_edge_litert.interpreter import Interpreter

        from services.audio.percepts.sounds import labels_in

        path = locate(self.weights).path
        self.labels = labels_in(path)
        self._interpreter = Interpreter(str(path), num_threads=threads)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]
        return f"YAMNet in ai-edge-litert {version('ai-edge-litert')}, every 0.4875 s"

    def run(self, path: Path) -> npt.NDArray[np.float32]:
        samples = sound_of(path)
        samples = np.pad(samples, (0, max(0, YAMNET_FRAME - len(samples))))
        scores = []
        for first in range(0, len(samples) - YAMNET_FRAME + 1, YAMNET_HOP):
            frame = samples[first : first + YAMNET_FRAME].reshape(self._input["shape"])
            self._interpreter.set_tensor(self._input["index"], frame)
            self._interpreter.invoke()
            scores.append(self._interpreter.get_tensor(self._output["index"])[0].copy())
        return np.stack(scores)


TOOLS: tuple[type[Tool], ...] = (
    CutsByPySceneDetect,
    ObjectsByUltralytics,
    TextByRapidOcr,
    SpeechByFasterWhisper,
    SoundsByYamnet,
)
"""In the order they are run in turn. Nothing stands for color_analysis, which our arm does besides."""


def why_not(tool: type[Tool]) -> str:
    """Empty if the tool can be run here, otherwise what is missing."""
    from services.common.errors import ReelscribeError

    if find_spec(tool.library) is None:
        return f"{tool.library} is not installed"
    try:
        if tool.weights:
            locate(tool.weights)
    except ReelscribeError as problem:
        return str(problem)
    return tool.missing()


def frame_number(time: Any) -> int:
    """Of PySceneDetect's time codes, old and new."""
    number: int = time.frame_num if hasattr(time, "frame_num") else time.get_frames()
    return number


def _objects(result: Any) -> list[tuple[str, tuple[float, ...], float]]:
    boxes = result.boxes
    return [
        (result.names[int(kind)], tuple(map(float, box)), float(score))
        for kind, box, score in zip(boxes.cls, boxes.xyxy, boxes.conf, strict=True)
    ]


def frames_at(path: Path, rate_hz: float) -> Iterator[tuple[float, Any]]:
    """BGR frames by OpenCV, the first of every 1 / rate_hz seconds; those between are passed over unconverted."""
    import cv2

    capture = cv2.VideoCapture(str(path))
    try:
        frame_rate_hz = capture.get(cv2.CAP_PROP_FPS) or 30.0
        index, wanted = 0, 0
        while capture.grab():
            if index * rate_hz >= wanted * frame_rate_hz - 1e-6:
                read, frame = capture.retrieve()
                if read:
                    yield index / frame_rate_hz, frame
                wanted += 1
            index += 1
    finally:
        capture.release()


def sound_of(path: Path) -> npt.NDArray[np.float32]:
    """(n,) mono at 16 kHz in [-1, 1]; empty without a sound stream."""
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=YAMNET_RATE_HZ)
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return np.zeros(0, np.float32)
        blocks = [block for frame in container.decode(audio=0) for block in resampler.resample(frame)]
    blocks += resampler.resample(None)
    return np.concatenate([block.to_ndarray().reshape(-1) for block in blocks]).astype(np.float32)
