import { parentPort, workerData } from "node:worker_threads";
import type { EncodedExperiment } from "../experiment.ts";
import { runTask, type Task } from "./task.ts";

/** A thread that runs tasks on one experiment; all threads share its columns. */
const experiment = workerData as EncodedExperiment;

parentPort?.on("message", (task: Task) => {
  parentPort?.postMessage(runTask(experiment, task));
});
