import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import {
  type Cluster,
  mergePhotosRun,
  openCluster,
  type PlanPhotosOptions,
  planPhotos,
  work,
} from "../../src/cluster/index.ts";
import { LookalikeError } from "../../src/core/index.ts";
import { type Gallery, openGallery } from "../../src/gallery/index.ts";
import { encodeImage } from "../../src/io/image/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { startDatabase, type TestDatabase } from "./postgres.ts";
import { NOW, openStage } from "./stage.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(async () => {
  await database.stop();
});

/** Photos of different faces, a copy, one without a face, one that is broken, and labels for some. */
async function writeInventory(folder: string): Promise<void> {
  mkdirSync(join(folder, "below"), { recursive: true });
  for (let i = 0; i < 17; i++) {
    const data = Uint8Array.from(
      { length: 64 * 64 * 3 },
      (_, at) => (at * (i + 3) * 7 + ((at >> 5) % (i + 2)) * 40) % 256,
    );
    const bytes = await encodeImage({ width: 64, height: 64, data }, { format: "png" });
    writeFileSync(join(folder, i % 3 === 0 ? "below" : ".", `p${i}.png`), bytes);
  }
  copyFileSync(join(folder, "p1.png"), join(folder, "z-twin.png"));
  const plain = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(90) };
  writeFileSync(join(folder, "plain.png"), await encodeImage(plain, { format: "png" }));
  writeFileSync(join(folder, "broken.jpg"), "no photo");
  writeFileSync(join(folder, "photos.csv"), "photo,tags,release_id\np1.png,summer,r1\np2.png,winter,r2\n");
}

async function contentsOf(gallery: Gallery) {
  const photos = [];
  for await (const photo of gallery.photos()) photos.push(photo);
  const probe = photos[0]?.path;
  const found = probe === undefined ? [] : await gallery.match(await embeddingOf(probe), { top: 30 });
  return { photos, matches: found.map(({ photo, distance }) => [photo.path, distance]) };
}

async function embeddingOf(photo: string): Promise<Float32Array> {
  const { faces } = await createFakeEngine().describe(photo);
  return faces[0]?.embedding ?? new Float32Array(128);
}

/** A plan of the same photos whose process was killed before it ended. */
async function interruptedPlan(cluster: Cluster, data: string, options: PlanPhotosOptions): Promise<string> {
  const runs: Cluster["runs"] = {
    ...cluster.runs,
    start: () => Promise.reject(new LookalikeError("ERR_POSTGRES_UNREACHABLE", "killed")),
  };
  await expect(planPhotos({ ...cluster, runs }, options)).rejects.toMatchObject({
    code: "ERR_POSTGRES_UNREACHABLE",
  });
  const [run, ...others] = await cluster.runs.list();
  expect([run?.state, others]).toEqual(["planning", []]);
  expect(readdirSync(join(data, run?.id ?? ""))).toEqual(["input", "inputs.json"]);
  return run?.id ?? "";
}

it("an inventory that three workers index is the gallery of one machine", async () => {
  const stage = await openStage({ customers: 1 });
  onTestFinished(() => stage.remove());
  const photos = join(stage.folder, "inventory");
  await writeInventory(photos);
  const engine = createFakeEngine();
  const [one, many] = [
    await openGallery(join(stage.folder, "one")),
    await openGallery(join(stage.folder, "many")),
  ];
  onTestFinished(async () => {
    await one.close();
    await many.close();
  });
  const alone = await one.index([photos], engine);
  const cluster = await openCluster(database.url);
  onTestFinished(() => cluster.close());
  const options = { inventory: [photos], data: stage.data, engine, vault: null, shardSize: 4 };
  const interrupted = await interruptedPlan(cluster, stage.data, options);
  const { run } = await planPhotos(cluster, options);
  expect(readdirSync(stage.data)).toEqual([run.id]);
  await expect(cluster.runs.find(interrupted)).rejects.toMatchObject({ code: "ERR_CLUSTER_RUN_UNKNOWN" });
  expect((await planPhotos(cluster, options)).isResumed).toBe(true);
  const engines = [1, 2, 3].map(() => createFakeEngine());
  const reports = await Promise.all(
    engines.map((own, i) =>
      work(cluster, { name: `w${i}`, runId: run.id, engine: own, untilDone: true, pollMs: 20, now: NOW }),
    ),
  );
  expect(reports.reduce((sum, { committed }) => sum + committed, 0)).toBe(5);
  const merger = createFakeEngine();
  const into = { gallery: many, engine: merger, keep: true };
  await expect(mergePhotosRun(cluster, run, { ...into, inventory: [stage.folder] })).rejects.toMatchObject({
    code: "ERR_CLUSTER_INPUTS_DIFFER",
  });
  const report = await mergePhotosRun(cluster, run, { ...into, inventory: [photos] });
  // The broken one is read again only where its refusal may pass.
  expect(merger.decoded).toEqual([]);
  expect({ ...report.photos, indexed: 0, unchanged: 0 }).toEqual({
    ...alone.photos,
    indexed: 0,
    unchanged: 0,
  });
  expect([report.faces, report.labels.applied]).toEqual([alone.faces, alone.labels.applied]);
  expect(await contentsOf(many)).toEqual(await contentsOf(one));
  expect(readdirSync(join(stage.data, run.id, "index"))).toHaveLength(5);
  await expect(
    planPhotos(cluster, { ...options, inventory: [join(stage.folder, "nothing.txt")] }),
  ).rejects.toMatchObject({ code: "ERR_PHOTO_NOT_FOUND" });
});
