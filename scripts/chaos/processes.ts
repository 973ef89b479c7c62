import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Operation } from "./operations.ts";

/** A process that is ready to run an operation at the word. */
export interface Worker {
  readonly child: ChildProcess;
  /** Starts the operation. How it ends: `done`, an error's code, or `killed`. */
  start(): Promise<string>;
}

export async function openWorker(operation: Operation, work: string): Promise<Worker> {
  const child = fork(join(import.meta.dirname, "worker.ts"), [operation, work], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(child, "message");
  return {
    child,
    async start() {
      let outcome = "killed";
      child.on("message", (message) => {
        outcome = String(message);
      });
      const ended = once(child, "exit");
      child.send("go");
      await ended;
      return outcome;
    },
  };
}
