"""Asks one process for its health, as a container's health check does: `python -m services.common.healthcheck`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

SERVING, NOT_SERVING, BAD_USAGE = 0, 1, 2
"""Exit codes. An orchestrator reads any that is not 0 as unhealthy."""

TIMEOUT_S = 3.0
"""Health is answered off the work path: a process that takes longer than this is not merely busy."""

USAGE = "usage: python -m services.common.healthcheck HOST:PORT [SERVICE]"


def is_serving(address: str, service: str = "", timeout_s: float = TIMEOUT_S) -> bool:
    """Whether the process lives (""), or one of its services, by its full name, is ready."""
    with grpc.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=timeout_s)
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def main(arguments: Sequence[str]) -> int:
    """One check; what is wrong goes to stderr, where `docker inspect` shows it."""
    if not 1 <= len(arguments) <= 2:
        print(USAGE, file=sys.stderr)  # noqa: T201  (it is a program)
        return BAD_USAGE
    address, service = arguments[0], "".join(arguments[1:])
    if is_serving(address, service):
        return SERVING
    print(f"{' '.join(arguments)}: not serving", file=sys.stderr)  # noqa: T201  (it is a program)
    return NOT_SERVING


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
