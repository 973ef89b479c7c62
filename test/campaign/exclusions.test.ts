import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openExclusions } from "../../src/campaign/deciding/exclusions.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { blocks, writePhoto } from "../gallery/fixtures.ts";

describe("a photo that reviewers excluded", () => {
  it.each([
    ["another Unicode form", "photos/zoe\u0308.png"],
    ["another case", "photos/ZO\u00cb.png"],
    ["separators of Windows", "photos\\zo\u00eb.png"],
    ["blanks around", "\u00a0photos/zo\u00eb.png "],
  ])("is excluded by its path with %s", async (_, written) => {
    const folder = await mkdtemp(join(tmpdir(), "lookalike-exclusions-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writePhoto(join(folder, "photos/zo\u00eb.png"), blocks(1));
    await writePhoto(join(folder, "photos/other.png"), blocks(2));
    const gallery = await openGallery(join(folder, "gallery"));
    await gallery.index([join(folder, "photos")], createFakeEngine());
    const file = join(folder, "exclusions.csv");
    writeFileSync(file, `photo,offer,reason\n${written},,no\n`);
    const excluded = await openExclusions(file, gallery);
    expect([...excluded("apple")]).toEqual([join(folder, "photos/zo\u00eb.png")]);
    await gallery.close();
  });
});
