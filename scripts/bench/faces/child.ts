import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Face } from "lookalike-ads";

/** What one process saw in a photo. */
export interface Seen {
  readonly width: number;
  readonly height: number;
  readonly faces: readonly Pick<Face, "box" | "embedding">[];
}

export interface Finished {
  readonly seen: ReadonlyMap<string, Seen>;
  /** From the moment that all processes had their networks loaded and warm. */
  readonly seconds: number;
  /** Processor time of all processes over the same photos, seconds. */
  readonly processor: number;
}

/**
 * Runs the peer on photos, shared out among so many processes; all of them are warm before the clock starts.
 *
 * @param minConfidence of its detector; 0.5 is its default
 * @param attributes also estimate age, gender and expressions
 */
export async function runPeer(
  photos: readonly string[],
  {
    processes,
    minConfidence = 0.5,
    attributes = false,
  }: { readonly processes: number; readonly minConfidence?: number; readonly attributes?: boolean },
): Promise<Finished> {
  const shares = Array.from({ length: processes }, (_, i) => photos.filter((_, j) => j % processes === i));
  const children = shares.map((photos) => startPeer({ photos, minConfidence, attributes }));
  await Promise.all(children.map((child) => child.ready));
  const startedAt = performance.now();
  const results = await Promise.all(children.map((child) => child.go()));
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    seen: new Map(results.flatMap(({ seen }) => [...seen])),
    seconds,
    processor: results.reduce((sum, { processor }) => sum + processor, 0),
  };
}

/** The first line that the peer's process reads. */
export interface PeerTask {
  readonly photos: readonly string[];
  readonly minConfidence: number;
  readonly attributes: boolean;
}

function startPeer(task: PeerTask) {
  const { photos } = task;
  const script = new URL("../faces-peer.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(task)}\n`);
  return {
    ready: lines.next(),
    async go(): Promise<Pick<Finished, "processor"> & { readonly seen: Map<string, Seen> }> {
      child.stdin.end("go\n");
      const seen = new Map<string, Seen>();
      let processor = Number.NaN;
      for await (const line of { [Symbol.asyncIterator]: () => lines }) {
        const answer = JSON.parse(line) as PeerLine | PeerEnd;
        if ("processor" in answer) {
          processor = answer.processor;
          continue;
        }
        const { photo, width, height, faces } = answer;
        seen.set(photo, {
          width,
          height,
          faces: faces.map(({ box, embedding }) => ({ box, embedding: Float32Array.from(embedding) })),
        });
      }
      if (seen.size !== photos.length)
        throw new Error(`the peer ended after ${seen.size} of ${photos.length} photos`);
      return { seen, processor };
    },
  };
}

export interface PeerLine {
  readonly photo: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly { readonly box: Face["box"]; readonly embedding: readonly number[] }[];
}

/** The peer's last line. */
export interface PeerEnd {
  /** Seconds of processor time for the photos. */
  readonly processor: number;
}

/** A photo of three people that is always there. */
export const SAMPLE = join(
  dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
  "demo/sample1.jpg",
);

export interface Indexed {
  readonly seconds: number;
  /** Processor time of the same work on all threads, seconds. */
  readonly processor: number;
  readonly indexed: number;
  /** Bytes, per thousand photos; null where no sample fell. */
  readonly peaks: readonly (number | null)[];
  /** The process's highest resident set, bytes. */
  readonly peak: number;
}

/** Parts of the description that the engine can leave out; default: all are computed. */
export interface IndexedParts {
  readonly attributes?: boolean;
  readonly look?: boolean;
}

/** Indexes folders and photos into a new gallery, in a process of its own. */
export async function runIndex(
  paths: readonly string[],
  jobs: number,
  parts: IndexedParts = {},
): Promise<Indexed> {
  const home = await mkdtemp(join(tmpdir(), "lookalike-bench-"));
  try {
    const { output } = await runModule("run-index.mjs", [
      String(jobs),
      JSON.stringify(parts),
      SAMPLE,
      home,
      ...paths,
    ]);
    return JSON.parse(output) as Indexed;
  } finally {
    await rm(home, { recursive: true });
  }
}

/** Runs a module of this folder with plain Node in a new process, in which `lookalike-ads` is the built package. */
export async function runModule(
  name: string,
  args: readonly string[],
): Promise<{ readonly output: string; readonly ms: number }> {
  const startedAt = performance.now();
  const script = join(import.meta.dirname, name);
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  for await (const chunk of child.stdout) output += String(chunk);
  return { output, ms: performance.now() - startedAt };
}
