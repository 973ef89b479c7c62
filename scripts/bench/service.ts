import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareWithRun } from "./service/equal.ts";
import { createClient } from "./service/http.ts";
import { closedLoop, openLoop } from "./service/load.ts";
import { type Server, startPeer, startService } from "./service/process.ts";
import { measureReview } from "./service/review.ts";
import { soak } from "./service/soak.ts";
import { measureWithdrawals } from "./service/withdrawal.ts";
import { type BenchWorld, findWorld, makeWorld } from "./service/world.ts";

/**
 * `npm run bench:service -- [--customers 100000] [--seconds 10] [--trials 1000] [--soak 600] [--kill-every 60]
 * [--only throughput,stored,computed,equal,review,withdrawal]` measures `lookalike serve` in a process of its own, beside
 * bare fastify with the same answers in a Map. Processor times are those of the servers, so that they can be compared on a
 * busy machine too. `--world <folder>` keeps the campaign there for the next call.
 */
const { values } = parseArgs({
  options: {
    customers: { type: "string", default: "100000" },
    seconds: { type: "string", default: "10" },
    trials: { type: "string", default: "1000" },
    soak: { type: "string", default: "0" },
    "kill-every": { type: "string", default: "60" },
    ads: { type: "string", default: "10000" },
    world: { type: "string" },
    only: { type: "string", multiple: true },
  },
});
const [customers, seconds, trials, soakSeconds] = [
  Number(values.customers),
  Number(values.seconds),
  Number(values.trials),
  Number(values.soak),
];
const parts = values.only?.flatMap((names) => names.split(","));
const wants = (part: string) => parts === undefined || parts.includes(part);
const say = (line: string) => process.stdout.write(`${line}\n`);
const ms = (value: number) => (Number.isFinite(value) ? `${value.toFixed(2)} ms` : "never");

const folder = values.world ?? (await mkdtemp(join(tmpdir(), "lookalike-bench-service-")));
try {
  const world = (await findWorld(folder)) ?? (await makeWorld(folder, customers));
  say(
    `${world.ids.length} customers in the run, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
  if (wants("throughput")) await compareThroughput(world);
  if (wants("stored")) await measureStored(world);
  if (wants("computed")) await measureComputed(world);
  if (wants("equal")) await reportEqual(world);
  if (wants("review")) await reportReview(world);
  if (soakSeconds > 0) await reportSoak(world);
  // The last, because those who withdrew get other answers from then on.
  if (wants("withdrawal")) await withService(world, reportWithdrawals);
} finally {
  if (values.world === undefined) await rm(folder, { recursive: true, force: true });
}

async function withService<T>(
  world: BenchWorld,
  work: (world: BenchWorld, server: Server) => Promise<T>,
): Promise<T> {
  const server = await startService(world.campaign, world.out);
  try {
    return await work(world, server);
  } finally {
    await server.kill("SIGTERM");
  }
}

function storedBody({ ids }: BenchWorld, i: number): string {
  return JSON.stringify({ customer_id: ids[(i * 7919) % ids.length] });
}

/** As many requests as each server can answer over 50 connections, in alternating rounds. */
async function compareThroughput(world: BenchWorld): Promise<void> {
  const peer = await startPeer(world.out);
  const own = await startService(world.campaign, world.out);
  const servers = { "bare fastify with a Map": peer, "lookalike serve": own };
  const sums = new Map(
    Object.keys(servers).map((name) => [name, { sent: 0, cpu: 0, seconds: 0, failed: 0 }]),
  );
  for (let round = 0; round < 5; round++) {
    for (const [name, server] of Object.entries(servers)) {
      const client = createClient(server.port, 50);
      const send = async (i: number) =>
        (await client.post("/v1/decisions", storedBody(world, i))).status === 200;
      await closedLoop({ workers: 50, seconds: round === 0 ? 2 : 0.3 }, send);
      const before = server.cpu();
      const { sent, failed, perSecond } = await closedLoop({ workers: 50, seconds: seconds / 5 }, send);
      const sum = sums.get(name);
      if (sum !== undefined) {
        sum.sent += sent;
        sum.failed += failed;
        sum.cpu += server.cpu() - before;
        sum.seconds += sent / perSecond;
      }
      client.close();
    }
  }
  say("stored decisions, closed loop over 50 connections | requests/s | processor time a request | failed");
  const costs: number[] = [];
  for (const [name, { sent, cpu, seconds: elapsed, failed }] of sums) {
    costs.push(cpu / sent);
    say(`${name} | ${Math.round(sent / elapsed)} | ${((1e6 * cpu) / sent).toFixed(0)} µs | ${failed}`);
  }
  const [least = 0, ours = 1] = costs;
  say(`share of bare fastify, by processor time: ${((100 * least) / ours).toFixed(0)} %\n`);
  await peer.kill("SIGTERM");
  await own.kill("SIGTERM");
}

async function measureStored(world: BenchWorld): Promise<void> {
  for (const [name, start] of [
    ["bare fastify with a Map", () => startPeer(world.out)],
    ["lookalike serve", () => startService(world.campaign, world.out)],
  ] as const) {
    const server = await start();
    const client = createClient(server.port, 64);
    const send = async (i: number) =>
      (await client.post("/v1/decisions", storedBody(world, i))).status === 200;
    await openLoop({ perSecond: 1000, seconds: 3, send });
    const { perSecond, p50, p99, most, failed } = await openLoop({ perSecond: 2000, seconds, send });
    say(
      `stored, open loop at 2,000/s: ${name} | ${Math.round(perSecond)}/s | p50 ${ms(p50)} | p99 ${ms(p99)} | most ${ms(most)} | failed ${failed}`,
    );
    client.close();
    await server.kill("SIGTERM");
  }
  say("");
}

async function measureComputed(world: BenchWorld): Promise<void> {
  await withService(world, async (_, server) => {
    const client = createClient(server.port, 64);
    const send = async (i: number) => {
      const features = { age: 18 + (i % 60), residence: "Utrecht", tenure_months: i % 90 };
      const { status, body } = await client.post(
        "/v1/decisions",
        JSON.stringify({ customer_id: `new-${i}`, features }),
      );
      return status === 200 && JSON.parse(body).source === "computed";
    };
    await openLoop({ perSecond: 100, seconds: 3, send: (i) => send(i + 1_000_000) });
    const before = server.cpu();
    const { sent, perSecond, p50, p99, most, failed } = await openLoop({ perSecond: 300, seconds, send });
    const cost = ((1e6 * (server.cpu() - before)) / sent).toFixed(0);
    say(
      `computed, open loop at 300/s | ${Math.round(perSecond)}/s | p50 ${ms(p50)} | p99 ${ms(p99)} | most ${ms(most)} | ${cost} µs a request | failed ${failed}\n`,
    );
    client.close();
  });
}

async function reportWithdrawals(world: BenchWorld, { port }: Server): Promise<void> {
  const {
    trials: done,
    late,
    longest,
    p50,
    p99,
  } = await measureWithdrawals(world, port, { trials, perSecond: 300 });
  say(
    `withdrawals, ${done} trials under 300 decisions/s | a look-alike after it: ${late} (last ${ms(longest)}) | first answer without one p50 ${ms(p50)}, p99 ${ms(p99)}\n`,
  );
}

async function reportSoak(world: BenchWorld): Promise<void> {
  const found = await soak(world, { seconds: soakSeconds, killEvery: Number(values["kill-every"]) });
  say(
    `soak of ${found.seconds} s, ${found.kills} kills | answers ${found.answers}, wrong ${found.wrong} | outcomes acknowledged ${found.acknowledged}, lost ${found.lost}, doubled ${found.doubled} | memory of each life, MB: ${found.memory.join(", ")}`,
  );
}

async function reportEqual(world: BenchWorld): Promise<void> {
  const { customers: count, lookalikes, different } = await compareWithRun(world, 10_000);
  say(
    `answers of the service beside a run for everyone | ${count} customers, ${lookalikes} look-alikes | different: ${JSON.stringify(different)}\n`,
  );
}

async function reportReview(world: BenchWorld): Promise<void> {
  const { ads, open, inbox, ad } = await measureReview(world, Number(values.ads), 100);
  const words = (times: readonly number[]) =>
    `p50 ${ms(times[Math.floor(times.length / 2)] ?? Number.NaN)}, p99 ${ms(times.at(-2) ?? Number.NaN)}`;
  say(
    `review of ${ads} ads in chromium | opened in ${ms(open)} | next in the inbox ${words(inbox)} | next ad ${words(ad)}\n`,
  );
}
