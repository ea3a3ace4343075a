"""Uploads a video to a gateway and prints what is found, as it is found: plain gRPC, nothing of reelscribe but stubs.

    python analyze.py clip.mp4 --gateway 127.0.0.1:50050

Needs grpcio and protobuf. An installed reelscribe has the stubs; elsewhere they are made from the protos alone:

    python -m grpc_tools.protoc -I protos --python_out=. --grpc_python_out=. protos/reelscribe/v1/*.proto
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
from google.protobuf.json_format import MessageToJson

from reelscribe.v1.analysis_pb2 import AnalyzeVideoRequest, Report, UploadStart, UploadVideoRequest
from reelscribe.v1.analysis_pb2_grpc import VideoAnalysisServiceStub
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from reelscribe.v1.finding_pb2 import Finding

CHUNK_BYTES = 1 << 20


def upload_steps(path: Path) -> Iterator[UploadVideoRequest]:
    """First the name, then the bytes."""
    yield UploadVideoRequest(start=UploadStart(name=path.name, size_bytes=path.stat().st_size))
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield UploadVideoRequest(chunk=chunk)


def line_of(analyzer: str, finding: Finding) -> str:
    """`   3.2 -    4.8 s  text_overlay  caption  "Hello"`."""
    start_s = finding.span.start_offset.ToTimedelta().total_seconds()
    end_s = finding.span.end_offset.ToTimedelta().total_seconds()
    shape = finding.WhichOneof("shape")
    content = getattr(getattr(finding, shape), "content", "") if shape else ""
    words = f'  "{" / ".join(content.splitlines())}"' if content else ""
    return f"{start_s:6.1f} - {end_s:6.1f} s  {analyzer}  {finding.label}{words}"


def analyze(stub: VideoAnalysisServiceStub, path: Path, analyzers: list[str]) -> Report:
    """Print events as they come; give back the whole report."""
    upload = stub.UploadVideo(upload_steps(path))
    results: list[AnalyzerResult] = []
    for event in stub.AnalyzeVideo(AnalyzeVideoRequest(upload_id=upload.upload_id, analyzers=analyzers)):
        match event.WhichOneof("event"):
            case "accepted":
                print(f"{path.name}: {', '.join(event.accepted.analyzers)}")
            case "finding":
                print(line_of(event.finding.analyzer, event.finding.finding))
            case "result":
                # One analyzer's result may come in several messages, each with some of its findings.
                if results and results[-1].analyzer == event.result.analyzer:
                    results[-1].findings.extend(event.result.findings)
                else:
                    results.append(event.result)
            case "report":
                report = Report()
                report.CopyFrom(event.report)
                report.results.extend(results)
                return report
    raise RuntimeError("the stream ended without a report")


def main() -> int:
    """Exit code 0 with a report, 1 with what the gateway says instead."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("video", type=Path)
    parser.add_argument("--gateway", default="127.0.0.1:50050", metavar="HOST:PORT")
    parser.add_argument("--analyzers", default="", metavar="A,B")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    try:
        with grpc.insecure_channel(options.gateway) as channel:
            stub = VideoAnalysisServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
            report = analyze(stub, options.video, [name for name in options.analyzers.split(",") if name])
    except grpc.RpcError as error:
        print(f"{error.code().name}: {error.details()}", file=sys.stderr)
        return 1
    for result in report.results:
        status = Status.Name(result.status).removeprefix("STATUS_")
        why = f": {result.reason.message}" if result.HasField("reason") else ""
        print(f"{result.analyzer}: {status}, {len(result.findings)} findings{why}")
    if options.json:
        options.json.write_text(MessageToJson(report, always_print_fields_with_no_presence=True), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
