import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { FaceEngine } from "../../src/faces/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { decodePhoto, encodeImage } from "../../src/io/image/index.ts";
import { built } from "../built.ts";
import { openEngine } from "../faces/shared-engine.ts";
import { SAMPLES } from "../gallery/fixtures.ts";
import { folderOfFile } from "../temporary.ts";
import { lookalike, lookalikeWith } from "./capture.ts";

/** Enough of both that a command is at work for seconds after it has begun. */
const PHOTOS = 24;
const CONSENTS = 60_000;

const folder = folderOfFile();

/** Runs a command line in a process of its own and interrupts it (Ctrl-C) as soon as `isTime`. */
async function interrupt(args: readonly string[], isTime: () => Promise<boolean>) {
  const child = spawn(process.execPath, [await built("cli/main.js"), ...args]);
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdout.resume();
  // What takes longer than two seconds to stop dies of the signal, which is 130 to a shell.
  const ended = new Promise<number | null>((done) => {
    child.on("close", (code, signal) => done(signal === "SIGINT" ? 130 : code));
  });
  while (child.exitCode === null && !(await isTime())) await sleep(60);
  child.kill("SIGINT");
  return { status: await ended, stderr };
}

describe("an interrupted command ends with status 130 and leaves what it has whole", () => {
  it("index: what was taken in stays, and the next run takes in the rest", async () => {
    const photos = join(folder, "photos");
    mkdirSync(photos);
    const { image } = await decodePhoto(join(SAMPLES, "sample1.jpg"), { maxSide: 400 });
    const sample = await encodeImage(image, { format: "jpeg" });
    for (let i = 0; i < PHOTOS; i++)
      writeFileSync(join(photos, `${i}.jpg`), Buffer.concat([sample, Buffer.from([i])]));
    const home = join(folder, "gallery");
    const count = async () => {
      const gallery = await openGallery(home, { mustExist: true }).catch(() => null);
      let n = 0;
      if (gallery !== null) for await (const _ of gallery.photos()) n++;
      await gallery?.close();
      return n;
    };
    const { status, stderr } = await interrupt(
      ["index", photos, "--gallery", home, "--jobs", "1", "--no-attributes", "--no-look"],
      async () => (await count()) > 2,
    );
    expect([status, stderr]).toEqual([130, expect.stringContaining("Run the same command again")]);
    const kept = await count();
    expect(kept).toBeGreaterThan(1);
    expect(kept).toBeLessThan(PHOTOS);
    // The photos differ in a byte after the picture: their faces are the same.
    const engine = await openEngine({ attributes: false, look: false });
    const faces = await engine.describe(sample);
    const one: FaceEngine = {
      ...engine,
      async *describeAll(taken) {
        for await (const photo of taken) yield { status: "described", photo, ...faces };
      },
    };
    const flags = ["--no-attributes", "--no-look", "--json"];
    const again = await lookalikeWith(one, "index", photos, "--gallery", home, ...flags);
    expect(JSON.parse(again.stdout).photos).toEqual({
      seen: PHOTOS,
      indexed: PHOTOS - kept,
      unchanged: kept,
      removed: 0,
      refused: 0,
    });
  });

  it("consent import: whole batches stay, and the registry holds together", async () => {
    const rows = Array.from({ length: CONSENTS }, (_, i) => `c-${i},face_matching,2026-01-01,written`);
    const file = join(folder, "consents.csv");
    writeFileSync(file, `customer_id,purpose,given_at,method\n${rows.join("\n")}\n`);
    const importing = async (attempt: number) => {
      const privacy = join(folder, `privacy-${attempt}`);
      const log = join(privacy, "consents.db-wal");
      const isTime = async () => existsSync(log) && statSync(log).size > 300_000;
      const { status } = await interrupt(["consent", "import", file, "--privacy", privacy], isTime);
      const again = await lookalike("consent", "import", file, "--privacy", privacy, "--json");
      return { status, ...JSON.parse(again.stdout) };
    };
    let found = await importing(0);
    // On a busy machine the command may have ended before the signal.
    for (let i = 1; i < 6 && found.unchanged === CONSENTS; i++) found = await importing(i);
    const { status, imported, unchanged, refused } = found;
    expect(status).toBe(130);
    expect([imported + unchanged, refused]).toEqual([CONSENTS, 0]);
    expect(unchanged).toBeGreaterThan(0);
    expect(unchanged).toBeLessThan(CONSENTS);
  });

  it("train: no half model appears", async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, i) => `${["none", "a", "b"][i % 3]},${(i * 7919) % 11 === 0 ? 1 : 0},${i % 50},${i % 7}`,
    );
    const log = join(folder, "experiment.csv");
    writeFileSync(log, `offer_id,converted,age,visits\n${rows.join("\n")}\n`);
    mkdirSync(join(folder, "models"));
    const startedAt = Date.now();
    const isTime = async () => Date.now() - startedAt > 2500;
    const { status } = await interrupt(
      ["train", "--log", log, "--model", join(folder, "models/m.json"), "--jobs", "1"],
      isTime,
    );
    expect(status).toBe(130);
    expect(readdirSync(join(folder, "models"))).toEqual([]);
  });
});
