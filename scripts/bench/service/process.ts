import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CLI } from "./world.ts";

/** A server in a process of its own. */
export interface Server {
  readonly port: number;
  /** User and system time so far, s. */
  cpu(): number;
  /** Resident memory, MB. */
  memory(): number;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const HERTZ = 100;
const PAGE_MB = 4096 / 1e6;

/** Starts `lookalike serve`. Resolves when it answers decisions. */
export function startService(campaign: string, out: string): Promise<Server> {
  return start(
    [CLI, "serve", "--campaign", campaign, "--out", out, "--port", "0"],
    /Ready: http:\/\/127\.0\.0\.1:(\d+)/,
  );
}

/** Starts bare fastify with the same answers in a Map. */
export function startPeer(out: string): Promise<Server> {
  const file = resolve(import.meta.dirname, "peer.mjs");
  return start([file, out], /Ready: http:\/\/127\.0\.0\.1:(\d+)/);
}

async function start(args: readonly string[], ready: RegExp): Promise<Server> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const port = await portOf(child, ready);
  const { pid = 0 } = child;
  return {
    port,
    cpu() {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) / HERTZ;
    },
    memory: () => Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE_MB,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
}

function portOf(child: ChildProcess, ready: RegExp): Promise<number> {
  return new Promise((done, fail) => {
    let text = "";
    let isReady = false;
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      // The log of requests follows: it is read, so that the pipe does not fill up, and dropped.
      if (isReady) return;
      text += chunk;
      const port = Number(ready.exec(text)?.[1]);
      if (!Number.isInteger(port)) return;
      isReady = true;
      done(port);
    });
    child.once("exit", (status) => fail(new Error(`the server ended with ${status}: ${text.slice(-2000)}`)));
  });
}
