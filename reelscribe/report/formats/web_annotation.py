"""W3C Web Annotations: JSON-LD whose targets are media fragments of the video, `#t=` and `&xywh=percent:`."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

from reelscribe.report.brief import brief
from reelscribe.report.found import Found, found, place_of
from reelscribe.v1.analysis_pb2 import Report

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"


def annotation_page(report: Report) -> dict[str, Any]:
    """One annotation for each finding. The video's address is its name, relative to where the file lies."""
    base = f"urn:reelscribe:{report.analysis_id}"
    generator = {"id": "urn:reelscribe", "type": "Software", "name": f"reelscribe {report.reelscribe_version}".strip()}
    return {
        "@context": CONTEXT,
        "id": base,
        "type": "AnnotationPage",
        "items": [_annotation(report, one, base) | {"generator": generator} for one in found(report)],
    }


def annotation_page_json(report: Report) -> str:
    """The same as text."""
    return json.dumps(annotation_page(report), ensure_ascii=False, indent=1) + "\n"


def fragment(one: Found) -> str:
    """When and, where it is known, the smallest rectangle around all places of it.

    "t=5.967,6&xywh=percent:10,20,30,40"
    """
    times = f"t={_number(one.start_s)},{_number(one.end_s)}"
    box = place_of(one.finding)
    if box is None:
        return times
    edges = (box.left, box.top, box.right - box.left, box.bottom - box.top)
    return f"{times}&xywh=percent:{','.join(_number(100 * edge) for edge in edges)}"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _annotation(report: Report, one: Found, base: str) -> dict[str, Any]:
    source: dict[str, Any] = {"id": quote(report.video.name), "type": "Video"}
    if report.video.sha256:
        source["canonical"] = _named_information(report.video.sha256)
    return {
        "id": f"{base}:{quote(one.finding.id)}",
        "type": "Annotation",
        "motivation": "describing" if one.shape in ("text", "description") else "tagging",
        "body": _body(one),
        "target": {
            "source": source,
            "selector": {"type": "FragmentSelector", "conformsTo": MEDIA_FRAGMENTS, "value": fragment(one)},
        },
    }


def _body(one: Found) -> dict[str, Any]:
    """Words in their own language; labels are English."""
    finding = one.finding
    language = {"text": finding.text.language_code, "description": finding.description.language_code}
    code = language.get(one.shape or "", "en")
    content = getattr(finding, one.shape).content if one.shape in ("text", "description") else brief(finding)
    return {
        "type": "TextualBody",
        "value": content,
        "format": "text/plain",
        **({"language": code} if code else {}),
    }


def _named_information(sha256: str) -> str:
    """The bytes' own name, RFC 6920."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"
