"""Where the demo's material is: photos inside installed packages, the voice in the model directory."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from reelscribe.demo.scenario import SHOTS, Photo
from reelscribe.models.pull import plan, pull
from services.common.catalogue import find
from services.common.errors import ReelscribeError, WeightsDamaged, WeightsNotInstalled
from services.common.weights import locate, model_dir

VOICE = "hibari-heart"
"""American English, 8 MB; its network is run as data, the package that carries it is never imported."""


class PhotosMissing(ReelscribeError):
    """No installed package carries one of the demo's photos."""

    reason = "photos_missing"
    fix = "pip install 'scikit-image>=0.26'"


class SpeechUnavailable(ReelscribeError):
    """The demo's voice is neither on this machine nor to be fetched."""

    reason = "speech_unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFile:
    """A photo of the script and where it lies on this machine."""

    photo: Photo
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechModel:
    """Files of the voice: an ONNX network, and a JSON object from phoneme symbol to number."""

    network: Path
    alphabet: Path


def find_photos() -> tuple[PhotoFile, ...]:
    """One photo a shot: the first of its choices whose package is installed. Raises PhotosMissing."""
    return tuple(_first_installed(shot.photos) for shot in SHOTS)


def _first_installed(choices: tuple[Photo, ...]) -> PhotoFile:
    for photo in choices:
        # find_spec looks and does not import: ultralytics would take seconds.
        spec = find_spec(photo.package)
        if spec is not None and spec.origin is not None:
            path = Path(spec.origin).parent / photo.path
            if path.is_file():
                return PhotoFile(photo=photo, path=path)
    wanted = " or ".join(f"{photo.path} of {photo.package}" for photo in choices)
    raise PhotosMissing(f"the demo is made from photos of installed packages, and there is no {wanted}")


def speech_model(directory: Path | None = None) -> SpeechModel:
    """The voice: fetched once into the model directory, read from there ever after. Raises SpeechUnavailable."""
    directory = directory or model_dir()
    try:
        found = locate(VOICE, directory=directory)
    except (WeightsNotInstalled, WeightsDamaged):
        (outcome,) = pull(plan([find(VOICE)], directory=directory), directory=directory)
        if outcome.reason:
            raise SpeechUnavailable(f"the demo's voice could not be fetched: {outcome.reason}") from None
        found = locate(VOICE, directory=directory)
    return SpeechModel(network=found.files["hibari.onnx"], alphabet=found.files["vocab.json"])
