"""Everything that a deployment names exists in the code, and nothing could be renamed on one side only."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.deployment import ROOT, complaints, read_files

KUBERNETES = "deploy/kubernetes/any-node"


def test_every_port_variable_extra_and_command_exists():
    assert complaints(read_files()) == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("Dockerfile", "COPY protos protos", "COPY proto protos"),
        ("Dockerfile", 'ENTRYPOINT ["reelscribe"]', 'ENTRYPOINT ["reelscribed"]'),
        ("Dockerfile", "REELSCRIBE_MODEL_DIR", "REELSCRIBE_MODELS"),
        ("Dockerfile", "REELSCRIBE_MEDIA__DIRECTORY=/media/reelscribe", "REELSCRIBE_MEDIA__DIRECTORY=/media"),
        ("Dockerfile", "USER 10001:10001", "USER 0:0"),
        ("Dockerfile", "uv==", "uv==9"),
        (".dockerignore", "!hatch_build.py", ""),
        ("compose.yaml", "REELSCRIBE_BUS__URL", "REELSCRIBE_NATS__URL"),
        ("compose.yaml", "nats://nats:4222", "nats://nats:4223"),
        ("compose.yaml", "127.0.0.1:8222", "127.0.0.1:8223"),
        ("compose.yaml", "REELSCRIBE_VISION__ADDRESS: 0.0.0.0:50051", "REELSCRIBE_VISION__ADDRESS: 0.0.0.0:50061"),
        ("compose.yaml", "127.0.0.1:50052", "127.0.0.1:50053"),
        ("compose.yaml", "127.0.0.1:50050:50050", "127.0.0.1:50050:50051"),
        ("compose.yaml", "reelscribe.v1.VideoAnalysisService", "reelscribe.v1.VideoAnalysis"),
        ("compose.yaml", "services.common.healthcheck", "services.common.health"),
        ("compose.yaml", 'EXTRA: "vision,', 'EXTRA: "sight,'),
        ("compose.yaml", "EXTRA: audio", "EXTRA: vlm"),
        ("compose.yaml", '"serve", "vlm"', '"run", "vlm"'),
        ("compose.yaml", "- yolo11n\n", "- yolo12n\n"),
        (f"{KUBERNETES}/vision.yaml", "            - yunet\n", ""),
        ("compose.yaml", "      - yunet\n", ""),
        ("compose.yaml", "CORES_PER_REPLICA:-2", "CORES_PER_REPLICA:-two"),
        ("compose.yaml", "size=5368709120", "size=536870912"),
        ("compose.yaml", "uid=10001", "uid=1000"),
        ("compose.yaml", "media:/media/reelscribe:ro", "media:/dev/shm:ro"),
        ("compose.yaml", "image: reelscribe-vision", "image: reelscribe-vision\n    container_name: vision"),
        ("compose.yaml", "image: reelscribe-audio", 'image: reelscribe-audio\n    ports: ["50052:50052"]'),
        ("compose.gpu.yaml", "REELSCRIBE_COMPUTE__DEVICE", "REELSCRIBE_DEVICE"),
        ("compose.gpu.yaml", "qwen2-vl-2b", "qwen2-vl-3b"),
        (f"{KUBERNETES}/settings.yaml", "REELSCRIBE_LOG_FORMAT", "REELSCRIBE_LOGS"),
        (f"{KUBERNETES}/nats.yaml", "--jetstream", "--stream"),
        (f"{KUBERNETES}/gateway.yaml", "MEDIA_SERVICE_ADDRESS", "MEDIA_ADDRESS"),
        (f"{KUBERNETES}/gateway.yaml", "port: 50050, service", "port: 50051, service"),
        (f"{KUBERNETES}/vision.yaml", "containerPort: 50051", "containerPort: 50050"),
        (f"{KUBERNETES}/vision.yaml", "image: reelscribe-vision", "image: vision"),
        (f"{KUBERNETES}/audio.yaml", "faster-whisper-base", "whisper-base"),
        (f"{KUBERNETES}/vlm.yaml", "AnalyzerService", "VlmService"),
        (f"{KUBERNETES}/vlm.yaml", "runAsUser: 10001", "runAsUser: 1000"),
        (f"{KUBERNETES}/autoscaling.yaml", "stream: reelscribe-tasks", "stream: tasks"),
        (f"{KUBERNETES}/autoscaling.yaml", "consumer: audio", "consumer: sound"),
        (f"{KUBERNETES}/autoscaling.yaml", 'lagThreshold: "2"', 'lagThreshold: "20"'),
        (f"{KUBERNETES}/autoscaling.yaml", "minReplicaCount: 1", "minReplicaCount: 0"),
        (f"{KUBERNETES}/kustomization.yaml", "  - vlm.yaml\n", ""),
        (f"{KUBERNETES}/kustomization.yaml", "newTag: 0.1.0", "newTag: 0.0.9"),
        ("deploy/kubernetes/same-node/kustomization.yaml", "vision|audio|vlm", "vision|audio"),
        ("deploy/kubernetes/same-node/kustomization.yaml", "/media/reelscribe", "/media"),
        ("deploy/kubernetes/same-node/kustomization.yaml", "reelscribe-gateway:0.1.0", "reelscribe-gateway:0.0.9"),
    ],
)
def test_a_change_on_one_side_only_is_noticed(path: str, old: str, new: str):
    files = read_files()
    assert old in files[path], "the example is about something that is no longer there"
    assert complaints({**files, path: files[path].replace(old, new)})


@pytest.mark.parametrize("name", ["any-node", "same-node"])
def test_kustomize_builds_it(name: str):
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not on PATH")
    folder = ROOT / "deploy" / "kubernetes" / name
    built = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert built.stdout.count("kind: Deployment") == 4
