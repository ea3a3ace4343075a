"""Everything that Dockerfile, compose files and Kubernetes manifests name, held against the code."""

from __future__ import annotations

from tests.deployment.compose import about_compose, about_gpu_compose
from tests.deployment.image import about_dockerfile
from tests.deployment.kubernetes import about_kubernetes, about_one_node
from tests.deployment.questions import ROOT, Files

__all__ = ["ROOT", "complaints", "read_files"]


def read_files() -> dict[str, str]:
    names = ["Dockerfile", ".dockerignore", "compose.yaml", "compose.gpu.yaml", "Makefile", "pyproject.toml"]
    paths = [*(ROOT / name for name in names), *sorted((ROOT / "deploy").rglob("*.yaml"))]
    return {str(path.relative_to(ROOT)): path.read_text() for path in paths}


def complaints(files: Files) -> list[str]:
    """Everything that is named in a deployment and is not so in the code, one sentence each."""
    checks = (about_dockerfile, about_compose, about_gpu_compose, about_kubernetes, about_one_node)
    return [complaint for check in checks for complaint in check(files)]
