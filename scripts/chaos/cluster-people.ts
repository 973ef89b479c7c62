import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../src/cluster/index.ts";

/** People who leave while a run is under way, and what must have become of them. */
export function createPeople(customers: number, random: () => number) {
  /** `must`: no committed shard had them when they withdrew. */
  const withdrawn = new Map<string, "must" | "maybe">();
  const erased = new Set<string>();
  return {
    withdrawn,
    erased,
    next(): string {
      for (;;) {
        const id = `c${Math.floor(random() * customers)}`;
        if (!withdrawn.has(id) && !erased.has(id)) return id;
      }
    },
    /**
     * @param one decisions of one machine, made before anybody left
     * @param many decisions of the shards
     */
    compare(one: readonly string[], many: readonly string[]): Comparison {
      const idOf = (line: string) => String(JSON.parse(line).customer_id);
      const rest = one.filter((line) => !erased.has(idOf(line)));
      const wrong = rest.flatMap((before, i) => {
        const line = many[i] ?? "{}";
        const { customer_id: id, photo } = JSON.parse(line);
        const fate = withdrawn.get(id);
        const isKept = line === before && (fate !== "must" || photo?.basis !== "lookalike");
        const hasLeft = id === idOf(before) && fate !== undefined && photo?.reason === "consent_withdrawn";
        return isKept || hasLeft ? [] : [{ fate, before, line }];
      });
      if (wrong.length > 0) console.log(`${wrong.length} decisions differ, such as`, wrong[0]);
      const ids = wrong.map(({ before }) => idOf(before));
      return { isSame: rest.length === many.length && wrong.length === 0, ids };
    },
  };
}

export interface Comparison {
  readonly isSame: boolean;
  /** Customers whose decisions are not as expected. */
  readonly ids: readonly string[];
}

/** What is known of the shards of customers: to explain decisions that are not as expected. */
export async function shardsWith(
  { runs, shards, postgres }: Cluster,
  runId: string,
  ids: readonly string[],
): Promise<readonly object[]> {
  const { data } = await runs.find(runId);
  const found: object[] = [];
  for (const { number, files, consents } of await shards.outputs(runId, 0)) {
    const text = files.map(({ name }) => readFileSync(join(data, name), "utf8")).join("");
    const own = ids.filter((id) => text.includes(`"customer_id":"${id}"`));
    if (own.length === 0) continue;
    const rows = await postgres.query(
      "SELECT worker, attempts, committed_at FROM lookalike.shards WHERE run_id = $1 AND phase = 0 AND number = $2",
      [runId, number],
    );
    found.push({ ids: own.join(" "), shard: number, consents, ...rows[0] });
  }
  return found;
}

/** The customers in the committed files of a run's only phase. */
export async function committedIds({ runs, shards }: Cluster, runId: string): Promise<ReadonlySet<string>> {
  const { data } = await runs.find(runId);
  const outputs = await shards.outputs(runId, 0);
  const lines = outputs.flatMap(({ files }) =>
    files.flatMap(({ name }) => readFileSync(join(data, name), "utf8").split("\n").filter(Boolean)),
  );
  return new Set(lines.map((line) => String(JSON.parse(line).decision.customer_id)));
}
