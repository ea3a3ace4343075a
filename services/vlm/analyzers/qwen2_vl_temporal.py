"""What happens, second by second: one description per segment, written by Qwen2-VL from several frames in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, cast

from pydantic import Field, model_validator

from reelscribe.v1.analyzer_pb2 import METHOD_MODEL
from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Analyzer, AnalyzerSettings
from services.common.device import Device
from services.common.errors import InvalidSetting
from services.common.weights import locate
from services.common.window import Frames, Part, Window
from services.vlm.backend import Backend, open_backend, require_backend
from services.vlm.prompts import load_prompt
from services.vlm.segment_model import Request
from services.vlm.segments import MIN_PIXELS, Placement, Segment, segments_of
from services.vlm.telling import Telling
from services.vlm.ticket import Ticket

RATE_HZ = 4.0
"""Two pairs of frames a second: the model reads frames in pairs, and two pairs show a direction of movement. Each more
costs about 250 tokens a segment at the default max_pixels."""

AHEAD = 2
"""Segments asked for and not yet told, in batches: enough for the next batch to be full. Windows beyond are left
where they are, so that how far the analyzer has come is how far it has written, within two batches."""

NEED = Frames(rate_hz=RATE_HZ, long_side_px=640)


class Qwen2VlTemporalSettings(AnalyzerSettings):
    """What is shown, what is asked and in which language. Those of `loading` are the service's alone."""

    loading = ("model", "precision", "attention", "backend", "recorded_steps", "compiled", "batch_rows")

    model: str = "qwen2-vl-2b"
    """The weights' name in models.toml: "qwen2-vl-2b", "qwen2-vl-7b", "qwen2.5-vl-3b" or "qwen2.5-vl-7b"."""
    precision: Literal["auto", "bfloat16", "float32", "int8", "nf4"] = "auto"
    """auto: bfloat16 on a GPU; on a CPU the faster of bfloat16 and float32, measured at the start.
    int8 and nf4 need less memory; they are no faster."""
    attention: Literal["auto", "sdpa", "flash_attention_2"] = "auto"
    """auto: flash_attention_2 on a GPU where flash-attn is installed, otherwise torch's own (sdpa)."""
    backend: Literal["own", "vllm"] = "own"
    """Who writes: the engine of this project, or vLLM where it is installed (extra `vllm`)."""
    recorded_steps: bool = False
    """Replay the steps of a steady batch as a CUDA graph (own backend, GPU, sdpa): off, because it is unmeasured."""
    compiled: Literal["none", "vision", "steps", "both"] = "none"
    """Parts run through torch.compile (own backend, sdpa): none, because it is unmeasured on a GPU. Compiling takes a
    minute or two at the start and needs a C++ compiler; what cannot be compiled runs as it is, and the result names it.
    """
    batch_rows: int = Field(default=0, ge=0, le=1024)
    """Segments written at a time, over all videos. 0: 8 on a CPU, as memory allows up to 64 on a GPU."""
    segment_s: float = Field(default=1.0, ge=0.5, le=30.0)
    overlap_s: float = Field(default=0.0, ge=0.0)
    """How long a segment repeats the one before; less than segment_s."""
    frames_per_segment: int = Field(default=4, ge=2, le=120, multiple_of=2)
    """At most 4 a second. Even, because the model reads pairs."""
    max_pixels: int = Field(default=256 * 28 * 28, ge=MIN_PIXELS, le=1280 * 28 * 28)
    """Larger frames are shown to the model smaller; 28 x 28 pixels cost one token per pair of frames."""
    max_prompt_tokens: int = Field(default=2048, ge=64)
    """A segment that would cost more is refused before the call."""
    max_new_tokens: int = Field(default=128, ge=1, le=1024)
    """A full answer to prompt v2 has about 50 tokens in English and 70 in German; a longer one is cut and marked."""
    language_code: Literal["en", "de"] = "en"
    """BCP-47 of the language the model is asked to write."""
    prompt_version: Literal["v1", "v2"] = "v2"
    """v2 asks for what, who, where and action, each on its line; v1 for a sentence or two."""

    @model_validator(mode="after")
    def _fits(self) -> Qwen2VlTemporalSettings:
        if self.recorded_steps and (self.backend != "own" or self.attention == "flash_attention_2"):
            raise ValueError("recorded_steps needs the own backend and sdpa")
        if self.compiled != "none" and (self.backend != "own" or self.attention == "flash_attention_2"):
            raise ValueError("compiled needs the own backend and sdpa")
        if self.compiled != "none" and self.precision in ("int8", "nf4"):
            raise ValueError("compiled needs weights that are not quantised")
        if self.overlap_s >= self.segment_s:
            raise ValueError("overlap_s must be less than segment_s")
        if self.frames_per_segment > RATE_HZ * self.segment_s:
            raise ValueError(f"frames_per_segment can be at most {RATE_HZ:g} per second of segment_s")
        return self

    @property
    def placement(self) -> Placement:
        return Placement(length_s=self.segment_s, overlap_s=self.overlap_s, frame_count=self.frames_per_segment)


class Qwen2VlTemporal(Analyzer):
    """What happens, second by second: one description per segment.

    Label: "description", in order; its span is the segment's own, whatever times the model may speak of. What happens,
    who, where and the action on screen are taken apart where the model kept the form it was asked for (`structured`);
    where not, its words are kept as they are in `content`.

    Frames are shown as they are displayed (RGB, aspect kept); the last segment is what remains of the part, and
    where only one picture is on screen the model is shown that picture (its processor doubles it). No earlier text
    is ever part of a prompt. A text that says the same as any earlier one of the part, or the same words over and
    over, is asked for once more in other words; its token counts are then those of both answers, and `repeated` or
    `looped` is set if it still does. There is no confidence: the mean probability of the chosen tokens says how usual
    the wording is, not how true.
    """

    name = "qwen2_vl_temporal"
    method = METHOD_MODEL
    needs = NEED
    weights = ("qwen2-vl-2b",)
    Settings = Qwen2VlTemporalSettings

    def __init__(self, settings: AnalyzerSettings | None = None, *, engine: Backend | None = None) -> None:
        """`engine`: one that is already there (a checkpoint outside models.toml); then `load` opens none."""
        super().__init__(settings)
        self._engine = engine

    def load(self, device: Device) -> None:
        settings = _settings(self.settings)
        if self._engine is None:
            require_backend(settings.backend, settings.precision)
            installed = locate(settings.model)
            self._engine = open_backend(
                settings.backend,
                installed.directory,
                device=device,
                precision=settings.precision,
                attention=settings.attention,
                recorded=settings.recorded_steps,
                compiled=settings.compiled,
                row_limit=settings.batch_rows or None,
            )
            self.models = (
                installed.used_by(self._engine.library, device=device.kind, precision=self._engine.precision),
            )
        self._engine.warm_up()

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        settings = self._settings_of(part)
        engine = self._running_engine()
        prompt = load_prompt(settings.language_code, settings.prompt_version)

        def ask(segment: Segment, question: str) -> Ticket:
            return engine.submit([_request(segment, prompt.system, question, settings)])[0]

        with Telling(ask, prompt, part.count_processed, max_pixels=settings.max_pixels) as telling:
            for segment in segments_of(windows, NEED, settings.placement, part.own_start_s):
                telling.submit(segment)
                yield from telling.ready(pending_at_most=AHEAD * engine.row_limit)
            yield from telling.ready(pending_at_most=0)

    def _running_engine(self) -> Backend:
        if self._engine is None:
            raise RuntimeError("load() comes before analyze()")
        return self._engine

    def _settings_of(self, part: Part) -> Qwen2VlTemporalSettings:
        """The request's settings. Raises InvalidSetting where one would need another model in memory."""
        asked, loaded = _settings(part.settings), _settings(self.settings)
        for name in asked.loading:
            if getattr(asked, name) != getattr(loaded, name):
                raise InvalidSetting(
                    f"{self.name}.{name} is {getattr(loaded, name)!r} on this service and cannot be chosen by a request"
                )
        return asked


def _request(segment: Segment, system: str, question: str, settings: Qwen2VlTemporalSettings) -> Request:
    return Request(
        frames=segment.frames,
        system=system,
        ask=question,
        max_pixels=settings.max_pixels,
        max_new_tokens=settings.max_new_tokens,
        max_prompt_tokens=settings.max_prompt_tokens,
        frame_step_s=settings.segment_s / settings.frames_per_segment,
    )


def _settings(settings: object) -> Qwen2VlTemporalSettings:
    return cast(Qwen2VlTemporalSettings, settings)
