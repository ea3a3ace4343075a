"""Decodes a video once into everything that is asked of it; the only package that knows FFmpeg."""

from gateway.decode.header import probe
from gateway.decode.records import Decoded, FrameWindow, SampleWindow
from gateway.decode.single_pass import Step, decode
from gateway.decode.source import DEFAULT_MAX_PIXEL_COUNT

__all__ = ["DEFAULT_MAX_PIXEL_COUNT", "Decoded", "FrameWindow", "SampleWindow", "Step", "decode", "probe"]
