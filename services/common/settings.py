"""Every setting of every process, typed, in one place: defaults < file < environment (< request, for analyzers)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

PREFIX = "REELSCRIBE_"
"""Of every environment variable; two underscores stand before a section's setting."""

CONFIG_VARIABLE = "REELSCRIBE_CONFIG"
"""Names the settings file; `reelscribe.toml` in the working directory if unset."""

GIB = 1 << 30

SERVICES = ("vision", "audio", "vlm")
"""The services an analysis waits for unless settings name fewer."""

Scalar = str | int | float | bool


def default_media_directory() -> Path:
    """A tmpfs where there is one: frames are laid down there once and mapped by every process."""
    root = Path("/dev/shm")
    return (root if os.access(root, os.W_OK) else Path(tempfile.gettempdir())) / f"reelscribe-{os.getuid()}"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MediaSettings(_Section):
    """Where frames and samples are laid down, and how many bytes of them at most."""

    directory: Path = Field(default_factory=default_media_directory)
    budget_bytes: PositiveInt = 4 * GIB
    """Over all analyses of one gateway. A vertical 1080p minute takes about 1.2 GB."""
    part_bytes: PositiveInt = 1500 << 20
    """A part of frames ends early rather than pass this."""


class NatsSettings(_Section):
    """How to reach NATS."""

    url: str = "nats://127.0.0.1:4222"
    prefix: str = "reelscribe"
    """First token of every subject and stream, so that several installations can share a server."""


class ComputeSettings(_Section):
    """The thread budget of one process: model calls in progress x threads_per_call <= cores."""

    cores: PositiveInt = Field(default_factory=lambda: os.cpu_count() or 1)
    threads_per_call: PositiveInt = 1
    device: str = Field(default="auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$")
    """ "auto", "cpu" or "cuda:N"."""

    @model_validator(mode="after")
    def _fit(self) -> ComputeSettings:
        if self.threads_per_call > self.cores:
            raise ValueError(f"{self.threads_per_call} threads per call do not fit {self.cores} cores")
        return self


class GatewaySettings(_Section):
    """The gateway's door and limits."""

    address: str = "127.0.0.1:50050"
    media_service_address: str = ""
    """host:port under which services on other hosts reach this gateway's MediaService; empty: same host only."""
    allowed_roots: tuple[Path, ...] = ()
    """Directories under which AnalyzeVideo may name a path."""
    allow_urls: bool = False
    upload_directory: Path = Field(default_factory=lambda: Path(tempfile.gettempdir()) / f"reelscribe-up-{os.getuid()}")
    upload_bytes: PositiveInt = 2 * GIB
    """Largest upload taken."""
    upload_keep_s: PositiveFloat = 3600.0
    report_keep_s: PositiveFloat = 3600.0
    analyses_in_flight: PositiveInt = 2
    parts_in_flight: PositiveInt = 2
    """Parts of frames of one analysis that may be laid down at a time: bounds memory, whatever the length."""
    part_s: PositiveFloat = 60.0
    sample_part_s: PositiveFloat = 600.0
    lead_in_s: NonNegativeFloat = 2.0
    window_s: PositiveFloat = 1.0
    deadline_s: PositiveFloat = 3600.0
    """Longest an analysis may take."""
    service_absent_s: PositiveFloat = 20.0
    """A service that shows no replica for so long fails its analyzers by name."""
    services_known_s: PositiveFloat = 10.0
    """A gateway that has just started waits so long for services to announce themselves; then it does without them."""
    max_pixel_count: PositiveInt = 4096 * 4096
    """Larger pictures are refused: 4K and 5K pass, 8K (33 million) does not."""
    decode_threads: PositiveInt = 1
    services: tuple[str, ...] = SERVICES


class ServiceSettings(_Section):
    """The door of one model-owning service."""

    address: str
    parts_in_flight: PositiveInt = 2
    """Parts one replica works on at a time. Over all replicas of a service at least `gateway.analyses_in_flight`:

    each analysis may have a part open that waits for media, and parts that are complete must not wait behind them.
    """


class Settings(BaseSettings):
    """All of it. `REELSCRIBE_GATEWAY__ADDRESS=0.0.0.0:50050` sets `gateway.address`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        frozen=True,
        # A section that no process has is a slip of the pen, and must not pass in silence.
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    media: MediaSettings = MediaSettings()
    bus: NatsSettings = NatsSettings()
    compute: ComputeSettings = ComputeSettings()
    gateway: GatewaySettings = GatewaySettings()
    vision: ServiceSettings = ServiceSettings(address="127.0.0.1:50051")
    audio: ServiceSettings = ServiceSettings(address="127.0.0.1:50052")
    vlm: ServiceSettings = ServiceSettings(address="127.0.0.1:50053")
    analyzers: dict[str, dict[str, Scalar]] = {}
    """analyzers.texts.reader = "easyocr": a service's own values; a request may override them."""
    log_format: str = "console"
    """ "console" or "json"."""
    log_level: str = "info"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file over defaults. Raises SettingsError for a file or section that is not there."""
        for variable in os.environ:
            section, nested, _ = variable.removeprefix(PREFIX).partition("__")
            if variable.startswith(PREFIX) and nested and section.lower() not in settings_cls.model_fields:
                raise SettingsError(f"{variable}: there is no section {section.lower()!r}")
        named = os.environ.get(CONFIG_VARIABLE, "")
        file = Path(named or "reelscribe.toml")
        if named and not file.is_file():
            raise SettingsError(f"{CONFIG_VARIABLE} names {named!r}, which is not a file")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

    def service(self, name: str) -> ServiceSettings:
        """The section of one service, by its name."""
        section: ServiceSettings = getattr(self, name)
        return section
