"""Every error a caller can meet, as one small tree; mapped once at each border."""

from __future__ import annotations


class ReelscribeError(Exception):
    """Something a person can be told: a stable reason, one sentence, and where there is one a command that mends it."""

    reason = "internal"
    fix = ""


class InvalidInput(ReelscribeError):
    """The request cannot be served as it stands."""

    reason = "invalid_input"


class NotAVideo(InvalidInput):
    """No demuxer or decoder makes anything of the file."""

    reason = "not_a_video"


class NothingToDecode(InvalidInput):
    """A container without one displayable frame or one sample."""

    reason = "nothing_to_decode"


class UnsupportedCodec(InvalidInput):
    """This machine's FFmpeg has no decoder for the file's streams."""

    reason = "unsupported_codec"


class UnknownAnalyzer(InvalidInput):
    """A name no service knows."""

    reason = "unknown_analyzer"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no analyzer is called {name!r}; known are {', '.join(known)}")
        self.name = name


class InvalidSetting(InvalidInput):
    """A setting no analyzer has, or a value it does not take."""

    reason = "invalid_setting"


class PathNotAllowed(InvalidInput):
    """A path outside the gateway's roots, or a URL where settings forbid them."""

    reason = "path_not_allowed"


class NotFound(ReelscribeError):
    """The upload, file, segment or analysis does not exist (any more)."""

    reason = "not_found"


class TooMuch(ReelscribeError):
    """A limit is reached: size, number in flight, media directory full. Worth trying again later."""

    reason = "resource_exhausted"

    def __init__(self, message: str, *, retry_after_s: float = 5.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooLarge(InvalidInput):
    """The file or picture is over a limit that waiting does not change."""

    reason = "too_large"


class MediaDirectoryFull(TooMuch):
    """The media directory has no room for what must be laid down."""

    reason = "media_directory_full"


class BusUnavailable(ReelscribeError):
    """The message bus cannot be reached."""

    reason = "bus_unavailable"


class NoService(ReelscribeError):
    """No service has announced itself: there is no analyzer to ask."""

    reason = "no_service"


class DecodingFailed(ReelscribeError):
    """The decoder met something in the file that it should have coped with."""

    reason = "decoding_failed"


class AnalysisCancelled(ReelscribeError):
    """Somebody else cancelled the analysis this caller was waiting for."""

    reason = "cancelled"


class MediaLost(ReelscribeError):
    """Windows announced by the gateway can no longer be read."""

    reason = "media_lost"


class Cancelled(BaseException):
    """Ends the work of one part from inside its window iterator; not an error, so no `except Exception` holds it up."""


class WeightsNotInstalled(ReelscribeError):
    """A model's files are not on this machine."""

    reason = "weights_not_installed"

    def __init__(self, name: str) -> None:
        super().__init__(f"the weights {name!r} are not installed")
        self.name = name
        self.fix = f"reelscribe models pull {name}"


class WeightsDamaged(ReelscribeError):
    """A weights file is not the one the catalogue names, or does not fit its architecture."""

    reason = "weights_damaged"


class LibraryNotInstalled(ReelscribeError):
    """An optional library an analyzer runs on is not installed."""

    reason = "library_not_installed"

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed")
        self.library = library
        self.fix = f"pip install 'reelscribe[{extra}]'"
