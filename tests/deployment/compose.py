"""What the compose files name, held against the code."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from services.common.settings import SERVICES
from tests.deployment.image import image_environment, image_user
from tests.deployment.questions import (
    ROLES,
    Files,
    about_address,
    about_command,
    about_environment,
    about_extras,
    about_nats,
    default_port,
    fetched_lite_weights,
    health_name,
    media_directory,
)


def about_compose(files: Files) -> Iterator[str]:
    compose = yaml.safe_load(files["compose.yaml"])
    services = compose["services"]
    if set(services) != {"nats", "weights", *ROLES}:
        yield "compose.yaml: not these processes"
        return
    for name, service in services.items():
        where = f"compose.yaml: {name}"
        if "container_name" in service or (name != "gateway" and "ports" in service):
            yield f"{where}: a second replica could not start"
        for volume in service.get("volumes", []):
            if volume.partition(":")[0] not in compose["volumes"]:
                yield f"{where}: there is no volume for {volume}"
        for needed in service.get("depends_on", {}):
            if needed not in services:
                yield f"{where}: waits for {needed}, which is not there"
        if name != "nats":
            yield from about_command(where, service["command"])
            yield from about_extras(where, name, service["build"]["args"]["EXTRA"], files)
    for role in ROLES:
        yield from _about_process(role, services[role], image_environment(files))
    yield from _about_volumes(compose, files)
    yield from about_nats(services["nats"], services["gateway"]["environment"].get("REELSCRIBE_BUS__URL", ""))
    if set(services["weights"]["command"][2:]) != fetched_lite_weights():
        yield "compose.yaml: weights: not the ones `lite` needs"


def _about_process(role: str, service: dict[str, Any], image: Mapping[str, str]) -> Iterator[str]:
    where, port = f"compose.yaml: {role}", default_port(role)
    environment = {**image, **service["environment"]}
    yield from about_environment(where, environment)
    yield from about_address(where, role, environment)
    if service["command"] != ["serve", role]:
        yield f"{where}: runs {service['command']}"
    match service["healthcheck"]["test"]:
        case ["CMD", "python", "-m", module, address, name]:
            if importlib.util.find_spec(module) is None or address != f"127.0.0.1:{port}" or name != health_name(role):
                yield f"{where}: its health is asked for where it is not told"
        case _:
            yield f"{where}: no check of its health"
    if role == "gateway" and service["ports"] != [f"127.0.0.1:{port}:{port}"]:
        yield f"{where}: publishes {service['ports']}"
    if not any(volume.split(":")[:2] == ["media", media_directory(environment)] for volume in service["volumes"]):
        yield f"{where}: does not see the media"
    if role in SERVICES and f"weights:{environment.get('REELSCRIBE_MODEL_DIR')}:ro" not in service["volumes"]:
        yield f"{where}: does not see the weights"


def _about_volumes(compose: dict[str, Any], files: Files) -> Iterator[str]:
    options = compose["volumes"]["media"]["driver_opts"]
    values = dict(item.split("=") for item in options["o"].split(","))
    budget = compose["services"]["gateway"]["environment"]["REELSCRIBE_MEDIA__BUDGET_BYTES"]
    if options["type"] != "tmpfs" or int(values["size"]) <= int(budget):
        yield "compose.yaml: the media do not fit their volume, or it is not memory"
    if {values["uid"], values["gid"]} != {image_user(files)}:
        yield "compose.yaml: the media belong to somebody else"


def about_gpu_compose(files: Files) -> Iterator[str]:
    base = yaml.safe_load(files["compose.yaml"])["services"]
    for name, service in yaml.safe_load(files["compose.gpu.yaml"])["services"].items():
        where = f"compose.gpu.yaml: {name}"
        if name not in base:
            yield f"{where}: compose.yaml has no such service"
        yield from about_environment(where, service.get("environment", {}))
        if "command" in service:
            yield from about_command(where, service["command"])
