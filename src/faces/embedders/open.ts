import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { hashBytes, readNamed, reason } from "../../io/files.ts";
import { hasExternalData } from "../networks/onnx/external-data.ts";
import type { OnnxModel, TensorInfo } from "../networks/onnx/runtime.ts";
import { allocateBatch } from "../pictures/pixels.ts";
import type { EmbedderInfo } from "../types.ts";
import { checkConfig, readConfig } from "./config.ts";
import { runModel } from "./embedder.ts";
import type { EmbedderSettings, EmbedderSource, EmbedderSpec } from "./types.ts";

/** Faces per run of a network without a fixed batch size. */
const BATCH = 16;

/** Raise it when the same network and configuration give another embedding of the same photo. */
const VERSION = 1;

/**
 * Reads a network and its configuration, checks one against the other and tests the network on a grey
 * picture, so that every fault is found before the first photo.
 *
 * @throws ERR_EMBEDDER_CONFIG, ERR_EMBEDDER_MODEL
 */
export async function openSource({ model, config }: EmbedderSource): Promise<EmbedderSpec> {
  const path = resolve(model);
  const settings =
    typeof config === "object" ? checkConfig(config) : await readConfig(config ?? (await besideOf(path)));
  const bytes = await readModel(path);
  if (hasExternalData(bytes)) {
    throw unfit(
      `Expected all weights in ${path} but it refers to other files, whose changes would not be detected`,
    );
  }
  // Loaded lazily: face-api's networks run on other threads, and most processes use no other network.
  const { openModel } = await import("../networks/onnx/runtime.ts");
  const network = await openModel(bytes, 1).catch((cause) => {
    throw unfit(`Could not read ${path} as an ONNX network: ${reason(cause)}`, cause);
  });
  try {
    const spec = { model: path, modelHash: hashBytes(bytes), settings, ...fit(network, settings, path) };
    await tryOut(network, spec);
    return spec;
  } finally {
    await network.close();
  }
}

/** Two sources give comparable embeddings if, and only if, their ids are equal. */
export function identify({ modelHash, settings }: EmbedderSpec): EmbedderInfo {
  // The name and the licence do not change the numbers.
  const { name: _, licence: __, ...numbers } = settings;
  const hash = hashBytes(`${modelHash} ${JSON.stringify(numbers)}`);
  return { id: `own-${hash.slice(0, 16)}-v${VERSION}`, dimensions: settings.dimensions };
}

/** `model.yaml` or `model.yml` beside `model.onnx`. */
async function besideOf(model: string): Promise<string> {
  const stem = model.slice(0, model.length - extname(model).length);
  const other = `${stem}.yml`;
  return (await stat(other).catch(() => null)) === null ? `${stem}.yaml` : other;
}

async function readModel(path: string): Promise<Uint8Array> {
  try {
    return await readNamed(path);
  } catch (cause) {
    throw unfit(`Could not open ${path}: ${reason(cause)}`, cause);
  }
}

function fit(network: OnnxModel, settings: EmbedderSettings, path: string) {
  const input = pick(network.inputs, settings.inputName, `input_name of ${path}`);
  const output = pick(network.outputs, settings.outputName, `output_name of ${path}`);
  const { inputSize: size, layout } = settings;
  const wanted = layout === "NCHW" ? [null, 3, size, size] : [null, size, size, 3];
  const [batch = null] = input.shape;
  const fits =
    input.shape.length === 4 &&
    wanted.every((length, i) => length === null || (input.shape[i] ?? length) === length) &&
    (batch === null || batch === 1);
  if (!fits) {
    throw unfit(
      `Expected the input ${input.name} of ${path} to be ${shapeText(wanted)} (${layout}) but it is ${shapeText(input.shape)}`,
    );
  }
  const scales = [...settings.mean, ...settings.scale.map((factor) => factor - 1)];
  if (input.type !== "float32" && !(input.type === "uint8" && scales.every((part) => part === 0))) {
    const what = "float32, or uint8 without mean and scale,";
    throw unfit(`Expected ${what} for the input ${input.name} of ${path} but it is ${input.type}`);
  }
  return { inputName: input.name, outputName: output.name, batch: batch ?? BATCH };
}

function pick(tensors: readonly TensorInfo[], name: string | null, what: string): TensorInfo {
  const [first, second] = tensors;
  const found = name === null ? first : tensors.find((tensor) => tensor.name === name);
  if (found !== undefined && (name !== null || second === undefined)) return found;
  const names = tensors.map((tensor) => tensor.name).join(", ");
  throw unfit(`Expected one of ${names} for ${what} but received ${name ?? "none"}`);
}

/** Rejects a network that gives every picture the same embedding, or none: all faces would be alike. */
async function tryOut(network: OnnxModel, spec: EmbedderSpec): Promise<void> {
  const chips = allocateBatch(PATTERNS, spec.settings.inputSize);
  const bytes = chips.data.length / PATTERNS;
  // One plain picture, and others of coarse and fine stripes.
  for (let i = 0; i < chips.data.length; i++) {
    const pattern = Math.floor(i / bytes);
    chips.data[i] = pattern === 0 ? 128 : 128 + 100 * Math.sin((i % bytes) / (7 * pattern ** 3));
  }
  try {
    const rows = await runModel(network, spec, chips);
    const [first = new Float32Array(), ...others] = rows;
    if (rows.some((row) => row.every((value) => value === 0)))
      throw unfit(`Expected an embedding from ${spec.model} but received zeros`);
    if (others.every((row) => isSame(first, row)))
      throw unfit(`Expected different embeddings of different pictures from ${spec.model} but received one`);
  } catch (error) {
    if (error instanceof LookalikeError) throw error;
    throw unfit(`Expected ${spec.model} to run on a picture but it failed: ${reason(error)}`, error);
  }
}

const PATTERNS = 4;

function isSame(a: Float32Array, b: Float32Array): boolean {
  const size = Math.hypot(...a);
  return Math.hypot(...a.map((value, i) => value - (b[i] ?? 0))) <= 1e-6 * size;
}

function shapeText(shape: readonly (number | null)[]): string {
  return shape.map((size) => size ?? "any").join(" x ");
}

function unfit(message: string, cause?: unknown): LookalikeError {
  return new LookalikeError("ERR_EMBEDDER_MODEL", message, {
    hint: "Compare the ONNX file with its configuration; docs/faces.md describes every key.",
    ...(cause === undefined ? {} : { cause }),
  });
}
