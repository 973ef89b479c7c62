import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDatabase, type TestDatabase } from "../cluster/postgres.ts";
import { contentsOf, openStage, type Stage } from "../cluster/stage.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { lookalikeWith } from "./capture.ts";

let database: TestDatabase;
let stage: Stage;

beforeAll(async () => {
  [database, stage] = [await startDatabase(), await openStage({ customers: 12 })];
});

afterAll(async () => {
  stage.remove();
  await database.stop();
});

const lookalike = (...args: string[]) => lookalikeWith(createFakeEngine(), ...args);

describe("lookalike cluster and worker", () => {
  it("plan, work and merge a run that equals one of generate", async () => {
    const flags = ["--database", database.url];
    const named = ["--campaign", stage.campaign];
    const [one, many] = [join(stage.folder, "one"), join(stage.folder, "many")];
    // Two rows of the customers' file are rejected, here and there.
    expect(await lookalike("generate", ...named, "--out", one)).toMatchObject({ status: 3 });
    const size = ["--shard-size", "5", "--refused", join(stage.folder, "refused.csv")];
    const plan = await lookalike("cluster", "plan", ...named, ...flags, ...size, "--data", stage.data);
    expect(plan).toMatchObject({ status: 3, stderr: expect.stringContaining("Planned") });
    expect(readFileSync(join(stage.folder, "refused.csv"), "utf8").match(/ERR_ROW_ID/g)).toHaveLength(2);
    const early = await lookalike("cluster", "merge", ...named, ...flags, "--out", many);
    expect(early).toMatchObject({ stderr: expect.stringContaining("ERR_CLUSTER_RUN_UNKNOWN") });
    const work = await lookalike("worker", ...flags, "--until-done");
    expect(work).toMatchObject({ status: 0, stderr: expect.stringContaining("3 shards committed with 12") });
    const other = join(stage.folder, "other.yaml");
    copyFileSync(stage.campaign, other);
    expect(
      await lookalike("cluster", "merge", "--campaign", other, ...flags, "--out", join(stage.folder, "none")),
    ).toMatchObject({ status: 2, stderr: expect.stringContaining("ERR_CLUSTER_RUN_UNKNOWN") });
    const merge = await lookalike("cluster", "merge", ...named, ...flags, "--out", many);
    expect(merge).toMatchObject({ status: 3, stderr: expect.stringContaining("12 decisions") });
    expect(contentsOf(many)).toEqual(contentsOf(one));
    const status = await lookalike("cluster", "status", ...flags);
    expect(status).toMatchObject({ status: 0, stderr: expect.stringContaining("merged") });
  });

  it("plan, work and merge photos into the campaign's gallery", async () => {
    const flags = ["--database", database.url, "--campaign", stage.campaign];
    rmSync(join(stage.folder, "gallery"), { recursive: true, force: true });
    const data = join(stage.folder, "shared-photos");
    expect(await lookalike("cluster", "plan", ...flags, "--photos", "--data", data)).toMatchObject({
      status: 0,
    });
    expect(await lookalike("worker", "--database", database.url, "--until-done")).toMatchObject({
      status: 0,
    });
    expect(await lookalike("cluster", "merge", ...flags)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("faces of"),
    });
  });

  it("remove a run, with its files", async () => {
    const flags = ["--database", database.url, "--campaign", stage.campaign];
    expect(await lookalike("cluster", "plan", ...flags, "--data", stage.data)).toMatchObject({ status: 3 });
    const [run] = readdirSync(stage.data).filter((name) => name.startsWith("customers-"));
    expect(await lookalike("cluster", "remove", ...flags, "--run", String(run))).toMatchObject({ status: 0 });
    expect(readdirSync(stage.data)).not.toContain(run);
    const work = await lookalike("worker", "--database", database.url, "--until-done", "--run", String(run));
    expect(work).toMatchObject({ stderr: expect.stringContaining("ERR_CLUSTER_RUN_UNKNOWN") });
  });

  it("erase a customer from the shared files of a run", async () => {
    const flags = ["--database", database.url, "--campaign", stage.campaign];
    expect(await lookalike("cluster", "plan", ...flags, "--data", stage.data)).toMatchObject({ status: 3 });
    const [run = ""] = readdirSync(stage.data).filter((name) => name.startsWith("customers-"));
    const named = () =>
      readdirSync(join(stage.data, run), { recursive: true, encoding: "utf8", withFileTypes: true })
        .filter((entry) => entry.isFile())
        .filter((entry) =>
          /(^|[^a-z0-9])c7([^a-z0-9]|$)/m.test(readFileSync(join(entry.parentPath, entry.name), "latin1")),
        )
        .map(({ name }) => name);
    expect(named()).not.toEqual([]);
    const erased = await lookalike("erase", "c7", ...flags);
    expect(erased).toMatchObject({ status: 0, stderr: expect.stringContaining(`of shared runs: ${run}`) });
    expect(named()).toEqual([]);
    expect(await lookalike("cluster", "remove", ...flags, "--run", run)).toMatchObject({ status: 0 });
  });

  it("plan and merge logs, and refuse flags of different runs", async () => {
    const calls = "caller_id,callee_id,started_at,duration_s\nc1,c2,2026-02-01,5\nc2,c3,2026-02-02,6\n";
    writeFileSync(join(stage.folder, "calls.csv"), calls);
    const text = readFileSync(stage.campaign, "utf8");
    writeFileSync(stage.campaign, text.replace("inputs:\n", "inputs:\n  calls: { path: calls.csv }\n"));
    const flags = ["--database", database.url, "--campaign", stage.campaign];
    const plan = ["cluster", "plan", ...flags, "--data", stage.data];
    for (const wrong of [
      ["--photos", "--logs"],
      ["--logs", "--features", "x"],
      ["--partitions", "2"],
    ]) {
      const refused = await lookalike(...plan, ...wrong);
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("ERR_OPTION_INVALID") });
    }
    expect(await lookalike(...plan, "--logs", "--partitions", "2")).toMatchObject({ status: 0 });
    expect(await lookalike("worker", "--database", database.url, "--until-done")).toMatchObject({
      status: 0,
    });
    const features = join(stage.folder, "features");
    expect(await lookalike("cluster", "merge", ...flags, "--out", features)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("features of 2 subscribers"),
    });
    expect(await lookalike(...plan, "--features", features)).toMatchObject({ status: 3 });
  });

  it("a worker waits for a database that is away", async () => {
    const away = "postgres://lookalike@127.0.0.1:1/none";
    expect(await lookalike("worker", "--database", away, "--patience", "1")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/Retrying[\s\S]*ERR_POSTGRES_UNREACHABLE/),
    });
  });
});
