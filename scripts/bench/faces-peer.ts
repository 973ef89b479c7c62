import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import sharp from "sharp";
import type { PeerLine, PeerTask } from "./faces/child.ts";

/**
 * face-api as its users run it: the package's own WebAssembly build, SSD MobileNet v1, landmarks and descriptors with
 * its own alignment, one photo after the other. Photos are decoded with sharp, which is faster than the decoder of its
 * example. Reads the photos from the first line of stdin, says when it is warm, starts at the second line, and prints
 * one JSON line per photo, then one with its seconds of processor time.
 */
const require = createRequire(import.meta.url);
const wasm = require("@tensorflow/tfjs-backend-wasm") as { setWasmPaths(folder: string): void };
const faceapi = require("@vladmandic/face-api/dist/face-api.node-wasm.js") as FaceApi;
const SAMPLE = join(dirname(require.resolve("@vladmandic/face-api/package.json")), "demo", "sample1.jpg");

interface FaceApi {
  readonly tf: {
    setBackend(name: string): Promise<boolean>;
    ready(): Promise<void>;
    tensor3d(values: Int32Array, shape: [number, number, number], type: "int32"): unknown;
    dispose(tensor: unknown): void;
  };
  readonly nets: Readonly<
    Record<
      "ssdMobilenetv1" | "faceLandmark68Net" | "faceRecognitionNet" | "ageGenderNet" | "faceExpressionNet",
      { loadFromDisk(folder: string): Promise<void> }
    >
  >;
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number }) => unknown;
  detectAllFaces(
    input: unknown,
    options: unknown,
  ): {
    withFaceLandmarks(): {
      withFaceDescriptors(): Promise<readonly PeerFace[]>;
      withFaceExpressions(): {
        withAgeAndGender(): { withFaceDescriptors(): Promise<readonly PeerFace[]> };
      };
    };
  };
}

interface PeerFace {
  readonly detection: {
    readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  };
  readonly descriptor: Float32Array;
}

async function describe(
  photo: string,
  { minConfidence, attributes }: Pick<PeerTask, "minConfidence" | "attributes">,
): Promise<PeerLine> {
  const { data, info } = await sharp(photo)
    .autoOrient()
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const tensor = faceapi.tf.tensor3d(Int32Array.from(data), [height, width, 3], "int32");
  const options = new faceapi.SsdMobilenetv1Options({ minConfidence });
  const located = faceapi.detectAllFaces(tensor, options).withFaceLandmarks();
  const faces = await (attributes
    ? located.withFaceExpressions().withAgeAndGender().withFaceDescriptors()
    : located.withFaceDescriptors());
  faceapi.tf.dispose(tensor);
  return {
    photo,
    width,
    height,
    faces: faces.map(({ detection: { box }, descriptor }) => ({
      box: { x: box.x, y: box.y, width: box.width, height: box.height },
      embedding: Array.from(descriptor),
    })),
  };
}

wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist", "/"));
await faceapi.tf.setBackend("wasm");
await faceapi.tf.ready();
const models = join(dirname(SAMPLE), "..", "model");
for (const net of [
  "ssdMobilenetv1",
  "faceLandmark68Net",
  "faceRecognitionNet",
  "ageGenderNet",
  "faceExpressionNet",
] as const) {
  await faceapi.nets[net].loadFromDisk(models);
}
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const task = JSON.parse((await lines.next()).value as string) as PeerTask;
await describe(SAMPLE, task);
process.stdout.write("ready\n");
await lines.next();
const before = process.cpuUsage();
for (const photo of task.photos) process.stdout.write(`${JSON.stringify(await describe(photo, task))}\n`);
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ processor: (user + system) / 1e6 })}\n`);
