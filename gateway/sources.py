"""From what a request names (an upload, a path, a URL) to a file that may be analyzed."""

from __future__ import annotations

import asyncio
import secrets
import threading
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

from gateway.uploads import Uploads
from reelscribe.v1.analysis_pb2 import AnalyzeVideoRequest
from services.common.background import to_the_end
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
            with uploads.using(request.upload_id) as upload:
                yield Source(path=upload.path, name=upload.name)
        case "path":
            path = allowed_path(request.path, settings.allowed_roots)
            yield Source(path=path, name=path.name)
        case "url":
            if not settings.allow_urls:
                raise PathNotAllowed("this gateway fetches no URLs; gateway.allow_urls would let it")
            async with _fetched(request.url, settings) as fetched:
                yield fetched
        case _:
            raise InvalidInput("the request names no video: upload_id, path or url")


@asynccontextmanager
async def _fetched(url: str, settings: GatewaySettings) -> AsyncIterator[Source]:
    path = settings.upload_directory / f"url-{secrets.token_hex(8)}"
    left = threading.Event()
    fetching = asyncio.ensure_future(asyncio.to_thread(_fetch, url, path, settings.upload_bytes, left))
    try:
        await asyncio.shield(fetching)
        yield Source(path=path, name=Path(urlsplit(url).path).name or "video")
    finally:
        left.set()
        await to_the_end(_ended(fetching))
        path.unlink(missing_ok=True)


async def _ended(fetching: asyncio.Future[None]) -> None:
    await asyncio.gather(fetching, return_exceptions=True)


def allowed_path(text: str, roots: tuple[Path, ...]) -> Path:
    """The file itself, links followed. Raises PathNotAllowed outside the roots, NotFound if there is no such file.

    Whether a file exists is told only for paths inside.
    """
    path = Path(text)
    try:
        resolved = path.resolve()
    except (OSError, ValueError, RuntimeError) as error:  # a loop of links, a NUL, a name that is too long
        raise PathNotAllowed(f"{text!r} is no path") from error
    if not path.is_absolute() or not any(resolved.is_relative_to(root.resolve()) for root in roots):
        raise PathNotAllowed(f"{text!r} is under none of this gateway's allowed roots")
    if not resolved.is_file():
        raise NotFound(f"{text!r} is not a file")
    return resolved


def _fetch(url: str, path: Path, limit_bytes: int, left: threading.Event) -> None:
    """Until nobody waits for it any more. Raises PathNotAllowed, NotFound or TooLarge."""
    try:
        if urlsplit(url).scheme not in ("http", "https"):
            raise PathNotAllowed(f"{url!r} is neither http nor https")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with urllib.request.urlopen(url, timeout=URL_TIMEOUT_S) as answer, path.open("wb") as file:
            size_bytes = 0
            while not left.is_set() and (chunk := answer.read(CHUNK_BYTES)):
                size_bytes += len(chunk)
                if size_bytes > limit_bytes:
                    raise TooLarge(f"{url!r} is over this gateway's limit of {limit_bytes} bytes")
                file.write(chunk)
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, HTTPError):
            error.close()  # it holds the connection
        raise NotFound(f"{url!r} could not be fetched: {error}") from error
