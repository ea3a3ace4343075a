"""What every deployment is asked, whatever its format; answers are complaints, one sentence each."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from gateway.server import SERVICE_NAME as GATEWAY_NAME
from reelscribe.cli import COMMANDS
from reelscribe.cli.models import app as models_app
from services.common.catalogue import catalogue, selected
from services.common.server import SERVICE_NAME
from services.common.settings import SERVICES, Settings

ROOT = Path(__file__).resolve().parent.parent.parent
OTHER_VARIABLES = {"REELSCRIBE_CONFIG", "REELSCRIBE_MODEL_DIR"}
"""Read elsewhere than by Settings."""
ROLES = ("gateway", *SERVICES)

Files = Mapping[str, str]
"""Path from the root -> text."""


@cache
def variables(model: type[BaseModel] = Settings, prefix: str = "REELSCRIBE_") -> frozenset[str]:
    names: set[str] = set()
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= variables(kind, f"{prefix}{name.upper()}__")
        else:
            names.add(f"{prefix}{name.upper()}")
    return frozenset(names)


def default_port(role: str) -> int:
    address: str = getattr(Settings(), role).address
    return int(address.rpartition(":")[2])


def health_name(role: str) -> str:
    return GATEWAY_NAME if role == "gateway" else SERVICE_NAME


def fetched_lite_weights() -> set[str]:
    """What `lite` needs beyond what its packages carry."""
    return {entry.name for entry in selected("lite") if any(file.packaged is None for file in entry.files)}


def media_directory(environment: Mapping[str, str]) -> str:
    return environment.get("REELSCRIBE_MEDIA__DIRECTORY", "")


def about_environment(where: str, environment: Mapping[str, str]) -> Iterator[str]:
    for name in environment:
        if name.startswith("REELSCRIBE_") and name not in variables() | OTHER_VARIABLES:
            yield f"{where}: no setting is called {name}"
    values: dict[str, Any] = {}
    for name, value in environment.items():
        section, _, field = name.removeprefix("REELSCRIBE_").lower().partition("__")
        if field and name in variables():
            values.setdefault(section, {})[field] = _default_of(value)
    for section, fields in values.items():
        try:
            type(getattr(Settings(), section))(**{**getattr(Settings(), section).model_dump(), **fields})
        except ValidationError as error:
            yield f"{where}: {section} does not take {error.errors()[0]['loc']}"


def _default_of(value: str) -> str:
    """`${NAME:-2}` as compose reads it where nothing is set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))


def about_address(where: str, role: str, environment: Mapping[str, str]) -> Iterator[str]:
    address = environment.get(f"REELSCRIBE_{role.upper()}__ADDRESS", "")
    if address != f"0.0.0.0:{default_port(role)}":
        yield f"{where}: listens on {address!r}, where nobody asks"


def about_command(where: str, arguments: list[str]) -> Iterator[str]:
    match arguments:
        case ["serve", role] if role in ROLES and "serve" in COMMANDS:
            return
        case ["models", "pull", *names] if "models" in COMMANDS:
            if "pull" not in {command.name for command in models_app.registered_commands}:
                yield f"{where}: `reelscribe models` has no `pull`"
            for name in names:
                if name not in catalogue():
                    yield f"{where}: no weights are called {name}"
                elif all(file.packaged for file in catalogue()[name].files):
                    yield f"{where}: {name} come with a package"
        case _:
            yield f"{where}: `reelscribe {shlex.join(arguments)}` is no command"


def about_extras(where: str, role: str, extras: str, files: Files) -> Iterator[str]:
    known = tomllib.loads(files["pyproject.toml"])["project"]["optional-dependencies"]
    names = [name for name in extras.split(",") if name]
    for name in names:
        if name not in known:
            yield f"{where}: pyproject.toml has no extra {name!r}"
    if role in SERVICES and role not in names:
        yield f"{where}: its image has no libraries for {role}"


def about_nats(nats: dict[str, Any], url: str) -> Iterator[str]:
    flags = {flag.partition("=")[0]: flag.partition("=")[2] for flag in nats.get("command") or nats["args"]}
    if "--jetstream" not in flags or url != f"nats://nats:{flags.get('--port')}":
        yield f"nats: no JetStream at {url}"
    checks = str(nats.get("healthcheck", ""))
    if checks and f":{flags['--http_port']}/" not in checks:
        yield "nats: its health is asked for where it is not told"
