"""Things that a viewer could buy: how long and how large they are shown, and what is written on them."""

from __future__ import annotations

from collections.abc import Iterator

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.people_pb2 import Subject
from reelscribe.v1.picture_pb2 import Product
from services.common.analyzer import Analyzer
from services.common.time import duration, span
from services.common.window import Part, Window
from services.vision.percepts.objects import NEED
from services.vision.percepts.texts import Texts
from services.vision.percepts.tracks import ObjectTrack, Tracks
from services.vision.products.categories import CATEGORY_OF
from services.vision.products.lettering import lettering
from services.vision.texts.track import ShownText

TEXTS_KNOWN_S = 4.0
"""A thing is told so long after it was last seen: by then the texts on it have ended too, and are known."""


class ProductDetection(Analyzer):
    """Products among the objects: category, visible time, screen share, and the texts that stand on them.

    Labels: the class names of object_detection ("cup", "cell_phone"), of the same tracks (`subject.track_id`); there is
    no second detector, and what its 80 classes do not name is not seen. Categories: `categories.CATEGORIES`.
    `confidence` is the mean of the detector's scores. A brand is never guessed from looks: `texts` holds what was read
    on the thing while it moved with it.
    """

    name = "product_detection"
    method = Method.METHOD_MODEL
    needs = NEED
    uses = (Tracks, Texts)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        waiting: list[ObjectTrack] = []
        texts: list[ShownText] = []
        for window in windows:
            waiting += [track for track in window[Tracks] if track.class_name in CATEGORY_OF]
            texts += [known.text for known in window[Texts].texts]
            known_s = window.end_s - TEXTS_KNOWN_S
            yield from (_finding(track, texts) for track in waiting if track.sightings[-1].end_s <= known_s)
            waiting = [track for track in waiting if track.sightings[-1].end_s > known_s]
        yield from (_finding(track, texts) for track in waiting)


def _finding(track: ObjectTrack, texts: list[ShownText]) -> Finding:
    lengths_s = [seen.end_s - seen.pts_s for seen in track.sightings]
    shares = [(seen.box[2] - seen.box[0]) * (seen.box[3] - seen.box[1]) for seen in track.sightings]
    return Finding(
        span=span(track.sightings[0].pts_s, track.sightings[-1].end_s),
        label=track.class_name,
        confidence=track.score,
        subject=Subject(track_id=track.track_id),
        product=Product(
            category=CATEGORY_OF[track.class_name],
            visible_duration=duration(sum(lengths_s)),
            screen_share=sum(shares) / len(shares),
            centred_share=sum(_holds_centre(seen.box) for seen in track.sightings) / len(track.sightings),
            peak_screen_share=max(shares),
            texts=[text.content for text in lettering(track, texts)],
        ),
    )


def _holds_centre(box: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = box
    return left <= 0.5 <= right and top <= 0.5 <= bottom
