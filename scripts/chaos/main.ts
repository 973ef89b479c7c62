import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type AdversityResult,
  auditAnswer,
  canMount,
  clockSetBack,
  consentsAnswer,
  fullDisk,
  galleryAnswer,
  garbage,
  readOnly,
  truncations,
  twoAtOnce,
} from "./adversity.ts";
import { ALL_OPERATIONS, runKills, tableOf } from "./kills.ts";
import type { Operation } from "./operations.ts";
import { buildScene } from "./scene.ts";

/**
 * Does everything to the tool that an operator or a bad day can do, and prints what came of it.
 *
 *     tsx scripts/chaos/main.ts [--only kills|rest] [--samples 40] [--seed 1]
 *       [--faces 50000] [--kills 40] [--operations index,train] [--results rounds.jsonl] [--shard 0/2]
 *
 * `--faces` adds so many faces to the gallery, for `--operations rekey`. `--results` keeps every round of killing: interrupted, the same command goes on behind the last one; processes
 * with a shard each may share the work.
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "40" },
    operations: { type: "string", default: ALL_OPERATIONS.join(",") },
    results: { type: "string" },
    faces: { type: "string", default: "0" },
    shard: { type: "string", default: "0/1" },
    seed: { type: "string", default: "1" },
    samples: { type: "string", default: "40" },
    only: { type: "string" },
  },
});
const home = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "lookalike-chaos-"));
let wrong = 0;
try {
  const scene = await buildScene(home, { faces: Number(values.faces) });
  if (values.only !== "rest") {
    const [part = 0, of = 1] = values.shard.split("/").map(Number);
    const operations = values.operations.split(",").filter((name): name is Operation => {
      return (ALL_OPERATIONS as readonly string[]).includes(name);
    });
    const rounds = await runKills(scene, {
      kills: Number(values.kills),
      seed: Number(values.seed),
      operations,
      results: values.results ?? null,
      shard: { part, of },
    });
    wrong += rounds.filter(({ problem }) => problem !== null).length;
    console.table(tableOf(rounds));
  }
  if (values.only !== "kills") {
    const print = ({ scenario, tries, outcomes, wrong: failed }: AdversityResult) => {
      wrong += failed;
      console.log(`${scenario.padEnd(40)} ${String(tries).padStart(3)}  ${JSON.stringify(outcomes)}`);
    };
    const samples = Number(values.samples);
    const cut = (file: string, answer: (work: string) => Promise<unknown>) =>
      truncations(scene, { file, samples, answer });
    print(await truncations(scene, { file: "gallery/faces.hnsw", samples: "every", answer: galleryAnswer }));
    print(await cut("gallery/faces.hnsw.json", galleryAnswer));
    print(await cut("gallery/gallery.db", galleryAnswer));
    print(await cut("privacy/consents.db", consentsAnswer));
    print(await cut("privacy/audit.db", auditAnswer));
    print(await garbage(scene, "gallery/gallery.db", galleryAnswer));
    print(await garbage(scene, "gallery/faces.hnsw", galleryAnswer));
    print(await garbage(scene, "privacy/consents.db", consentsAnswer));
    print(await garbage(scene, "privacy/audit.db", auditAnswer));
    print(await clockSetBack(scene));
    for (const operation of ALL_OPERATIONS) {
      print(await twoAtOnce(scene, operation, 2));
      if (!canMount) continue;
      print(await fullDisk(scene, operation));
      print(await readOnly(scene, operation));
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
console.log(wrong === 0 ? "Nothing was lost." : `${wrong} wrong outcomes`);
process.exitCode = wrong === 0 ? 0 : 1;
