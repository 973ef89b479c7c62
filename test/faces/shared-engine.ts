import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describeInOrder } from "../../src/faces/batch.ts";
import {
  createFaceEngine,
  type FaceEngine,
  type FaceEngineOptions,
  type PhotoFaces,
} from "../../src/faces/index.ts";

/** Engines by their options, for the test files of one process: an engine takes seconds to start. They stay open. */
const engines = new Map<string, Promise<FaceEngine>>();
const remembering = new Map<string, Promise<FaceEngine>>();

/**
 * A real engine for tests of what it computes: it is shared, and `close` leaves it open. It has one thread, whatever is
 * asked for, because test files run on all cores already, and each thread compiles all networks.
 */
export function openEngine(options: FaceEngineOptions = {}): Promise<FaceEngine> {
  return once(engines, options, async () => {
    return { ...(await createFaceEngine({ ...options, jobs: 1 })), close: async () => {} };
  });
}

/**
 * The same for tests whose subject is not the faces: it computes each picture once, because the tests of campaigns
 * describe the same few pictures hundreds of times.
 */
export function sharedEngine(options: FaceEngineOptions = {}): Promise<FaceEngine> {
  return once(remembering, options, async () => computingOnce(await openEngine(options)));
}

/** The same engine for those who ask for a default and for those who ask for nothing. */
function once(
  opened: Map<string, Promise<FaceEngine>>,
  { engine = "onnx", minScore = 0.4, attributes = true, look, maxPixels, embedder }: FaceEngineOptions,
  open: () => Promise<FaceEngine>,
): Promise<FaceEngine> {
  const key = JSON.stringify([engine, minScore, attributes, look, maxPixels, embedder]);
  const found = opened.get(key) ?? open();
  opened.set(key, found);
  // A failure belongs to the test that met it.
  found.catch(() => opened.delete(key));
  return found;
}

function computingOnce(engine: FaceEngine): FaceEngine {
  const computed = new Map<string, PhotoFaces>();
  const describe: FaceEngine["describe"] = async (photo, options = {}) => {
    const bytes = typeof photo === "string" ? await readFile(photo).catch(() => null) : photo;
    // The engine itself reports files that cannot be read, and aborts.
    if (bytes === null || options.signal?.aborted) return engine.describe(photo, options);
    const key = createHash("sha256").update(bytes).digest("hex");
    const faces = computed.get(key) ?? (await engine.describe(photo, options));
    computed.set(key, faces);
    return structuredClone(faces);
  };
  return {
    ...engine,
    describe,
    describeAll: (photos, { signal, jobs = 2 } = {}) => describeInOrder(photos, describe, 2 * jobs, signal),
  };
}
