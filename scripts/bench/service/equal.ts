import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Decision } from "../../../src/handover/index.ts";
import { createClient } from "./http.ts";
import { startService } from "./process.ts";
import { type BenchWorld, lookalike } from "./world.ts";

export interface EqualReport {
  readonly customers: number;
  readonly lookalikes: number;
  /** Fields in which the service answered otherwise than the run, with how many customers. */
  readonly different: Readonly<Record<string, number>>;
}

const BATCH = 1000;

/**
 * A run for all of so many customers, beside a service whose run has one of them: it decides for the others on request,
 * matches their portraits and draws their ads in the background. Both must say the same of everyone.
 */
export async function compareWithRun(world: BenchWorld, customers: number): Promise<EqualReport> {
  const folder = dirname(world.campaign);
  const campaign = join(folder, "equal.yaml");
  const yaml = await readFile(world.campaign, "utf8");
  await writeFile(campaign, yaml.replace("customers.csv", "equal.csv").replace("holdout: 0", "holdout: 0.1"));
  await writeFile(join(folder, "equal.csv"), await repeated(join(folder, "customers.csv"), customers));
  const [all, one] = [join(folder, "equal-all"), join(folder, "equal-one")];
  await lookalike("generate", "--campaign", campaign, "--out", all);
  const lines = (await readFile(join(all, "decisions.jsonl"), "utf8")).trim().split("\n");
  const decisions = lines.map((line): Decision => JSON.parse(line));
  const [first] = decisions;
  if (first === undefined) throw new RangeError("the run has no decisions");
  await lookalike("generate", "--campaign", campaign, "--out", one, "--customer", first.customer_id);
  const server = await startService(campaign, one);
  const client = createClient(server.port, 2);
  try {
    const ask = async () => {
      const answers: Answer[] = [];
      for (let start = 0; start < decisions.length; start += BATCH) {
        const ids = decisions.slice(start, start + BATCH).map(({ customer_id }) => ({ customer_id }));
        const text = JSON.stringify({ customers: ids });
        let { status, body } = await client.post("/v1/decisions", text);
        // A busy machine makes the service turn requests away.
        while (status === 503) {
          await new Promise((resolve) => setTimeout(resolve, 1000));
          ({ status, body } = await client.post("/v1/decisions", text));
        }
        if (status !== 200) throw new Error(body);
        answers.push(...JSON.parse(body).decisions);
      }
      return answers;
    };
    let answers = await ask();
    while (answers.some(({ is_final: isFinal }) => !isFinal)) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      answers = await ask();
    }
    return { ...compare(decisions, answers), customers: decisions.length };
  } finally {
    client.close();
    await server.kill("SIGTERM");
  }
}

type Answer = Pick<Decision, "offer" | "copy"> & {
  readonly is_final: boolean;
  readonly photo: { readonly basis: string; readonly reason: string } | null;
  readonly creatives: readonly { readonly sha256: string }[];
  readonly experiment: Readonly<Record<string, { readonly arm: string; readonly propensity: number }>>;
};

function compare(decisions: readonly Decision[], answers: readonly Answer[]) {
  const different: Record<string, number> = {};
  let lookalikes = 0;
  for (const [i, { offer, photo, copy, creatives, assignment }] of decisions.entries()) {
    const answer = answers[i];
    if (photo?.basis === "lookalike") lookalikes++;
    const holdout = answer?.experiment.holdout;
    const pairs = {
      offer: [
        [offer.id, offer.basis],
        [answer?.offer.id, answer?.offer.basis],
      ],
      photo: [
        photo && [photo.basis, photo.reason],
        answer?.photo && [answer.photo.basis, answer.photo.reason],
      ],
      copy: [copy, answer?.copy],
      creatives: [creatives.map(({ sha256 }) => sha256), answer?.creatives.map(({ sha256 }) => sha256)],
      arm: [
        [assignment?.holdout.arm, assignment?.holdout.propensity],
        [holdout?.arm, holdout?.propensity],
      ],
    };
    for (const [name, [run, service]] of Object.entries(pairs)) {
      if (JSON.stringify(run) !== JSON.stringify(service)) different[name] = (different[name] ?? 0) + 1;
    }
  }
  return { lookalikes, different };
}

/** The rows of a customers' file, and as many copies under other ids as are missing. */
async function repeated(path: string, customers: number): Promise<string> {
  const [header = "", ...rows] = (await readFile(path, "utf8")).trim().split("\n");
  const lines = Array.from({ length: customers }, (_, i) => {
    const row = rows[i % rows.length] ?? "";
    return i < rows.length ? row : `again-${i}${row.slice(row.indexOf(","))}`;
  });
  return `${[header, ...lines].join("\n")}\n`;
}
