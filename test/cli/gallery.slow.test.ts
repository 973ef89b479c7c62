import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodePhoto } from "../../src/io/image/index.ts";
import { copySample, SAMPLES } from "../gallery/fixtures.ts";
import { folderOfTest } from "../temporary.ts";
import { lookalike } from "./capture.ts";

describe("lookalike index and match", () => {
  it("keep to the contract of the command line", async () => {
    const home = folderOfTest();
    const photos = join(home, "photos");
    const gallery = join(home, "gallery");
    for (const number of [1, 2, 3]) await copySample(number, join(photos, `${number}.jpg`));
    await writeFile(join(photos, "broken.jpg"), "no picture");

    const index = await lookalike("index", photos, "--gallery", gallery, "--json");
    expect(index.status).toBe(3);
    const report = JSON.parse(index.stdout);
    expect(Object.keys(report)).toEqual([
      "photos",
      "faces",
      "seconds",
      "skipped",
      "refusals",
      "copies",
      "tilted",
    ]);
    expect(report.photos).toEqual({ seen: 4, indexed: 3, unchanged: 0, removed: 0, refused: 1 });
    expect(report.refusals).toMatchObject([
      { photo: join(photos, "broken.jpg"), code: "ERR_PHOTO_UNREADABLE" },
    ]);
    expect(index.stderr).toContain("3 indexed");

    await rm(join(photos, "broken.jpg"));
    await writeFile(join(home, "photos.csv"), "photo,release_expires\n2.jpg,2001-01-01\n3.jpg,never\n");
    const again = await lookalike("index", photos, "--gallery", gallery, "--json");
    expect(again.status).toBe(3);
    expect(JSON.parse(again.stdout).photos).toEqual({
      seen: 3,
      indexed: 0,
      unchanged: 3,
      removed: 1,
      refused: 0,
    });
    expect(JSON.parse(again.stdout).refusals).toMatchObject([
      { photo: `${join(home, "photos.csv")}:3`, code: "ERR_LABELS_ROW_INVALID" },
    ]);

    const probe = join(SAMPLES, "sample1.jpg");
    const sheet = join(home, "sheet.png");
    const match = await lookalike(
      "match",
      probe,
      "--gallery",
      gallery,
      "--top",
      "5",
      "--json",
      "--sheet",
      sheet,
    );
    expect(match.status).toBe(0);
    const { photo, probe: found, matches } = JSON.parse(match.stdout);
    expect(photo).toBe(probe);
    expect(Object.keys(found.box)).toEqual(["x", "y", "width", "height"]);
    // The sample shows three people of similar size.
    expect(found.doubts).toContain("another face is of similar size");
    expect(matches.map((entry: { photo: string }) => entry.photo)).toEqual([join(photos, "1.jpg")]);
    expect(Object.keys(matches[0])).toEqual(["photo", "box", "distance", "resemblance"]);
    expect(matches[0].distance).toBeLessThan(1e-3);
    expect((await decodePhoto(sheet)).width).toBeGreaterThan(700);

    const all = await lookalike("match", probe, "--gallery", gallery, "--any-release");
    expect(all.stdout).toBe("");
    expect(
      all.stderr
        .trim()
        .split("\n")
        .filter((line) => !line.includes("may be wrong")),
    ).toHaveLength(3);
    expect(all.stderr).toContain("another face is of similar size; its matches may be wrong");

    const flags = ["--age", "1-99", "--weights", "age=0.1,hair=0.05", "--max-yaw", "60"];
    const weighed = await lookalike(
      "match",
      probe,
      "--gallery",
      gallery,
      "--any-release",
      "--json",
      ...flags,
    );
    const ranked = JSON.parse(weighed.stdout);
    expect(ranked.matches).toHaveLength(2);
    const same = { photo: join(photos, "1.jpg"), resemblance: expect.closeTo(0, 2) };
    expect(ranked.matches[0]).toMatchObject(same);
    const ranks = ranked.matches.map(({ resemblance }: { resemblance: number }) => resemblance);
    expect(ranks).toEqual(ranks.toSorted((a: number, b: number) => a - b));
    const nobody = await lookalike("match", probe, "--gallery", gallery, "--any-release", "--age", "0-1");
    expect(nobody.stderr).toContain("No photo of the gallery passes the filters.");

    const strict = await lookalike("match", probe, "--gallery", gallery, "--strict", "--json");
    expect(strict.status).toBe(3);
    expect(JSON.parse(strict.stdout).error.code).toBe("ERR_PHOTO_AMBIGUOUS");
  });

  it("takes many probes, answers in their order, and ranks by what an engine without some networks knows", async () => {
    const home = folderOfTest();
    const [photos, gallery] = [join(home, "photos"), join(home, "gallery")];
    const probes = await Promise.all(
      [1, 2].map((number) => copySample(number, join(photos, `${number}.jpg`))),
    );
    await lookalike("index", photos, "--gallery", gallery);
    const flags = ["--gallery", gallery, "--top", "1", "--any-release"];
    const [one = "", two = ""] = probes;
    const missing = join(home, "none.jpg");
    const match = await lookalike("match", two, missing, one, ...flags, "--json");
    expect(match.status).toBe(3);
    const lines = match.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ photo }) => photo)).toEqual([two, missing, one]);
    expect(lines[0].matches[0].photo).toBe(two);
    expect(lines[1].error.code).toBe("ERR_PHOTO_NOT_FOUND");
    expect(lines[2].matches[0].photo).toBe(one);
    const less = await lookalike("match", one, ...flags, "--json", "--no-attributes", "--no-look");
    const { resemblance, distance } = JSON.parse(less.stdout).matches[0];
    expect([resemblance, distance]).toEqual([expect.closeTo(0, 2), expect.closeTo(0, 2)]);
    const sheet = await lookalike("match", one, two, ...flags, "--sheet", join(home, "s.png"));
    expect([sheet.status, sheet.stderr]).toEqual([2, expect.stringContaining("one probe")]);
  });

  it("refuse wrong use, a missing and an empty gallery, and a probe that is none", async () => {
    const home = folderOfTest();
    const empty = join(home, "empty");
    await mkdir(empty);
    const probe = join(SAMPLES, "sample1.jpg");
    expect((await lookalike("index", empty)).status).toBe(2);
    const folder = await lookalike("index", empty, "--gallery", join(home, "gallery"));
    expect(folder.status).toBe(2);
    expect(folder.stderr).toContain("ERR_FOLDER_EMPTY");
    const missing = await lookalike("match", probe, "--gallery", join(home, "none"));
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining("ERR_GALLERY_NOT_FOUND")]);
    const none = await lookalike("match", probe, "--gallery", join(home, "gallery"));
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining("ERR_GALLERY_EMPTY")]);
    expect((await lookalike("match", probe, "--gallery", home, "--top", "0")).status).toBe(2);
    for (const wrong of [
      ["--age", "35-20"],
      ["--hair", "green"],
      ["--weights", "age=-1"],
      ["--weights", "nose=1"],
    ])
      expect((await lookalike("match", probe, "--gallery", home, ...wrong)).status).toBe(2);
  });
});
