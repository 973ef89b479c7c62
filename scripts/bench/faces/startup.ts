import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runModule } from "./child.ts";

const SAMPLE = join(
  dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
  "demo/sample1.jpg",
);

const OURS = `
import { createFaceEngine } from "lookalike-ads";
const engine = await createFaceEngine({ jobs: 1 });
const { faces } = await engine.describe(process.argv[1]);
console.log(faces.length);
process.exit(0);
`;

const PEER = `
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";
const require = createRequire(import.meta.url.startsWith("file:") ? import.meta.url : process.cwd() + "/x.js");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const api = require("@vladmandic/face-api/dist/face-api.node-wasm.js");
wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist", "/"));
await api.tf.setBackend("wasm");
await api.tf.ready();
const models = join(dirname(require.resolve("@vladmandic/face-api/package.json")), "model");
for (const net of ["ssdMobilenetv1", "faceLandmark68Net", "faceRecognitionNet"]) await api.nets[net].loadFromDisk(models);
const { data, info } = await sharp(process.argv[1]).raw().toBuffer({ resolveWithObject: true });
const tensor = api.tf.tensor3d(Int32Array.from(data), [info.height, info.width, 3], "int32");
const faces = await api.detectAllFaces(tensor).withFaceLandmarks().withFaceDescriptors();
console.log(faces.length);
process.exit(0);
`;

/** (d) From the start of a process to the faces of its first photo: the median of five, the first one left out. */
export async function measureStartUp(): Promise<readonly Record<string, string>[]> {
  const rows = [];
  for (const [what, code] of [
    ["lookalike", OURS],
    ["face-api on WASM", PEER],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < 6; round++) {
      const { output, ms } = await runModule(code, [SAMPLE]);
      if (Number(output) < 1) throw new Error(`${what} found no face`);
      if (round > 0) times.push(ms);
    }
    rows.push({ what, "first face, ms": (times.toSorted((a, b) => a - b)[2] ?? 0).toFixed(0) });
  }
  return rows;
}
