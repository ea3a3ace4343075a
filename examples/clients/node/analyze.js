// Uploads a video to a gateway and prints what is found, as it is found. The protos are read as they are: no stubs.
//
//   npm install && node analyze.js clip.mp4 127.0.0.1:50050 [analyzer ...]

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const PROTOS = fileURLToPath(new URL("../../../protos", import.meta.url));
const CHUNK_BYTES = 1 << 20;

function connect(address) {
  const definition = loadSync("reelscribe/v1/analysis.proto", {
    includeDirs: [PROTOS],
    longs: Number, // no count or position of a video reaches 2^53
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const { VideoAnalysisService } = grpc.loadPackageDefinition(definition).reelscribe.v1;
  return new VideoAnalysisService(address, grpc.credentials.createInsecure());
}

// First the name, then the bytes.
async function* uploadSteps(path) {
  yield { start: { name: basename(path), sizeBytes: (await stat(path)).size } };
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    yield { chunk };
  }
}

function upload(client, path) {
  return new Promise((resolve, reject) => {
    const call = client.uploadVideo((error, response) => (error ? reject(error) : resolve(response)));
    pipeline(uploadSteps(path), call).catch((error) => {
      call.cancel();
      reject(error);
    });
  });
}

const seconds = (duration) => (duration ? Number(duration.seconds) + duration.nanos / 1e9 : 0);

function line(analyzer, finding) {
  const [start, end] = [finding.span?.startOffset, finding.span?.endOffset].map((at) => seconds(at).toFixed(1).padStart(6));
  const words = finding[finding.shape]?.content?.split("\n").join(" / ");
  return `${start} - ${end} s  ${analyzer}  ${finding.label}${words ? `  "${words}"` : ""}`;
}

async function analyze(client, path, analyzers) {
  const { uploadId } = await upload(client, path);
  const results = new Map();
  for await (const event of client.analyzeVideo({ uploadId, analyzers })) {
    if (event.accepted) {
      console.log(`${basename(path)}: ${event.accepted.analyzers.join(", ")}`);
    } else if (event.finding) {
      console.log(line(event.finding.analyzer, event.finding.finding));
    } else if (event.result) {
      // One analyzer's result may come in several messages, each with some of its findings.
      const first = results.get(event.result.analyzer);
      if (first) first.findings.push(...event.result.findings);
      else results.set(event.result.analyzer, event.result);
    } else if (event.report) {
      return { ...event.report, results: [...results.values()] };
    }
  }
  throw new Error("the stream ended without a report");
}

const [path, address = "127.0.0.1:50050", ...analyzers] = process.argv.slice(2);
if (!path) {
  console.error("usage: node analyze.js VIDEO [HOST:PORT [ANALYZER ...]]");
  process.exit(2);
}
const client = connect(address);
try {
  const report = await analyze(client, path, analyzers);
  for (const { analyzer, status, findings, reason } of report.results) {
    const why = reason ? `: ${reason.message}` : "";
    console.log(`${analyzer}: ${status.replace("STATUS_", "")}, ${findings.length} findings${why}`);
  }
} catch (error) {
  console.error(error.details ?? error.message);
  process.exitCode = 1;
} finally {
  client.close();
}
