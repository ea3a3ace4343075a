"""The insights JSON of Azure AI Video Indexer, so that what reads it can read a report.

Facts about the format: https://learn.microsoft.com/azure/azure-video-indexer/video-indexer-output-json-v2. What it
knows and a report does not (accounts, thumbnails, keywords, brands, sentiments, topics) is empty, null or left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from reelscribe.report.formats.srt import time_text
from reelscribe.report.found import Found, confidence_of, face_id_of, found, of, speaker_id_of, spoken, written
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.media_pb2 import StreamKind
from services.common.time import seconds

Element = dict[str, Any]


def insights_json(report: Report) -> str:
    """A playlist of one video, as "Get Video Index" answers."""
    return json.dumps(playlist(report), ensure_ascii=False, indent=1) + "\n"


def playlist(report: Report) -> Element:
    """The same as a structure."""
    name, analysis_id = report.video.name, report.analysis_id
    insights = _insights(report)
    language = insights.get("sourceLanguage")
    return {
        "accountId": None,
        "id": analysis_id,
        "name": name,
        "description": None,
        "userName": None,
        "created": report.create_time.ToJsonString() if report.HasField("create_time") else None,
        "state": "Processed",
        "isBase": True,
        "durationInSeconds": seconds(report.video.duration),
        "summarizedInsights": None,
        "videos": [
            {
                "accountId": None,
                "id": analysis_id,
                "name": name,
                "state": "Processed",
                "processingProgress": "100%",
                "externalId": report.video.sha256,
                "sourceLanguage": language,
                "language": language,
                "insights": insights,
            }
        ],
    }


def _insights(report: Report) -> Element:
    items = found(report)
    said = spoken(items)
    tracks = of(items, "track")
    languages = sorted({one.finding.text.language_code for one in said} - {""})
    result: Element = {
        "version": report.reelscribe_version,
        "duration": time_text(seconds(report.video.duration), "."),
        "sourceLanguage": languages[0] if len(languages) == 1 else None,
        "sourceLanguages": languages,
        "language": languages[0] if len(languages) == 1 else None,
        "languages": languages,
        "transcript": [_line(number, one) for number, one in enumerate(said, 1)],
        "ocr": [_ocr(number, one, report) for number, one in enumerate(written(items), 1)],
        "keywords": [],
        "faces": _faces(items),
        "labels": _grouped(tracks, name_key="name"),
        "scenes": [{"id": n, "instances": [_instance(one)]} for n, one in enumerate(of(items, "scene"), 1)],
        "shots": _shots(items),
        "audioEffects": _audio_effects(items),
        "detectedObjects": [_object(number, one) for number, one in enumerate(_of_label(tracks, person=False), 1)],
        "observedPeople": [
            {"id": one.finding.track.track_id, "instances": [_sure(one)]} for one in _of_label(tracks, person=True)
        ],
        "speakers": _speakers(said),
    }
    return result


def _times(start_s: float, end_s: float) -> Element:
    """A video is not edited within its own report: adjusted times are the times."""
    start, end = time_text(start_s, "."), time_text(end_s, ".")
    return {"adjustedStart": start, "adjustedEnd": end, "start": start, "end": end}


def _instance(one: Found) -> Element:
    return _times(one.start_s, one.end_s)


def _sure(one: Found) -> Element:
    confidence = confidence_of(one.finding)
    return _instance(one) if confidence is None else {"confidence": round(confidence, 4), **_instance(one)}


def _line(number: int, one: Found) -> Element:
    text = one.finding.text
    speaker_id, confidence = speaker_id_of(one.finding), confidence_of(one.finding)
    return {
        "id": number,
        "text": text.content,
        **({} if confidence is None else {"confidence": round(confidence, 4)}),
        **({} if speaker_id is None else {"speakerId": speaker_id}),
        "language": text.language_code,
        "instances": [_instance(one)],
    }


def _ocr(number: int, one: Found, report: Report) -> Element:
    text, stream, confidence = one.finding.text, report.video.video_stream, confidence_of(one.finding)
    box = text.box
    place = {
        "left": round(box.left * stream.width_px),
        "top": round(box.top * stream.height_px),
        "width": round((box.right - box.left) * stream.width_px),
        "height": round((box.bottom - box.top) * stream.height_px),
    }
    return {
        "id": number,
        "text": " ".join(text.content.split()),
        **({} if confidence is None else {"confidence": round(confidence, 4)}),
        **(place if text.HasField("box") else {}),
        **({"language": text.language_code} if text.language_code else {}),
        "instances": [_instance(one)],
    }


def _faces(items: Iterable[Found]) -> list[Element]:
    """Faces are numbered, nobody is recognised: each has the name that the format gives to strangers."""
    spans: dict[int, list[tuple[float, float]]] = {}
    for one in items:
        face_id = face_id_of(one.finding)
        if face_id is not None:
            spans.setdefault(face_id, []).append((one.start_s, one.end_s))
    return [
        {
            "id": face_id,
            "name": f"Unknown #{face_id}",
            "description": None,
            "instances": [_times(*edges) for edges in _united(spans[face_id])],
        }
        for face_id in sorted(spans)
    ]


def _united(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    united: list[tuple[float, float]] = []
    for start_s, end_s in sorted(spans):
        if united and start_s <= united[-1][1]:
            united[-1] = (united[-1][0], max(end_s, united[-1][1]))
        else:
            united.append((start_s, end_s))
    return united


def _grouped(items: Iterable[Found], *, name_key: str) -> list[Element]:
    groups: dict[str, list[Found]] = {}
    for one in items:
        groups.setdefault(one.finding.label.replace("_", " "), []).append(one)
    return [
        {"id": number, name_key: name, "instances": [_sure(one) for one in group]}
        for number, (name, group) in enumerate(groups.items(), 1)
    ]


def _shots(items: Sequence[Found]) -> list[Element]:
    """A key frame is known where a scene names the frame that is most like all of it."""
    frames = [seconds(one.finding.scene.representative_offset) for one in of(items, "scene")]
    shots = []
    for number, one in enumerate(of(items, "shot"), 1):
        shot = one.finding.shot
        frame_s = (one.end_s - one.start_s) / max(1, shot.end_frame_index - shot.start_frame_index)
        keys = [at_s for at_s in frames if one.start_s <= at_s < one.end_s]
        key_frames = [{"id": key, "instances": [_times(at_s, at_s + frame_s)]} for key, at_s in enumerate(keys, 1)]
        shots.append({"id": number, "keyFrames": key_frames, "instances": [_instance(one)]})
    return shots


def _audio_effects(items: Sequence[Found]) -> list[Element]:
    heard = [one for one in of(items, "scores", "sound_event") if one.stream == StreamKind.STREAM_KIND_SAMPLES]
    effects = _grouped(heard, name_key="type")
    return [{**effect, "type": effect["type"].capitalize(), "name": effect["type"].capitalize()} for effect in effects]


def _of_label(tracks: Iterable[Found], *, person: bool) -> list[Found]:
    return [one for one in tracks if (one.finding.label == "person") is person]


def _object(number: int, one: Found) -> Element:
    name = one.finding.label.replace("_", " ")
    return {"id": number, "type": name.capitalize(), "displayName": name, "instances": [_sure(one)]}


def _speakers(said: Iterable[Found]) -> list[Element]:
    voices: dict[int, list[Found]] = {}
    for one in said:
        speaker_id = speaker_id_of(one.finding)
        if speaker_id is not None:
            voices.setdefault(speaker_id, []).append(one)
    return [
        {
            "id": speaker_id,
            "name": f"Speaker #{speaker_id}",
            "instances": [_instance(one) for one in voices[speaker_id]],
        }
        for speaker_id in sorted(voices)
    ]
