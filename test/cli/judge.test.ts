import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { expect, it } from "vitest";
import { runCli } from "../../src/cli/run.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { blocks, writePhoto, writePhotos } from "../gallery/fixtures.ts";
import { drawPeople } from "../learning/resemblance/world.ts";
import { folderOfTest } from "../temporary.ts";

it("shows raters no photo that was withdrawn or replaced, also while they judge", async () => {
  const home = folderOfTest();
  const photos = join(home, "photos");
  await writePhotos(photos, "abcdefg");
  const people = [...drawPeople(7, 1).values()];
  const features = (photo: string) => people["abcdefg".indexOf(photo.at(-5) ?? "")] ?? new Float32Array();
  const engine = createFakeEngine({ features });
  const gallery = await openGallery(join(home, "gallery"));
  const label = async (...rows: string[]) => {
    writeFileSync(
      join(home, "photos.csv"),
      ["photo,release_id,release_expires,release_withdrawn", ...rows, ""].join("\n"),
    );
    await gallery.index([photos], engine);
  };
  await label("a.png,R-1,,2026-01-01", "b.png,R-2,2020-01-01,");
  const hashes = new Map<string, string>();
  for await (const { path, hash } of gallery.photos()) hashes.set(path.at(-5) ?? "", hash);
  const stdout = new PassThrough();
  const args = ["judge", "--gallery", join(home, "gallery"), "--rater", "anna", "--questions", "1", "--json"];
  const context = { stderr: new Writable({ write: (_, __, done) => done() }), env: {} };
  // A folder, a pipe or a device takes no answers.
  expect(await runCli([...args, "--out", photos], { ...context, stdout: new PassThrough() })).toBe(2);
  const ended = runCli([...args, "--out", join(home, "answers.jsonl")], { ...context, stdout });
  const line = String(await new Promise((resolve) => stdout.once("data", resolve)));
  const { url } = JSON.parse(line) as { url: string };
  const first = await fetch(url, { redirect: "manual" });
  const cookie = first.headers.get("set-cookie")?.split(";")[0] ?? "";
  const call = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), { ...init, headers: { cookie } });
  const shown = async () => {
    const seen = await Promise.all(
      [..."abcdefg"].map(async (name) => ((await call(`/photo/${hashes.get(name)}`)).ok ? name : "")),
    );
    return seen.join("");
  };
  expect(await shown()).toBe("cdefg");
  await label("c.png,R-3,,2026-11-27");
  await writePhoto(join(photos, "d.png"), blocks(99));
  rmSync(join(photos, "e.png"));
  expect(await shown()).toBe("fg");
  await call("/answer", { method: "POST", body: '{"answer":"skip"}' });
  expect(await ended).toBe(0);
  await gallery.close();
});
