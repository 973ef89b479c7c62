import { parentPort, workerData } from "node:worker_threads";
import { createLimit, isLookalikeError } from "../core/index.ts";
import { createDescriber, decodeToDescribe } from "./description/describe.ts";
import { createEmbedder } from "./embedders/embedder.ts";
import { createOnnxNetworks } from "./networks/onnx/networks.ts";
import type { PoolWorkerData, Task, TaskResult } from "./pool.ts";
import type { PhotoFaces } from "./types.ts";

/**
 * One thread of the pool. It has its own networks and describes one photo at a time, while the next one is
 * decoded.
 */
const { embedder, look } = workerData as PoolWorkerData;
const describePhoto = createDescriber(
  createOnnxNetworks({ threads: 1, look }),
  embedder === null ? null : createEmbedder(embedder),
);
const inTurn = createLimit(1);

parentPort?.on("message", ({ id, photo, settings }: Task) => {
  const decoded = decodeToDescribe(photo, settings);
  // A failure is reported with the photo's result.
  decoded.catch(() => {});
  void inTurn(async () => {
    parentPort?.postMessage(await answer(id, () => describePhoto(photo, settings, decoded)));
  });
});

async function answer(id: number, describe: () => Promise<PhotoFaces>): Promise<TaskResult> {
  try {
    return { id, faces: await describe() };
  } catch (error) {
    if (isLookalikeError(error)) return { id, error: error.toJSON() };
    return {
      id,
      error: {
        code: null,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        hint: "",
      },
    };
  }
}
