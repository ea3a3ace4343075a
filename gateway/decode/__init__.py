"""Decodes a video once into everything that is asked of it; the only package that knows FFmpeg."""

from gateway.decode.header import probe
from gateway.decode.records import Decoded, FrameWindow, SampleWindow
from gateway.decode.single_pass import Step, decode
from gateway.decode.source import DEFAULT_MAX_PIXEL_COUNT
from gateway.decode.stills import Still, stills

__all__ = [
    "DEFAULT_MAX_PIXEL_COUNT",
    "Decoded",
    "FrameWindow",
    "SampleWindow",
    "Step",
    "Still",
    "decode",
    "probe",
    "stills",
]
