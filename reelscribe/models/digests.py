"""Whether fetched bytes are the ones that were promised: by the catalogue, else by the hub that gave them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from reelscribe.models.hub import Announcement
from services.common.catalogue import WeightsFile
from services.common.weights import READ_BYTES, file_sha256


def complaint_about(part: Path, file: WeightsFile, announced: Announcement) -> str:
    """Why these bytes are not the file; empty where they are."""
    digests = {
        "sha256": file.sha256 or announced.sha256,
        "md5": file.md5,
        "git_sha1": announced.git_sha1,
    }
    expected = next(((kind, digest) for kind, digest in digests.items() if digest), None)
    if expected is None:
        return "the hub states no digest, so nothing could be verified"
    kind, digest = expected
    actual = _digest(part, kind)
    return "" if actual == digest else f"wrong bytes: {kind} is {actual}, expected {digest}"


def _digest(path: Path, kind: str) -> str:
    if kind == "sha256":
        return file_sha256(path)
    # Git names a file by the sha1 of a header and its bytes; hubs state that for small files.
    digest = hashlib.md5() if kind == "md5" else hashlib.sha1(b"blob %d\0" % path.stat().st_size)
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
    return digest.hexdigest()
