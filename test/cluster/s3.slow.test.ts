import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { OpenCampaign } from "../../src/campaign/index.ts";
import {
  type Cluster,
  eraseFromRuns,
  mergePhotosRun,
  mergeRun,
  openCluster,
  planCustomers,
  planPhotos,
  removeRun,
  work,
} from "../../src/cluster/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { openSharedFiles } from "../../src/io/shared-files/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { endLeases, startDatabase, type TestDatabase } from "./postgres.ts";
import { type S3Server, startS3 } from "./s3-server.ts";
import { contentsOf, NOW, openStage, type Stage } from "./stage.ts";

/** Runs whose shared files are in a bucket. */

let database: TestDatabase;
let cluster: Cluster;
let server: S3Server;
/** Its run on one machine is in `one`. */
let stage: Stage;

beforeAll(async () => {
  [database, server] = await Promise.all([startDatabase(), startS3()]);
  for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
  cluster = await openCluster(database.url);
  stage = await openStage({ customers: 12 });
  await stage.generate("one");
});

beforeEach(() => stage.reset());

afterAll(async () => {
  vi.unstubAllEnvs();
  stage.remove();
  await cluster.close();
  await server.stop();
  await database.stop();
});

async function plan(shardSize = 5) {
  await using opened = await stage.open();
  const { run } = await planCustomers(cluster, opened, { data: server.root, shardSize, now: NOW });
  onTestFinished(() => cluster.runs.remove(run.id));
  return run;
}

function workOn(runId: string, onDecode: () => void | Promise<void> = () => {}) {
  const engine = createFakeEngine({ onDecode });
  const workFolder = join(stage.folder, "work");
  mkdirSync(workFolder, { recursive: true });
  return work(cluster, { name: "test", runId, engine, workFolder, untilDone: true, pollMs: 20, now: NOW });
}

async function merge(runId: string, { keep = false } = {}): Promise<void> {
  await using opened = await stage.open();
  const run = await cluster.runs.find(runId);
  await mergeRun(cluster, run, opened, { out: join(stage.folder, "many"), keep });
}

/** The texts of the run's objects in the bucket, by name. */
async function objectsOf(runId: string): Promise<Map<string, string>> {
  const files = openSharedFiles(server.root);
  const names = await files.list(runId);
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, (await files.read(name)).toString("latin1")] as const),
    ),
  );
}

const computed = ({ audit }: OpenCampaign) => [...audit.entries({ action: "face.compute" })].length;

describe("a run in a bucket", () => {
  it("comes to the files of one machine, also after a discarded attempt, and leaves nothing behind", async () => {
    const run = await plan();
    let isFirst = true;
    const report = await workOn(run.id, async () => {
      if (!isFirst) return;
      isFirst = false;
      await endLeases(cluster, run.id);
      expect(await workOn(run.id)).toMatchObject({ committed: 3, failed: 0 });
    });
    expect(report).toMatchObject({ committed: 0, fenced: 1, failed: 0 });
    expect(readdirSync(join(stage.folder, "work"))).toEqual([]);
    const journals = await cluster.journals.read(run.id);
    expect(journals.size).toBe(2);
    for (const text of journals.values()) expect(text).not.toMatch(/"c\d+"/);
    await merge(run.id);
    expect(contentsOf(join(stage.folder, "many"))).toEqual(contentsOf(join(stage.folder, "one")));
    await using opened = await stage.open();
    // Nine customers have a portrait and a consent; the first shard was decided for twice.
    const entries = [...journals.values()].join("").trim().split("\n").length;
    expect([computed(opened), opened.audit.verify().status]).toEqual([entries, "intact"]);
    expect((await cluster.journals.read(run.id)).size).toBe(0);
    expect((await objectsOf(run.id)).size).toBe(0);
  });

  it("loses an erased person: inputs, decisions, attempts without a commit, and creatives with own values", async () => {
    const run = await plan();
    await workOn(run.id);
    const files = openSharedFiles(server.root);
    const decided = [...(await objectsOf(run.id))].find(
      ([name, text]) => name.includes("/decide/") && text.includes('"c8"'),
    );
    await files.write(`${run.id}/decide/1/killed-0.jsonl`, decided?.[1] ?? "");
    const pictures = async () => (await files.list(run.id)).filter((name) => name.endsWith(".jpg")).length;
    const before = await pictures();
    {
      await using opened = await stage.open();
      opened.consents.erase("c8", NOW());
      expect((await eraseFromRuns(cluster, "c8", null)).runs).toEqual([run.id]);
    }
    for (const [name, text] of await objectsOf(run.id)) {
      if (name.endsWith(".jsonl")) expect(text).not.toContain('"c8"');
    }
    // Its ad names its age, and nobody else is as old.
    expect(await pictures()).toBe(before - 1);
    await merge(run.id);
    expect(readFileSync(join(stage.folder, "many/decisions.jsonl"), "utf8")).not.toContain('"c8"');
  });

  it("computes no face after it was removed", async () => {
    const run = await plan(12);
    let decoded = 0;
    const report = workOn(run.id, async () => {
      // The first is the default photo.
      if (++decoded !== 2) return;
      await using opened = await stage.open();
      await removeRun(cluster, run, opened);
    });
    await expect(report).rejects.toMatchObject({ code: "ERR_OUTPUT_UNWRITABLE" });
    // At most those that were noted before: four ads are under way at once. Nine customers have a portrait.
    expect(decoded).toBeLessThanOrEqual(5);
  });

  it("is found damaged when it is merged", async () => {
    const run = await plan();
    await workOn(run.id);
    const [{ files: [file] = [] } = {}] = await cluster.shards.outputs(run.id, 0);
    await openSharedFiles(server.root).write(file?.name ?? "", "changed\n");
    await expect(merge(run.id)).rejects.toMatchObject({ code: "ERR_SHARD_DAMAGED" });
  });
});

it("photos that workers index by way of a bucket are in the merged gallery", async () => {
  const engine = createFakeEngine();
  const inventory = [join(stage.folder, "photos")].filter((path) => existsSync(path));
  if (inventory.length === 0) inventory.push(join(stage.folder, "portraits"));
  const options = { inventory, data: server.root, engine, vault: null, shardSize: 2 };
  const { run } = await planPhotos(cluster, options);
  expect(await workOn(run.id)).toMatchObject({ failed: 0 });
  const [one, many] = [
    await openGallery(join(stage.folder, "g-one")),
    await openGallery(join(stage.folder, "g-many")),
  ];
  onTestFinished(async () => {
    await one.close();
    await many.close();
  });
  const alone = await one.index(inventory, engine);
  const merger = createFakeEngine();
  const report = await mergePhotosRun(cluster, run, { gallery: many, inventory, engine: merger });
  expect([report.faces, merger.decoded]).toEqual([alone.faces, []]);
  expect((await objectsOf(run.id)).size).toBe(0);
});

it("a store that is away has a code, and the shard goes to another worker", async () => {
  const run = await plan();
  vi.stubEnv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1");
  try {
    await expect(workOn(run.id)).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_(SOURCE_NOT_FOUND|OUTPUT_UNWRITABLE)$/),
    });
  } finally {
    vi.stubEnv("AWS_ENDPOINT_URL_S3", server.env.AWS_ENDPOINT_URL_S3);
  }
  expect(await workOn(run.id)).toMatchObject({ committed: 3, failed: 0 });
});
