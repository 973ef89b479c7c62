import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { generateAds, loadCampaign } from "../../src/campaign/index.ts";
import { createRandom } from "../../src/core/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { loadOfferModel } from "../../src/offers/index.ts";
import { openAudit } from "../../src/trust/audit/log.ts";
import { openConsents } from "../../src/trust/index.ts";
import { createFakeEngine } from "../../test/gallery/fake-engine.ts";
import { buildScene, CUSTOMERS } from "./scene.ts";

/**
 * Lets consents end while a run is under way: another process withdraws some at random moments, others expire. Prints
 * how many faces were computed before and after the end that was recorded.
 *
 *     tsx scripts/chaos/endings.ts [rounds]   each has six withdrawals and six expiries; default 5 rounds
 */
const [, , first = "5", plan] = process.argv;

const ENDINGS = 6;
const FACE_MS = 150;
const RUN_MS = CUSTOMERS * FACE_MS;

interface Ending {
  readonly id: string;
  readonly at: number;
}

/** In a process of its own, as an operator would. */
async function withdrawAt(json: string): Promise<void> {
  const { file, endings } = JSON.parse(json) as { file: string; endings: readonly Ending[] };
  const consents = await openConsents(file);
  process.send?.("ready");
  for (const { id, at } of endings.toSorted((a, b) => a.at - b.at)) {
    await delay(Math.max(0, at - Date.now()));
    const done = new Date();
    consents.withdraw(id, { at: done });
    process.send?.({ id, at: done.getTime() });
  }
  consents.close();
  process.disconnect();
}

async function main(rounds: number): Promise<void> {
  const home = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "lookalike-endings-"));
  const total = { withdrawals: 0, expiries: 0, "computed before": 0, "not computed": 0, "computed later": 0 };
  try {
    const { work } = await buildScene(home);
    // The first run shows how long it takes until the first face.
    let { firstFaceMs } = await runRound(work, { round: -1, firstFaceMs: 1_000 });
    for (let round = 0; round < rounds; round++) {
      const result = await runRound(work, { round, firstFaceMs });
      firstFaceMs = result.firstFaceMs;
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += result[name];
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  console.table([total]);
  process.exitCode = total["computed later"] === 0 ? 0 : 1;
}

async function runRound(
  work: string,
  { round, firstFaceMs }: { readonly round: number; readonly firstFaceMs: number },
) {
  for (const folder of ["privacy", "out"]) rmSync(join(work, folder), { recursive: true, force: true });
  const file = join(work, "privacy/consents.db");
  const random = createRandom(1000 + round);
  const ids = Array.from({ length: CUSTOMERS }, (_, i) => `person-${i}`);
  const chosen = ids.toSorted(() => random() - 0.5).slice(0, 2 * ENDINGS);
  // Time for the other process to start.
  const begin = Date.now() + 4_000;
  const start = begin + firstFaceMs;
  const endings = chosen.map((id): Ending => ({ id, at: Math.round(start + random() * RUN_MS) }));
  const expiries = endings.slice(ENDINGS);
  const consents = await openConsents(file);
  for (const customerId of ids) {
    const expiry = expiries.find(({ id }) => id === customerId);
    consents.record({
      customerId,
      purpose: "face_matching",
      notice: "v1",
      givenAt: new Date("2026-01-01"),
      method: "written",
      expiresAt: expiry === undefined ? null : new Date(expiry.at),
      jurisdiction: "NL",
    });
  }
  const withdrawn: Ending[] = [];
  const other = fork(
    import.meta.filename,
    ["withdraw", JSON.stringify({ file, endings: endings.slice(0, ENDINGS) })],
    { execArgv: ["--import", "tsx"] },
  );
  await once(other, "message");
  other.on("message", (ending) => withdrawn.push(ending as Ending));
  const audit = openAudit(join(work, "privacy/audit.db"), { actor: "chaos" });
  await delay(Math.max(0, begin - Date.now()));
  const ended = once(other, "exit");
  const firstFaceAt = await generate(work, { consents, audit });
  await ended;
  const result = {
    firstFaceMs: firstFaceAt - begin,
    withdrawals: 0,
    expiries: 0,
    "computed before": 0,
    "not computed": 0,
    "computed later": 0,
  };
  for (const { id, at } of [...withdrawn, ...expiries]) {
    result[expiries.some((expiry) => expiry.id === id) ? "expiries" : "withdrawals"]++;
    const [entry] = audit.entries({ customerId: id, action: "face.compute" });
    if (entry === undefined) result["not computed"]++;
    else result[entry.at.getTime() > at ? "computed later" : "computed before"]++;
  }
  audit.close();
  consents.close();
  return result;
}

async function generate(
  work: string,
  stores: {
    consents: Awaited<ReturnType<typeof openConsents>>;
    audit: ReturnType<typeof openAudit>;
  },
): Promise<number> {
  const campaign = await loadCampaign(join(work, "campaign.yaml"));
  const model = await loadOfferModel(campaign.inputs.model);
  const gallery = await openGallery(join(work, "gallery"), { mustExist: true });
  // Faces come one by one, so that endings fall before, during and after each.
  let turn = Promise.resolve();
  let firstFaceAt = 0;
  const engine = createFakeEngine({
    onDecode: (photo) => {
      if (!photo.includes("portraits")) return turn;
      firstFaceAt ||= Date.now();
      turn = turn.then(() => delay(FACE_MS));
      return turn;
    },
  });
  try {
    const run = generateAds({ campaign, model, gallery, engine, out: join(work, "out"), jobs: 1, ...stores });
    for await (const _ of run);
    return firstFaceAt;
  } finally {
    await gallery.close();
  }
}

if (first === "withdraw") await withdrawAt(plan ?? "[]");
else await main(Number(first));
