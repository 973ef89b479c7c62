import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import type { OpenCampaign } from "../../src/campaign/index.ts";
import { type Cluster, mergeRun, openCluster, planCustomers, work } from "../../src/cluster/index.ts";
import { openSharedFolder } from "../../src/io/shared-files/index.ts";
import { writeKeyFile } from "../../src/trust/index.ts";
import { lookalikeWith } from "../cli/capture.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { endLeases, startDatabase, type TestDatabase } from "./postgres.ts";
import { NOW, openStage, type Stage } from "./stage.ts";

/** What workers note of people, and which files they open, where the folder is on a network. */

let database: TestDatabase;
let cluster: Cluster;
let stage: Stage;

beforeAll(async () => {
  database = await startDatabase();
  cluster = await openCluster(database.url);
  stage = await openStage({ customers: 12 });
});

beforeEach(() => stage.reset());

afterAll(async () => {
  stage.remove();
  await cluster.close();
  await database.stop();
});

async function plan() {
  await using opened = await stage.open();
  const { run } = await planCustomers(cluster, opened, { data: stage.data, shardSize: 6, now: NOW });
  onTestFinished(() => cluster.runs.remove(run.id));
  return run;
}

function workOn(runId: string, onDecode: () => void | Promise<void> = () => {}, machine?: string) {
  const engine = createFakeEngine({ onDecode });
  return work(cluster, { name: "test", runId, engine, machine, untilDone: true, pollMs: 20, now: NOW });
}

const computed = ({ audit }: OpenCampaign) =>
  [...audit.entries({ action: "face.compute" })].map(({ subject }) => subject).sort();

it("every face that a worker computes is in the one log after the merge, those of a discarded attempt too", async () => {
  await stage.generate("one");
  const expected = await (async () => {
    await using opened = await stage.open();
    return computed(opened).map((subject) => subject !== null);
  })();
  expect(expected.length).toBeGreaterThan(6);
  const run = await plan();
  let decoded = 0;
  const report = await workOn(run.id, async () => {
    if (++decoded !== 2) return;
    await endLeases(cluster, run.id);
    await workOn(run.id);
  });
  expect(report).toMatchObject({ fenced: 1, failed: 0 });
  const folder = join(stage.data, run.id, "audit");
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  expect(texts).toHaveLength(2);
  for (const text of texts) expect(text).not.toMatch(/"c\d+"/);
  await using opened = await stage.open();
  const before = computed(opened);
  expect(before).toHaveLength(expected.length);
  await mergeRun(cluster, run, opened, { out: join(stage.folder, "many") });
  const after = computed(opened);
  // The log already has those of the run on one machine; the first shard was decided for twice.
  expect(after.length).toBeGreaterThan(2 * expected.length);
  expect(new Set(after)).toEqual(new Set(before));
  expect(opened.audit.verify()).toMatchObject({ status: "intact", clockSteps: 0 });
});

it("a worker opens no SQLite file of the privacy folder where the registry is in PostgreSQL", async () => {
  stage.reset(database.url);
  const run = await plan();
  const [privacy, away] = [join(stage.folder, "privacy"), join(stage.folder, "away")];
  renameSync(privacy, away);
  writeFileSync(privacy, "no folder");
  onTestFinished(() => rmSync(away, { recursive: true, force: true }));
  expect(await workOn(run.id, () => {}, "another machine")).toMatchObject({ committed: 2, failed: 0 });
  expect(readFileSync(privacy, "utf8")).toBe("no folder");
});

it("a worker on another machine rejects a registry in a file, until the run is planned there", async () => {
  const run = await plan();
  await expect(workOn(run.id, () => {}, "another machine")).rejects.toMatchObject({
    code: "ERR_REGISTRY_NOT_SHARED",
  });
  await cluster.runs.changeSettings(run.id, { machine: "before the machine started again" });
  await expect(workOn(run.id)).rejects.toMatchObject({ code: "ERR_REGISTRY_NOT_SHARED" });
  expect((await plan()).id).toBe(run.id);
  expect(await workOn(run.id)).toMatchObject({ committed: 2, failed: 0 });
});

it("no face is computed once the journal cannot be written", async () => {
  const run = await plan();
  let decoded = 0;
  const report = workOn(run.id, () => {
    decoded++;
    rmSync(join(stage.data, run.id, "audit"), { recursive: true, force: true });
  });
  await expect(report).rejects.toMatchObject({ code: "ERR_OUTPUT_UNWRITABLE" });
  // At most those that were noted before the file was removed: four ads are under way at once.
  expect(decoded).toBeLessThanOrEqual(4);
  const file = openSharedFolder(stage.data).appendTo("once.txt");
  onTestFinished(() => file.close());
  file.append("a");
  rmSync(join(stage.data, "once.txt"));
  const unwritable = expect.objectContaining({ code: "ERR_OUTPUT_UNWRITABLE" });
  expect(() => file.append("b")).toThrow(unwritable);
  expect(() => file.append("c")).toThrow(unwritable);
  expect(() => openSharedFolder(stage.campaign).appendTo("x")).toThrow(unwritable);
});

it("commands find the registry in PostgreSQL, and the log in the privacy folder", async () => {
  stage.reset(database.url);
  // A run's manifest has the address without its password.
  vi.stubEnv("PGPASSWORD", new URL(database.url).password);
  onTestFinished(() => void vi.unstubAllEnvs());
  const many = join(stage.folder, "many");
  await stage.generate("many");
  const lookalike = (...args: string[]) => lookalikeWith(createFakeEngine(), ...args);
  const exported = await lookalike(
    "export",
    "--out",
    many,
    "--format",
    "csv",
    "--base-url",
    "https://ads.example/",
  );
  expect(exported).toMatchObject({ status: 0 });
  const examined = await lookalike("doctor", "--campaign", stage.campaign);
  expect(examined.stderr).toMatch(/privacy files: 0 consents/);
  const key = join(stage.folder, "key");
  await writeKeyFile(key);
  onTestFinished(() => rmSync(key));
  expect(await lookalike("rekey", "--campaign", stage.campaign, "--to", key)).toMatchObject({ status: 0 });
  const listed = await lookalike("audit", "list", "--campaign", stage.campaign, "--key-file", key);
  expect(listed.stderr).toMatch(/ export .* rekey /s);
  expect(readdirSync(process.cwd()).filter((name) => name.startsWith("postgres"))).toEqual([]);
});
