import { parentPort, workerData } from "node:worker_threads";
import { isLookalikeError } from "../errors.ts";
import { createDescriber } from "./description/describe.ts";
import { createEmbedder } from "./embedders/embedder.ts";
import { createOnnxNetworks } from "./networks/onnx/networks.ts";
import type { PoolWorkerData, Task, TaskResult } from "./pool.ts";

/** One thread of the pool: its own networks, one photo after the other. */
const { embedder } = workerData as PoolWorkerData;
const describePhoto = createDescriber(
  createOnnxNetworks({ threads: 1 }),
  embedder === null ? null : createEmbedder(embedder),
);

parentPort?.on("message", async ({ id, photo, settings }: Task) => {
  parentPort?.postMessage(await answer(id, photo, settings));
});

async function answer(id: number, photo: Task["photo"], settings: Task["settings"]): Promise<TaskResult> {
  try {
    return { id, faces: await describePhoto(photo, settings) };
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
