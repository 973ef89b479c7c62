import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** What a process held when it had done so much. */
export interface Sample {
  readonly done: number;
  readonly seconds: number;
  readonly rssMb: number;
  /** Open file handles: files, sockets, pipes. */
  readonly handles: number;
}

export interface WatchedRun {
  readonly samples: readonly Sample[];
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly seconds: number;
}

const CLI = resolve(import.meta.dirname, "../../dist/cli/main.js");
const LOOK_EVERY_MS = 200;

/**
 * Runs a command line of the built package and looks at its memory and handles in /proc (Linux) each time that it has
 * done another `step`.
 *
 * @param doneSoFar how much it has done, seen from outside
 */
export async function watch(
  args: readonly string[],
  { step, doneSoFar }: { readonly step: number; readonly doneSoFar: () => number },
): Promise<WatchedRun> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const samples: Sample[] = [];
  let next = step;
  const timer = setInterval(() => {
    const done = doneSoFar();
    if (done < next) return;
    next = (Math.floor(done / step) + 1) * step;
    const held = look(child.pid ?? 0);
    if (held !== null) samples.push({ done, seconds: (performance.now() - startedAt) / 1000, ...held });
  }, LOOK_EVERY_MS);
  const [exitCode] = (await once(child, "close")) as [number | null];
  clearInterval(timer);
  return { samples, exitCode, stderr, seconds: (performance.now() - startedAt) / 1000 };
}

function look(pid: number): Pick<Sample, "rssMb" | "handles"> | null {
  try {
    const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return { rssMb: Math.round(Number(kb) / 1024), handles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return null;
  }
}

export function print({ samples, exitCode, stderr, seconds }: WatchedRun): void {
  console.table(samples.map((sample) => ({ ...sample, seconds: Math.round(sample.seconds) })));
  console.log(stderr.trim());
  console.log(`exit status ${exitCode} after ${seconds.toFixed(0)} s`);
}
