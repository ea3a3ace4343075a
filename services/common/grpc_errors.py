"""Errors at the gRPC border: the tree of `errors` to status codes with google.rpc details, and back."""

from __future__ import annotations

import grpc
from google.protobuf.any_pb2 import Any
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from services.common.errors import (
    AnalysisCancelled,
    BusUnavailable,
    InvalidInput,
    NoService,
    NotFound,
    ReelscribeError,
    TooMuch,
)
from services.common.time import duration, seconds

DOMAIN = "reelscribe"
"""Domain of every ErrorInfo."""

CODES: tuple[tuple[type[ReelscribeError], int], ...] = (
    (InvalidInput, code_pb2.INVALID_ARGUMENT),
    (NotFound, code_pb2.NOT_FOUND),
    (TooMuch, code_pb2.RESOURCE_EXHAUSTED),
    (BusUnavailable, code_pb2.UNAVAILABLE),
    (NoService, code_pb2.UNAVAILABLE),
    (AnalysisCancelled, code_pb2.ABORTED),
    (ReelscribeError, code_pb2.INTERNAL),
)
"""The first that fits."""


def to_status(error: ReelscribeError) -> status_pb2.Status:
    """Code, sentence, ErrorInfo with the stable reason, and RetryInfo where trying again makes sense."""
    code = next(code for kind, code in CODES if isinstance(error, kind))
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN)
    if error.fix:
        info.metadata["fix"] = error.fix
    details = [_packed(info)]
    if isinstance(error, TooMuch):
        details.append(_packed(error_details_pb2.RetryInfo(retry_delay=duration(error.retry_after_s))))
    return status_pb2.Status(code=code, message=str(error), details=details)


async def abort(context: grpc.aio.ServicerContext, error: ReelscribeError) -> None:
    """End the call with the error. Does not return."""
    await context.abort_with_status(rpc_status.to_status(to_status(error)))


def from_rpc_error(error: grpc.RpcError) -> ReelscribeError:
    """The error a server meant, with its reason and fix, as the class of the tree that has its code."""
    status = rpc_status.from_call(error)
    code = error.code().value[0]
    kind = next((kind for kind, number in CODES if number == code), ReelscribeError)
    known = kind(error.details() or error.code().name)
    known.reason = error.code().name.lower()
    info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
    for detail in status.details if status is not None else ():
        if detail.Unpack(info) and info.domain == DOMAIN:
            known.reason = info.reason
            known.fix = info.metadata.get("fix", "")
        if isinstance(known, TooMuch) and detail.Unpack(retry):
            known.retry_after_s = seconds(retry.retry_delay)
    return known


def _packed(message: error_details_pb2.ErrorInfo | error_details_pb2.RetryInfo) -> Any:
    packed = Any()
    packed.Pack(message)
    return packed
