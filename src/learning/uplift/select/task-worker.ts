import { parentPort, workerData } from "node:worker_threads";
import type { EncodedExperiment } from "../experiment.ts";
import { type LearnerTask, runTask } from "./task.ts";

/** A thread that runs tasks on one experiment; all threads share its columns. */
const experiment = workerData as EncodedExperiment;

parentPort?.on("message", (task: LearnerTask) => {
  parentPort?.postMessage(runTask(experiment, task));
});
