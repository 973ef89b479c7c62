import { expected, LookalikeError, once } from "../../core/index.ts";
import { hashBytes, readNamed } from "../../io/files.ts";
import type { RgbImage } from "../../io/image/index.ts";
import { alignment, mirror } from "../landmarks/align.ts";
import type { OnnxModel } from "../networks/onnx/runtime.ts";
import { type Affine, centre, fitSimilarity, invert } from "../pictures/geometry.ts";
import { allocateBatch, batchItem, type PixelBatch } from "../pictures/pixels.ts";
import { warp } from "../pictures/warp.ts";
import type { Point } from "../types.ts";
import { toTensor } from "./tensor.ts";
import type { EmbedderSettings, EmbedderSpec } from "./types.ts";

/** A user's recognition network, applied to photos. */
export interface Embedder {
  /** One embedding per face. */
  embed(photo: RgbImage, faces: readonly (readonly Point[])[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/**
 * Creates an embedder from a network that was tested before; the network is opened at the first use.
 *
 * @throws ERR_EMBEDDER_MODEL (on use) the file has changed since the test
 */
export function createEmbedder(spec: EmbedderSpec): Embedder {
  const { settings } = spec;
  const opened = once(() => open(spec));
  return {
    async embed(photo, faces) {
      const chips = cutChips(photo, faces, settings);
      const outputs = await runModel(await opened(), spec, chips);
      const views = settings.mirror ? 2 : 1;
      return faces.map((_, i) => join(outputs.slice(i * views, (i + 1) * views), settings.metric));
    },
    async close() {
      await (await opened.made())?.close();
    },
  };
}

async function open({ model, modelHash }: EmbedderSpec): Promise<OnnxModel> {
  const bytes = await readNamed(model);
  if (hashBytes(bytes) !== modelHash) {
    throw new LookalikeError("ERR_EMBEDDER_MODEL", `${model} was changed while it was in use`, {
      hint: "Do not change the file during a run, and start again.",
    });
  }
  const { openModel } = await import("../networks/onnx/runtime.ts");
  return openModel(bytes, 1);
}

/** The aligned chip of each face, followed by its mirror image if the network averages both. */
function cutChips(
  photo: RgbImage,
  faces: readonly (readonly Point[])[],
  settings: EmbedderSettings,
): PixelBatch {
  const views = settings.mirror ? 2 : 1;
  const chips = allocateBatch(faces.length * views, settings.inputSize);
  faces.forEach((landmarks, i) => {
    const chip = batchItem(chips, i * views);
    warp(photo, invert(alignFor(settings, landmarks)), chip);
    if (settings.mirror) mirror(chip, batchItem(chips, i * views + 1));
  });
  return chips;
}

function alignFor({ alignment: to, inputSize }: EmbedderSettings, landmarks: readonly Point[]): Affine {
  if (to.template === "dlib68") return alignment(landmarks, inputSize, to.padding);
  return fitSimilarity(fivePoints(landmarks), to.points);
}

/** Middles of the eyes, nose tip and corners of the mouth, left to right as seen. */
function fivePoints(landmarks: readonly Point[]): Point[] {
  const [nose = [0, 0], left = [0, 0], right = [0, 0]] = [landmarks[30], landmarks[48], landmarks[54]];
  return [centre(landmarks.slice(36, 42)), centre(landmarks.slice(42, 48)), nose, left, right];
}

/**
 * Runs the network and gives one row of output per chip.
 * @throws ERR_EMBEDDER_MODEL the number of outputs is not the configured one, or an output is not a finite
 * number
 */
export async function runModel(
  model: OnnxModel,
  spec: EmbedderSpec,
  chips: PixelBatch,
): Promise<Float32Array[]> {
  const { settings, batch, inputName, outputName } = spec;
  const type = model.inputs.find(({ name }) => name === inputName)?.type;
  const rows: Float32Array[] = [];
  for (let from = 0; from < chips.count; from += batch) {
    const count = Math.min(batch, chips.count - from);
    const tensor = toTensor(chips, { from, count, settings, bytes: type === "uint8" });
    const values = (await model.run(inputName, tensor))[outputName]?.values;
    checkOutput(values, count, spec);
    for (let i = 0; i < count; i++) {
      rows.push(values.slice(i * settings.dimensions, (i + 1) * settings.dimensions));
    }
  }
  return rows;
}

function checkOutput(
  values: Float32Array | undefined,
  count: number,
  { settings, model, outputName }: EmbedderSpec,
): asserts values is Float32Array {
  const received = (values?.length ?? 0) / count;
  const isRight = values instanceof Float32Array && received === settings.dimensions;
  if (isRight && values.every(Number.isFinite)) return;
  throw new LookalikeError(
    "ERR_EMBEDDER_MODEL",
    isRight
      ? `Expected finite numbers from ${outputName} of ${model} but received others`
      : expected(`${settings.dimensions} 32-bit numbers a face`, `${outputName} of ${model}`, received),
    { hint: "Check dimensions, output_name, mean and scale in the configuration." },
  );
}

/** The mean over a face's views; for the cosine metric the mean of their directions, at length 1. */
function join(views: readonly Float32Array[], metric: EmbedderSettings["metric"]): Float32Array {
  const rows = metric === "cosine" ? views.map((row) => scale(row, 1 / length(row))) : views;
  const sum = Float32Array.from(rows[0] ?? [], (_, i) =>
    rows.reduce((total, row) => total + (row[i] ?? 0), 0),
  );
  return scale(sum, metric === "cosine" ? 1 / length(sum) : 1 / rows.length);
}

/** Never 0, so that an embedding of zeros stays one. */
function length(row: Float32Array): number {
  return Math.sqrt(row.reduce((total, value) => total + value * value, 0)) || 1;
}

function scale(row: Float32Array, factor: number): Float32Array {
  return row.map((value) => value * factor);
}
