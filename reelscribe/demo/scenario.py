"""The demo's script: which photo, which camera move, which words, and when."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH_PX = 720
HEIGHT_PX = 1280

FRAME_RATE_HZ = 30
"""Every time below is a frame number, so that the truth is exact on this grid."""

SPEECH_SPEED = 0.9
"""A tenth slower than the voice's own pace: fills 22 s and is easier to read along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the camera sees of a photo: an upright 9:16 window, by its centre and its height."""

    centre_x: float
    """Of the photo's width, 0 at the left."""
    centre_y: float
    """Of the photo's height, 0 at the top."""
    height: float
    """Of the tallest 9:16 window that fits into the photo; smaller is closer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo inside an installed package, what is to be seen in it, and the camera's way over it."""

    package: str
    path: str
    first: View
    last: View
    objects: tuple[str, ...] = ()
    """Names as in COCO, of what anybody would see in this shot."""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A few words, spoken from `start_frame`, on screen during [start_frame, end_frame)."""

    text: str
    phonemes: str
    start_frame: int
    end_frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Frames [start_frame, end_frame) show one photo: the first of `photos` whose package is installed."""

    start_frame: int
    end_frame: int
    move: str
    """zoom_in, zoom_out, or pan_ / tilt_ and where the camera (not the picture) goes."""
    photos: tuple[Photo, ...]
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """Words in a box near the top during [start_frame, end_frame)."""

    text: str
    start_frame: int
    end_frame: int


TITLE = Title(text="BACK TO EARTH", start_frame=0, end_frame=97)

SHOTS = (
    Shot(
        start_frame=0,
        end_frame=139,
        move="zoom_in",
        photos=(
            Photo(
                package="skimage",
                path="data/rocket.jpg",
                first=View(centre_x=0.505, centre_y=0.5, height=1.0),
                last=View(centre_x=0.505, centre_y=0.5, height=0.74),
                credit="SpaceX, CC0",
            ),
        ),
        phrases=(
            Phrase(
                text="A rocket waits on the launch pad",
                phonemes="ɐ ɹˈɑkət wˈAts ˌɔn ðə lˈɔnʧ pˈæd,",
                start_frame=27,
                end_frame=78,
            ),
            Phrase(
                text="just before the sun comes up",
                phonemes="ʤˈʌst bəfˈɔɹ ðə sˈʌn kˈʌmz ˌʌp.",
                start_frame=78,
                end_frame=131,
            ),
        ),
    ),
    Shot(
        start_frame=139,
        end_frame=247,
        move="zoom_out",
        photos=(
            Photo(
                package="skimage",
                path="data/astronaut.png",
                first=View(centre_x=0.44, centre_y=0.36, height=0.5),
                last=View(centre_x=0.44, centre_y=0.36, height=0.71),
                objects=("person",),
                credit="NASA, public domain",
            ),
        ),
        phrases=(
            Phrase(
                text="The astronaut is smiling", phonemes="ði ˈæstɹənˌɔt ɪz smˈIlɪŋ,", start_frame=148, end_frame=194
            ),
            Phrase(
                text="because today she will fly", phonemes="bəkˈʌz tədˈA ʃi wɪl flˈI.", start_frame=194, end_frame=240
            ),
        ),
    ),
    Shot(
        start_frame=247,
        end_frame=344,
        move="tilt_up",
        photos=(
            Photo(
                package="skimage",
                path="data/hubble_deep_field.jpg",
                first=View(centre_x=0.5, centre_y=0.66, height=0.6),
                last=View(centre_x=0.5, centre_y=0.34, height=0.6),
                credit="NASA, ESA, public domain",
            ),
        ),
        phrases=(
            Phrase(text="Up there she looks out", phonemes="ˌʌp ðɛɹ ʃi lˈʊks ˈWt", start_frame=256, end_frame=291),
            Phrase(text="at a thousand galaxies", phonemes="æt ɐ θˈWzᵊnd ɡˈæləksiz.", start_frame=291, end_frame=338),
        ),
    ),
    Shot(
        start_frame=344,
        end_frame=451,
        move="pan_left",
        photos=(
            Photo(
                package="ultralytics",
                path="assets/bus.jpg",
                first=View(centre_x=0.645, centre_y=0.5, height=0.94),
                last=View(centre_x=0.355, centre_y=0.5, height=0.94),
                objects=("bus", "person"),
                credit="Ultralytics, AGPL-3.0",
            ),
            Photo(
                package="skimage",
                path="data/motorcycle_left.png",
                first=View(centre_x=0.72, centre_y=0.5, height=0.94),
                last=View(centre_x=0.35, centre_y=0.5, height=0.94),
                objects=("motorcycle",),
                credit="Middlebury 2014 stereo, D. Scharstein, CC0",
            ),
        ),
        phrases=(
            Phrase(text="Back on the ground", phonemes="bˈæk ˌɔn ðə ɡɹˈWnd,", start_frame=353, end_frame=387),
            Phrase(
                text="everybody needs a ride home",
                phonemes="ˈɛvɹibədi nˈidz ɐ ɹˈId hˈOm.",
                start_frame=387,
                end_frame=440,
            ),
        ),
    ),
    Shot(
        start_frame=451,
        end_frame=548,
        move="pan_right",
        photos=(
            Photo(
                package="skimage",
                path="data/chelsea.png",
                first=View(centre_x=0.36, centre_y=0.5, height=0.96),
                last=View(centre_x=0.62, centre_y=0.5, height=0.96),
                objects=("cat",),
                credit="Stefan van der Walt, CC0",
            ),
        ),
        phrases=(
            Phrase(text="The cat looks at her", phonemes="ðə kˈæt lˈʊks æt hˌɜɹ", start_frame=460, end_frame=496),
            Phrase(text="as if nothing happened", phonemes="æz ɪf nˈʌθɪŋ hˈæpᵊnd.", start_frame=496, end_frame=541),
        ),
    ),
    Shot(
        start_frame=548,
        end_frame=660,
        move="zoom_out",
        photos=(
            Photo(
                package="skimage",
                path="data/coffee.png",
                first=View(centre_x=0.5, centre_y=0.5, height=0.68),
                last=View(centre_x=0.5, centre_y=0.5, height=1.0),
                objects=("cup",),
                credit="Rachel Michetti, CC0",
            ),
        ),
        phrases=(
            Phrase(text="And the coffee", phonemes="ˌænd ðə kˈɔfi", start_frame=560, end_frame=589),
            Phrase(text="is still warm", phonemes="ɪz stˈɪl wˈɔɹm.", start_frame=589, end_frame=624),
        ),
    ),
)

FRAME_COUNT = SHOTS[-1].end_frame
DURATION_S = FRAME_COUNT / FRAME_RATE_HZ


def frame_time_s(frame: int) -> float:
    """When this frame begins, in seconds."""
    return frame / FRAME_RATE_HZ


def phrases() -> tuple[Phrase, ...]:
    """Every phrase of the script, in order."""
    return tuple(phrase for shot in SHOTS for phrase in shot.phrases)
