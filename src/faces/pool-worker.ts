import { parentPort } from "node:worker_threads";
import { isLookalikeError } from "../errors.ts";
import { createDescriber } from "./describe.ts";
import { createOnnxNetworks } from "./onnx/networks.ts";
import type { Task, TaskResult } from "./pool.ts";

/** One thread of the pool: its own networks, one photo after the other. */
const describePhoto = createDescriber(createOnnxNetworks({ threads: 1 }));

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
