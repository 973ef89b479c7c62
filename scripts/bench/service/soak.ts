import { openRecords } from "../../../src/handover/index.ts";
import { createClient } from "./http.ts";
import { type Server, startService } from "./process.ts";
import type { BenchWorld } from "./world.ts";

export interface SoakReport {
  readonly seconds: number;
  readonly kills: number;
  readonly answers: number;
  readonly wrong: number;
  readonly acknowledged: number;
  /** Acknowledged outcomes that are not on disk. */
  readonly lost: number;
  /** Outcomes on disk more than once, although they were sent again with the same key. */
  readonly doubled: number;
  /** Resident memory of each server process at its end, MB. */
  readonly memory: readonly number[];
}

/** Sends decisions and outcomes, kills the server with -9 at intervals, and compares the disk at the end. */
export async function soak(
  world: BenchWorld,
  { seconds, killEvery }: { readonly seconds: number; readonly killEvery: number },
): Promise<SoakReport> {
  let server: Server = await startService(world.campaign, world.out);
  let client = createClient(server.port, 16);
  const acknowledged = new Set<number>();
  const memory: number[] = [];
  let [answers, wrong, kills, next] = [0, 0, 0, 0];
  const endsAt = performance.now() + seconds * 1000;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  const decide = async () => {
    for (let i = 0; performance.now() < endsAt; i++) {
      const customer_id = world.ids[(i * 7919) % world.ids.length] ?? "";
      const answer = await client.post("/v1/decisions", JSON.stringify({ customer_id })).catch(() => null);
      if (answer?.status === 200) {
        answers++;
        if (JSON.parse(answer.body).creatives[0]?.sha256 !== world.shaOf.get(customer_id)) wrong++;
      } else await pause(50);
      await pause(2);
    }
  };
  const report = async () => {
    while (performance.now() < endsAt) {
      // A number that stands once: how it is found again on disk.
      const value = ++next;
      const body = JSON.stringify({ customer_id: world.ids[value % world.ids.length], value });
      for (let isKept = false; !isKept && performance.now() < endsAt; ) {
        const answer = await client
          .post("/v1/outcomes", body, `idempotency-key: outcome-${value}\r\n`)
          .catch(() => null);
        isKept = answer?.status === 200;
        if (isKept) acknowledged.add(value);
        else await pause(50);
      }
      await pause(5);
    }
  };
  const kill = async () => {
    while (performance.now() + killEvery * 1000 < endsAt) {
      await pause(killEvery * 1000);
      memory.push(Math.round(server.memory()));
      await server.kill("SIGKILL");
      kills++;
      client.close();
      server = await startService(world.campaign, world.out);
      client = createClient(server.port, 16);
    }
  };
  await Promise.all([decide(), decide(), decide(), decide(), report(), report(), kill()]);
  memory.push(Math.round(server.memory()));
  client.close();
  await server.kill("SIGTERM");
  const records = openRecords(world.out);
  const found = new Map<number, number>();
  for (const { value } of records.outcomes()) found.set(value ?? 0, (found.get(value ?? 0) ?? 0) + 1);
  records.close();
  return {
    seconds,
    kills,
    answers,
    wrong,
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((value) => !found.has(value)).length,
    doubled: [...found.values()].filter((count) => count > 1).length,
    memory,
  };
}
