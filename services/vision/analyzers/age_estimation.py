"""How old each face looks to a model, with the spread over its track, and which gender the model takes it for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from reelscribe.v1.analyzer_pb2 import Method, Reason
from reelscribe.v1.finding_pb2 import AgeEstimate, ClassDistribution, Finding, Subject
from services.common.analyzer import Analyzer, Percept
from services.common.device import Device
from services.common.time import span
from services.common.weights import locate
from services.common.window import Part, Window
from services.vision.face_attributes.age_network import AGE_FRAMING, GENDER_FRAMING, GENDERS, AgeNetwork
from services.vision.face_attributes.age_tracks import AgeSample, AgeTrack, AgeTracks
from services.vision.face_attributes.chips import chip
from services.vision.face_attributes.samples import SHARP, FaceSample, Sampler
from services.vision.percepts import face_policy
from services.vision.percepts.faces import Faces
from services.vision.percepts.objects import Objects


class AgeEstimation(Analyzer):
    """Apparent age of each face as median and spread over its track, and apparent gender as a model's shares.

    Label: `apparent_age`, one finding for each face, over the frames in which it was estimated: at most two a second.
    Left out are faces whose eyes are less than 25 px apart in the 1280 px rendition (the network's chip would be an
    enlargement), that are turned away by more than about 35 degrees, or move fast. Ages end at 80. No `confidence`: the
    networks give none for the age that is told. Of three faces of known age two were told within eight years (62 for
    54, 30 for 32) and one was not (29 for 41); that is all that was measured.

    These are a model's estimates of how somebody looks, not facts about anybody: nobody is recognised, the gender a
    model takes a face for is not who the person is, and both models err more for people who were rare in their private
    training data. They can be switched off for good or for one request, as can all that is said of faces.
    """

    name = "age_estimation"
    method = Method.METHOD_MODEL
    needs = SHARP
    uses = (Faces, Objects)
    weights = ("dlib-age", "dlib-gender")

    def load(self, device: Device) -> None:
        self._network = AgeNetwork(locate("dlib-age"), locate("dlib-gender"), device)
        self.models = self._network.models

    def declined(self, settings: Mapping[type[Percept], BaseModel]) -> Reason | None:
        return face_policy.declined(settings, "attributes")

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        sampler, tracks = Sampler(AGE_FRAMING.eye_distance_px), AgeTracks()
        for window in windows:
            tracks.see(window[Faces])
            for sample, estimate in self._estimated(sampler.take(window[SHARP], window[Faces])):
                tracks.add(sample.face_id, estimate)
            for track in tracks.take_gone(window.end_s, window[Objects].over):
                yield _finding(track)
        for track in tracks.take_all():
            yield _finding(track)

    def _estimated(self, samples: list[FaceSample]) -> Iterator[tuple[FaceSample, AgeSample]]:
        if not samples:
            return
        years = self._network.steady_years(samples)
        genders = self._network.genders([chip(each.frame, each.landmarks_px, GENDER_FRAMING) for each in samples])
        for row, sample in enumerate(samples):
            yield (
                sample,
                AgeSample(pts_s=sample.pts_s, end_s=sample.end_s, years=float(years[row]), genders=genders[row]),
            )


def _finding(track: AgeTrack) -> Finding:
    low, median, high = track.years
    return Finding(
        span=span(track.samples[0].pts_s, track.samples[-1].end_s),
        label="apparent_age",
        subject=Subject(track_id=track.track_id, face_id=track.face_id),
        age=AgeEstimate(
            median_years=median,
            low_years=low,
            high_years=high,
            sample_count=len(track.samples),
            apparent_gender=ClassDistribution(names=GENDERS, shares=track.genders.tolist()),
        ),
    )
