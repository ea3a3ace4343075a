"""What the Kubernetes manifests name, held against the code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from services.common.bus.contract import BusSettings
from services.common.bus.streams import Streams
from services.common.settings import SERVICES, Settings
from tests.deployment.image import image_environment, image_user
from tests.deployment.questions import (
    ROLES,
    Files,
    about_address,
    about_command,
    about_environment,
    about_nats,
    default_port,
    fetched_lite_weights,
    health_name,
    media_directory,
)

ANY_NODE = "deploy/kubernetes/any-node"
SAME_NODE = "deploy/kubernetes/same-node/kustomization.yaml"


def manifests(files: Files) -> list[dict[str, Any]]:
    kustomization = yaml.safe_load(files[f"{ANY_NODE}/kustomization.yaml"])
    texts = [files.get(f"{ANY_NODE}/{name}", "") for name in kustomization["resources"]]
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


def _of_kind(documents: list[dict[str, Any]], *kinds: str) -> dict[str, dict[str, Any]]:
    return {document["metadata"]["name"]: document for document in documents if document["kind"] in kinds}


def _pulled(workloads: Mapping[str, dict[str, Any]], *roles: str) -> set[str]:
    """Weights that these pods fetch before they start."""
    pods = (workloads[role]["spec"]["template"]["spec"] for role in roles)
    commands = (container["args"] for pod in pods for container in pod["initContainers"])
    return {name for command in commands for name in command[2:]}


def about_kubernetes(files: Files) -> Iterator[str]:
    documents = manifests(files)
    kustomization = yaml.safe_load(files[f"{ANY_NODE}/kustomization.yaml"])
    here = {Path(path).name for path in files if path.startswith(f"{ANY_NODE}/")}
    if here != {"kustomization.yaml", *kustomization["resources"]}:
        yield f"{ANY_NODE}: kustomization.yaml lists other files than there are"
    version = tomllib.loads(files["pyproject.toml"])["project"]["version"]
    if {image["newTag"] for image in kustomization["images"]} != {version}:
        yield f"{ANY_NODE}: not the images of version {version}"
    if set(_of_kind(documents, "Namespace")) != {kustomization["namespace"]}:
        yield f"{ANY_NODE}: no namespace {kustomization['namespace']}"
    workloads = _of_kind(documents, "Deployment", "StatefulSet")
    if set(workloads) != {"nats", *ROLES}:
        yield f"{ANY_NODE}: not these processes"
        return
    if _pulled(workloads, "vision", "audio") != fetched_lite_weights():
        yield f"{ANY_NODE}: weights: not the ones `lite` needs"
    settings = _of_kind(documents, "ConfigMap")["settings"]["data"]
    yield from about_environment(f"{ANY_NODE}/settings.yaml", settings)
    for role in ROLES:
        yield from _about_pod(role, workloads[role], {**image_environment(files), **settings}, files)
    for name, service in _of_kind(documents, "Service").items():
        yield from _about_service(name, service, workloads[name])
    yield from about_nats(
        workloads["nats"]["spec"]["template"]["spec"]["containers"][0], settings["REELSCRIBE_BUS__URL"]
    )
    yield from _about_scaling(documents, settings, kustomization["namespace"])


def _about_pod(role: str, workload: dict[str, Any], shared: Mapping[str, str], files: Files) -> Iterator[str]:
    where, port = f"{ANY_NODE}/{role}.yaml", default_port(role)
    pod = workload["spec"]["template"]["spec"]
    container = pod["containers"][0]
    environment = {**shared, **{item["name"]: item.get("value", "") for item in container["env"]}}
    yield from about_environment(where, environment)
    yield from about_address(where, role, environment)
    yield from about_command(where, container["args"])
    for first in pod.get("initContainers", []):
        yield from about_command(where, first["args"])
    ports = [container["ports"][0]["containerPort"]]
    ports += [container[probe]["grpc"]["port"] for probe in ("livenessProbe", "readinessProbe")]
    if set(ports) != {port} or container["readinessProbe"]["grpc"]["service"] != health_name(role):
        yield f"{where}: its health is asked for where it is not told"
    images = {service.get("image") for service in yaml.safe_load(files["compose.yaml"])["services"].values()}
    listed = {image["name"] for image in yaml.safe_load(files[f"{ANY_NODE}/kustomization.yaml"])["images"]}
    if container["image"] not in images & listed:
        yield f"{where}: nothing builds {container['image']}"
    if str(pod["securityContext"]["runAsUser"]) != image_user(files):
        yield f"{where}: runs as somebody else than the image's user"
    if container["args"] != ["serve", role]:
        yield f"{where}: runs {container['args']}"
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    needed = environment.get("REELSCRIBE_MODEL_DIR", "") if role in SERVICES else media_directory(environment)
    if needed not in mounts:
        yield f"{where}: nothing is mounted at {needed}"


def _about_service(name: str, service: dict[str, Any], workload: dict[str, Any]) -> Iterator[str]:
    container = workload["spec"]["template"]["spec"]["containers"][0]
    if {port["port"] for port in service["spec"]["ports"]} != {port["containerPort"] for port in container["ports"]}:
        yield f"{ANY_NODE}/{name}.yaml: its Service leads to a port that is not open"
    if service["spec"]["selector"] != workload["spec"]["template"]["metadata"]["labels"]:
        yield f"{ANY_NODE}/{name}.yaml: its Service selects nobody"


def _about_scaling(documents: list[dict[str, Any]], settings: Mapping[str, str], namespace: str) -> Iterator[str]:
    prefix = settings["REELSCRIBE_BUS__PREFIX"]
    stream = Streams(None, BusSettings(prefix=prefix)).tasks  # type: ignore[arg-type]  # only its names are asked for
    scaled = _of_kind(documents, "ScaledObject")
    if set(scaled) != set(SERVICES):
        yield f"{ANY_NODE}/autoscaling.yaml: not all services, or others"
    for name, item in scaled.items():
        where, (trigger,) = f"{ANY_NODE}/autoscaling.yaml: {name}", item["spec"]["triggers"]
        metadata = trigger["metadata"]
        parts = getattr(Settings(), name).parts_in_flight if name in SERVICES else None
        told = (item["spec"]["scaleTargetRef"]["name"], metadata["stream"], metadata["consumer"])
        if told != (name, stream, name):
            yield f"{where}: {told} is not the queue of {name}"
        if metadata["lagThreshold"] != str(parts) or item["spec"]["minReplicaCount"] < 1:
            yield f"{where}: not as many replicas as there is work"
        if metadata["natsServerMonitoringEndpoint"] != f"nats.{namespace}.svc.cluster.local:8222":
            yield f"{where}: the queue's length is asked for where it is not told"


def about_one_node(files: Files) -> Iterator[str]:
    overlay = yaml.safe_load(files[SAME_NODE])
    directory = media_directory(image_environment(files))
    text = files[SAME_NODE]
    if overlay["resources"] != ["../any-node"]:
        yield f"{SAME_NODE}: over nothing"
    targets = {name for patch in overlay["patches"] for name in patch["target"]["name"].split("|")}
    if targets != set(ROLES):
        yield f"{SAME_NODE}: not all processes, or others"
    if set(re.findall(r"mountPath: ([^\s,}]+)", text)) != {directory}:
        yield f"{SAME_NODE}: the media are not where they are read"
    if len(set(re.findall(r"hostPath: {[^}]*}", text))) != 1 or "/dev/shm/" not in text:
        yield f"{SAME_NODE}: not one directory in memory"
    version = tomllib.loads(files["pyproject.toml"])["project"]["version"]
    user = image_user(files)
    if f"reelscribe-gateway:{version}\n" not in text or f'"{user}:{user}"' not in text:
        yield f"{SAME_NODE}: not the image of version {version}, or not its user"
