import { availableParallelism } from "node:os";
import { invalidOption, type LookalikeError, throwIfAborted } from "../core/index.ts";
import { DEFAULT_MAX_PIXELS } from "../io/image/index.ts";
import { ATTRIBUTES_ID } from "./attributes/estimate.ts";
import { describeInOrder } from "./batch.ts";
import { createDescriber, type DescribeSettings } from "./description/describe.ts";
import { createEmbedder } from "./embedders/embedder.ts";
import { identify, openSource } from "./embedders/open.ts";
import type { EmbedderSource, EmbedderSpec } from "./embedders/types.ts";
import { humanFolder, readHumanWeights } from "./networks/human.ts";
import { readWeights } from "./networks/weights.ts";
import { closed, createPool, type Describer, PER_THREAD } from "./pool.ts";
import { featuresIdOf } from "./resemblance/features.ts";
import type { EmbedderInfo, FaceEngine } from "./types.ts";

export interface FaceEngineOptions {
  /**
   * `onnx` (default): ONNX Runtime on worker threads. `tfjs`: face-api's own forward passes on TensorFlow.js, the
   * slow reference; it needs `@tensorflow/tfjs-node`, or `@tensorflow/tfjs` with `@tensorflow/tfjs-backend-wasm`.
   */
  readonly engine?: "onnx" | "tfjs" | undefined;
  /** Photos described at once, each on its own thread; default: the number of cores. The tfjs engine has one. */
  readonly jobs?: number | undefined;
  /** Faces with a lower detector score are dropped; in (0, 1), default 0.4. */
  readonly minScore?: number | undefined;
  /** Photos of more pixels are rejected; default 100 million. */
  readonly maxPixels?: number | undefined;
  /** Also estimate age, smile and hair colour (`face.attributes`); default true. */
  readonly attributes?: boolean | undefined;
  /**
   * Also compute the second descriptor, which improves resemblance; default: if `@vladmandic/human` is
   * installed. The tfjs engine does not have it.
   */
  readonly look?: boolean | undefined;
  /** A recognition network of your own (docs/faces.md); default: face-api's. */
  readonly embedder?: EmbedderSource | undefined;
}

/** Part of the embedder's id. Raise it when the same photo gets another embedding. */
const ALIGNMENT_VERSION = 1;

/**
 * Creates a face engine. `close()` it when done: it uses threads and native memory.
 *
 * @throws ERR_OPTION_INVALID, ERR_WEIGHTS_INVALID, ERR_EMBEDDER_CONFIG, ERR_EMBEDDER_MODEL,
 * ERR_DEPENDENCY_MISSING (tfjs engine without TensorFlow.js)
 * @example
 * const engine = await createFaceEngine();
 * const { faces } = await engine.describe("portrait.jpg");
 * await engine.close();
 */
export async function createFaceEngine(options: FaceEngineOptions = {}): Promise<FaceEngine> {
  const { engine, jobs, settings, look } = normaliseOptions(options);
  const own = options.embedder === undefined ? null : await openSource(options.embedder);
  const embedder = own === null ? await identifyEmbedder() : identify(own);
  const lookHash = look ? (await readHumanWeights("faceres")).hash : null;
  const { name, describer } =
    engine === "tfjs"
      ? await createReference(settings, own)
      : { name: "onnx", describer: createPool(jobs, settings, { embedder: own, look }) };
  let open = true;
  const describe: FaceEngine["describe"] = async (photo, { signal } = {}) => {
    if (!open) throw closed();
    throwIfAborted(signal);
    const faces = await describer.describe(photo, signal);
    throwIfAborted(signal);
    return faces;
  };
  return {
    name,
    embedder,
    attributesId: settings.attributes ? ATTRIBUTES_ID : null,
    featuresId: featuresIdOf(settings.attributes, lookHash),
    describe,
    describeAll: (photos, { signal, jobs: atOnce = jobs } = {}) =>
      describeInOrder(photos, describe, PER_THREAD * atOnce, signal),
    async close() {
      if (!open) return;
      open = false;
      await describer.close();
    },
  };
}

interface Settled {
  readonly engine: "onnx" | "tfjs";
  readonly jobs: number;
  readonly settings: DescribeSettings;
  readonly look: boolean;
}

function normaliseOptions(options: FaceEngineOptions): Settled {
  const {
    engine = "onnx",
    jobs = availableParallelism(),
    minScore = 0.4,
    maxPixels = DEFAULT_MAX_PIXELS,
    attributes = true,
    look = engine === "onnx" && humanFolder() !== null,
  } = options;
  if (engine !== "onnx" && engine !== "tfjs") throw invalid('"onnx" or "tfjs"', "engine", engine);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 256)
    throw invalid("a whole number from 1 to 256", "jobs", jobs);
  if (!(minScore > 0 && minScore < 1)) throw invalid("a number between 0 and 1", "minScore", minScore);
  if (!Number.isInteger(maxPixels) || maxPixels < 1)
    throw invalid("a positive whole number", "maxPixels", maxPixels);
  if (look && engine === "tfjs") throw invalid("false, for the tfjs engine does not have it,", "look", look);
  return { engine, jobs, settings: { minScore, maxPixels, attributes }, look };
}

function invalid(what: string, name: string, received: unknown): LookalikeError {
  return invalidOption(what, name, received);
}

/** The id is the same for both engines: they compute the same numbers from the same weights. */
async function identifyEmbedder(): Promise<EmbedderInfo> {
  const { hash } = await readWeights("face_recognition");
  return { id: `face-api-recognition-${hash.slice(0, 12)}-v${ALIGNMENT_VERSION}`, dimensions: 128 };
}

/** Loaded only on request: TensorFlow.js is a development dependency. */
async function createReference(
  settings: DescribeSettings,
  own: EmbedderSpec | null,
): Promise<{ name: string; describer: Describer }> {
  const { createFaceApiNetworks } = await import("./networks/face-api/networks.ts");
  const networks = await createFaceApiNetworks();
  const embedder = own === null ? null : createEmbedder(own);
  const describePhoto = createDescriber(networks, embedder);
  const describer: Describer = {
    describe: (photo) => describePhoto(photo, settings),
    close: async () => {
      await networks.close();
      await embedder?.close();
    },
  };
  return { name: networks.name, describer };
}
