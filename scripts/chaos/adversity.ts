import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isLookalikeError } from "../../src/core/index.ts";
import { openAudit } from "../../src/trust/audit/log.ts";
import { openConsents } from "../../src/trust/index.ts";
import { generate, OPERATIONS, type Operation, PREPARATIONS } from "./operations.ts";
import { openWorker } from "./processes.ts";
import { AT, restore, restoreFolder, type Scene } from "./scene.ts";
import { galleryOf, stateOf } from "./state.ts";

export interface AdversityResult {
  readonly scenario: string;
  readonly tries: number;
  /** What came of them, by word: `right`, an error's code. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly wrong: number;
}

type Judge = () => Promise<string>;

/** Runs `judge` for each try; a coded error is a right outcome, `wrong...` and anything uncoded is not. */
async function count(scenario: string, tries: readonly Judge[]): Promise<AdversityResult> {
  const outcomes: Record<string, number> = {};
  for (const judge of tries) {
    const outcome = await judge().catch((error: unknown) =>
      isLookalikeError(error) ? error.code : `wrong: ${String(error).slice(0, 120)}`,
    );
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  const wrong = Object.entries(outcomes).reduce(
    (sum, [name, n]) => sum + (name.startsWith("wrong") ? n : 0),
    0,
  );
  return { scenario, tries: tries.length, outcomes, wrong };
}

/** A file cut at lengths spread over its own, or at every one: the store says so, or answers as before. */
export function truncations(
  scene: Scene,
  {
    file,
    samples,
    answer,
  }: { file: string; samples: number | "every"; answer: (work: string) => Promise<unknown> },
): Promise<AdversityResult> {
  restore(scene);
  const path = join(scene.work, file);
  const { size } = statSync(path);
  const lengths = samples === "every" ? size : samples;
  let right: unknown;
  const tries = Array.from(
    { length: lengths },
    (_, i): Judge =>
      async () => {
        right ??= await answer(scene.work);
        restoreFolder(scene, dirname(file));
        truncateSync(path, Math.floor((size * i) / lengths));
        const answered = await answer(scene.work);
        return isDeepStrictEqual(answered, right) ? "right" : "wrong answer";
      },
  );
  return count(`${file} cut short`, tries);
}

export async function consentsAnswer(work: string): Promise<unknown> {
  const consents = await openConsents(join(work, "privacy/consents.db"));
  try {
    return [[...consents.all()], consents.stats()];
  } finally {
    consents.close();
  }
}

export async function auditAnswer(work: string): Promise<unknown> {
  const audit = openAudit(join(work, "privacy/audit.db"), { actor: "chaos" });
  try {
    return [[...audit.entries()], audit.verify()];
  } finally {
    audit.close();
  }
}

export { galleryOf as galleryAnswer };

/** Two processes at once: one may be told that the other is at work; in the end all is as if one had run. */
export function twoAtOnce(scene: Scene, operation: Operation, tries: number): Promise<AdversityResult> {
  return count(
    `two at once: ${operation}`,
    Array.from(
      { length: tries },
      (): Judge => async () => {
        const prepare = () => {
          restore(scene);
          PREPARATIONS[operation](scene.work);
        };
        prepare();
        await OPERATIONS[operation](scene.work);
        const alone = await stateOf(scene.work);
        const workers = await Promise.all([0, 1].map(() => openWorker(operation, scene.work)));
        prepare();
        const outcomes = await Promise.all(workers.map((worker) => worker.start()));
        const unknown = outcomes.find((outcome) => outcome !== "done" && !/^ERR_\w+_BUSY$/.test(outcome));
        if (unknown !== undefined) return `wrong: ${unknown}`;
        await OPERATIONS[operation](scene.work);
        if (!isDeepStrictEqual(await stateOf(scene.work), alone)) return "wrong state";
        return outcomes.includes("done") ? "right" : "wrong: neither ran";
      },
    ),
  );
}

/** The folder on a full disk (a small tmpfs; needs the right to mount): coded, and right once there is room. */
export function fullDisk(
  scene: Scene,
  operation: Operation,
  spares: readonly number[] = [100, 200, 400, 800],
): Promise<AdversityResult> {
  const sizes = spares.map((spareKb) => async () => {
    restore(scene);
    PREPARATIONS[operation](scene.work);
    await OPERATIONS[operation](scene.work);
    const undisturbed = await stateOf(scene.work);
    restore(scene);
    PREPARATIONS[operation](scene.work);
    const kb = Number(execFileSync("du", ["-sk", scene.work]).toString().split("\t")[0]) + spareKb;
    const aside = `${scene.work}-aside`;
    renameSync(scene.work, aside);
    execFileSync("mkdir", [scene.work]);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kb}k`, "tmpfs", scene.work]);
    try {
      execFileSync("cp", ["-a", `${aside}/.`, scene.work]);
      const outcome = await (await openWorker(operation, scene.work)).start();
      if (!/^(done|ERR_\w+)$/.test(outcome)) return `wrong: ${outcome}`;
      execFileSync("mount", ["-o", "remount,size=200m", scene.work]);
      await OPERATIONS[operation](scene.work);
      return isDeepStrictEqual(await stateOf(scene.work), undisturbed)
        ? `${outcome}, then right`
        : "wrong state";
    } finally {
      execFileSync("umount", ["-l", scene.work]);
      rmSync(scene.work, { recursive: true, force: true });
      rmSync(aside, { recursive: true, force: true });
    }
  });
  return count(`disk full: ${operation}`, sizes);
}

/** The folder mounted read-only (needs the right to mount). */
export function readOnly(scene: Scene, operation: Operation): Promise<AdversityResult> {
  return count(`read-only: ${operation}`, [
    async () => {
      restore(scene);
      PREPARATIONS[operation](scene.work);
      execFileSync("mount", ["--bind", scene.work, scene.work]);
      try {
        execFileSync("mount", ["-o", "remount,ro,bind", scene.work]);
        const outcome = await (await openWorker(operation, scene.work)).start();
        return /^ERR_\w+$/.test(outcome) ? outcome : `wrong: ${outcome}`;
      } finally {
        execFileSync("umount", ["-l", scene.work]);
      }
    },
  ]);
}

/** The clock set back by a year between two runs: consents of the future open nothing, and the log stays whole. */
export function clockSetBack(scene: Scene): Promise<AdversityResult> {
  return count("clock set back a year", [
    async () => {
      restore(scene);
      await generate(scene.work, AT);
      await generate(scene.work, new Date(AT.getTime() - 365 * 86_400_000));
      const lines = readFileSync(join(scene.work, "out/decisions.jsonl"), "utf8").trim().split("\n");
      const reasons = new Set(lines.map((line) => JSON.parse(line).photo?.reason ?? "none"));
      if (reasons.has("nearest")) return "wrong: a face was computed before its consent";
      const audit = openAudit(join(scene.work, "privacy/audit.db"), { actor: "chaos" });
      const { status } = audit.verify();
      audit.close();
      return status === "intact" ? "right" : `wrong: ${status}`;
    },
  ]);
}

/** Files that are not what their names say. */
export function garbage(scene: Scene, file: string, answer: (work: string) => Promise<unknown>) {
  const contents = ["", "x", "SQLite format 3\0", "\0".repeat(8192), "{}", "[".repeat(10_000)];
  return count(
    `${file} of other content`,
    contents.map(
      (text): Judge =>
        async () => {
          restore(scene);
          const right = await answer(scene.work);
          restore(scene);
          for (const ending of ["-wal", "-shm"]) rmSync(join(scene.work, file) + ending, { force: true });
          writeFileSync(join(scene.work, file), text);
          const answered = await answer(scene.work);
          return isDeepStrictEqual(answered, right) ? "right" : "wrong answer";
        },
    ),
  );
}

export const canMount = existsSync("/proc/self/status") && process.getuid?.() === 0;
