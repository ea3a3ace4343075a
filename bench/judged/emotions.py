"""face_emotion against the same network on a detector's boxes: the leading emotion of faces labelled by eye."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.common.faces_alone import FaceBoxes, KnownFace, Picture, cut_out, known_faces, network
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured

NAME = "face_emotion"
MEASURE = "leading emotion of plain smiles and faces at rest, labelled by eye"

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""In the order of the network's output."""


async def judge(material: Material) -> list[Judgement]:
    """The emotion with the greatest sum of shares over what was seen of each face within its labelled span."""
    faces = known_faces("emotions.json", material.media)[: 1 if material.tiny else None]
    if not faces:
        return [unmeasured(NAME, MEASURE, "no labelled faces here")]
    ours = [await _ours(material, face) for face in faces]
    alone = _alone(material, faces)
    smiles = sum(face.entry["emotion"] == "happy" for face in faces)
    return [
        Judgement(
            analyzer=NAME,
            measure=MEASURE,
            ours=_told(faces, ours),
            ours_value=_right(faces, ours),
            standalone=_told(faces, alone) if alone else UNMEASURED,
            standalone_value=_right(faces, alone) if alone else None,
            tool="mini-XCEPTION (its author's file) on YuNet's boxes" if alone else "",
            clips=f"{smiles} smiles, {len(faces) - smiles} at rest: {', '.join(face.name for face in faces)}",
        ),
        unmeasured(NAME, "anger, disgust, fear, sadness, surprise", "no clip here shows them plainly"),
    ]


async def _ours(material: Material, face: KnownFace) -> str:
    from services.common.time import seconds
    from services.vision.analyzers.face_emotion import FaceEmotion

    if not face.is_clip:
        from bench.common.direct import findings_in

        findings = findings_in(FaceEmotion, [face.photo()])
        start_s, end_s = 0.0, 1.0
    else:
        findings = await material.findings(face.path, NAME)
        start_s, end_s = face.entry["span_s"]
    sums: dict[int, np.ndarray] = {}
    for finding in findings:
        for sample in finding.distribution.samples:
            if start_s <= seconds(sample.offset) < end_s:
                number = finding.subject.face_id
                sums[number] = sums.get(number, np.zeros(len(EMOTIONS))) + np.array(sample.shares)
    # Shares of a sample sum to one: the face with the greatest total is the one seen most often.
    most = max(sums.values(), key=lambda total: float(total.sum()), default=None)
    return "none" if most is None else EMOTIONS[int(most.argmax())]


def _alone(material: Material, faces: Sequence[KnownFace]) -> list[str]:
    """Empty where the author's file is not here."""
    file = material.media.parent / "weights" / "derived" / "fer2013_mini_XCEPTION.onnx" if material.media else None
    if file is None or not file.is_file():
        return []
    boxes, shares = FaceBoxes(), network(file)
    leading = []
    for face in faces:
        told = [
            shares(_input(cut_out(bgr, box, 64, square=True)))[0]
            for bgr in face.pictures()
            if (box := boxes.largest(bgr, face.entry.get("region")))
        ]
        leading.append(EMOTIONS[int(np.sum(told, axis=0).argmax())] if told else "none")
    return leading


def _input(bgr: Picture) -> np.ndarray:
    import cv2

    grey = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return np.asarray((grey / 255.0 - 0.5) * 2.0)[None, :, :, None]


def _right(faces: Sequence[KnownFace], told: Sequence[str]) -> float:
    right = [face.entry["emotion"] == each for face, each in zip(faces, told, strict=True)]
    return right.count(True) / len(faces)


def _told(faces: Sequence[KnownFace], told: Sequence[str]) -> str:
    wrong = [f"{face.name}: {each}" for face, each in zip(faces, told, strict=True) if face.entry["emotion"] != each]
    return f"{len(faces) - len(wrong)} of {len(faces)}" + (f" ({', '.join(wrong)})" if wrong else "")
