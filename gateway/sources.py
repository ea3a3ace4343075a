"""From what a request names (an upload, a path, a URL) to a file that may be analyzed."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gateway.uploads import Uploads
from reelscribe.v1.analysis_pb2 import AnalyzeVideoRequest
from services.common.errors import InvalidInput, NotFound, PathNotAllowed, TooLarge
from services.common.settings import GatewaySettings

CHUNK_BYTES = 1 << 20
URL_TIMEOUT_S = 30.0
"""A server that says nothing for so long is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to analyze, and the name its sender gave it."""

    path: Path
    name: str


@asynccontextmanager
async def source(request: AnalyzeVideoRequest, uploads: Uploads, settings: GatewaySettings) -> AsyncIterator[Source]:
    """The file a request means; one fetched from a URL is removed at the end.

    Raises InvalidInput, NotFound, PathNotAllowed or TooLarge.
    """
    match request.WhichOneof("source"):
        case "upload_id":
            upload = uploads.find(request.upload_id)
            yield Source(path=upload.path, name=upload.name)
        case "path":
            path = allowed_path(request.path, settings.allowed_roots)
            yield Source(path=path, name=path.name)
        case "url":
            if not settings.allow_urls:
                raise PathNotAllowed("this gateway fetches no URLs; gateway.allow_urls would let it")
            path = settings.upload_directory / f"url-{id(request)}"
            try:
                await asyncio.to_thread(_fetch, request.url, path, settings.upload_bytes)
                yield Source(path=path, name=Path(urlsplit(request.url).path).name or "video")
            finally:
                path.unlink(missing_ok=True)
        case _:
            raise InvalidInput("the request names no video: upload_id, path or url")


def allowed_path(text: str, roots: tuple[Path, ...]) -> Path:
    """The file itself, links followed. Raises PathNotAllowed outside the roots, NotFound if there is no such file.

    Whether a file exists is told only for paths inside.
    """
    path = Path(text)
    resolved = path.resolve()
    if not path.is_absolute() or not any(resolved.is_relative_to(root.resolve()) for root in roots):
        raise PathNotAllowed(f"{text!r} is under none of this gateway's allowed roots")
    if not resolved.is_file():
        raise NotFound(f"{text!r} is not a file")
    return resolved


def _fetch(url: str, path: Path, limit_bytes: int) -> None:
    if urlsplit(url).scheme not in ("http", "https"):
        raise PathNotAllowed(f"{url!r} is neither http nor https")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with urllib.request.urlopen(url, timeout=URL_TIMEOUT_S) as answer, path.open("wb") as file:
            size_bytes = 0
            while chunk := answer.read(CHUNK_BYTES):
                size_bytes += len(chunk)
                if size_bytes > limit_bytes:
                    raise TooLarge(f"{url!r} is over this gateway's limit of {limit_bytes} bytes")
                file.write(chunk)
    except OSError as error:
        raise NotFound(f"{url!r} could not be fetched: {error}") from error
