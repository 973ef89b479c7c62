import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cropImage, decodePhoto, encodeImage } from "../../src/io/image/index.ts";
import { SAMPLES } from "../faces/fixtures.ts";
import { sharedEngine } from "../faces/shared-engine.ts";
import { folderOfTest } from "../temporary.ts";
import { lookalike } from "./capture.ts";

/** A folder per person of a group photo: the head, and the same head smaller and in a lower quality. */
async function cutPeople(home: string): Promise<void> {
  const engine = await sharedEngine();
  const source = SAMPLES[0] as string;
  const { faces } = await engine.describe(source);
  const { image, scaleX } = await decodePhoto(source, { maxSide: 4000 });
  for (const [i, { box }] of faces.entries()) {
    const side = (1.7 * Math.max(box.width, box.height)) / scaleX;
    const region = {
      x: (box.x + box.width / 2) / scaleX - side / 2,
      y: (box.y + box.height / 2) / scaleX - side / 2,
      width: side,
      height: side,
    };
    const folder = join(home, `person ${i}`);
    await mkdir(folder, { recursive: true });
    for (const [name, size, quality] of [
      ["a.jpg", 240, 92],
      ["b.jpg", 130, 60],
    ] as const) {
      const head = await cropImage(image, region, size, size);
      await writeFile(join(folder, name), await encodeImage(head, { format: "jpeg", quality }));
    }
  }
}

describe("lookalike evaluate faces", () => {
  it("measures a folder of people, writes the page, and names what it could not read", async () => {
    const home = folderOfTest();
    const people = join(home, "people");
    await cutPeople(people);
    await writeFile(join(people, "person 0", "broken.jpg"), "no picture");
    await writeFile(join(home, "people.csv"), "person,side\nperson 0,left\nperson 1,right\nperson 2,left\n");
    const html = join(home, "faces.html");
    const run = await lookalike(
      ...["evaluate", "faces", people, "--folds", "2", "--people", join(home, "people.csv")],
      ...["--by", "side", "--html", html, "--json", "--jobs", "1"],
    );
    expect(run.status).toBe(3);
    const report = JSON.parse(run.stdout);
    expect(report).toMatchObject({
      face: "prominent",
      photos: 6,
      undetected: [],
      refused_photos: [{ photo: "person 0/broken.jpg", code: "ERR_PHOTO_UNREADABLE" }],
      verification: { pairs: 15, same: 3, undetected: 0, auc: { value: expect.any(Number) } },
      identification: { enrolled: 3, probes: 3, undetected: 0, rank_1: { value: 1, of: 3 } },
    });
    expect(report.verification.tar_at_far.map(({ far }: { far: number }) => far)).toEqual([0.001, 0.01]);
    expect(report.groups[0].groups.map(({ group }: { group: string }) => group)).toEqual(["left", "right"]);
    expect(run.stdout).not.toContain("embedding");
    expect(run.stderr).toContain("rejected person 0/broken.jpg");
    expect(run.stderr).toContain("rank 1: 100.00 % of 3 probes among 3 people");
    expect(await readFile(html, "utf8")).toContain("By side");
  });

  it("refuses wrong use", async () => {
    const home = folderOfTest();
    expect((await lookalike("evaluate", "faces")).status).toBe(2);
    expect((await lookalike("evaluate", "faces", home, "--pairs", "pairs.csv")).status).toBe(2);
    expect((await lookalike("evaluate", "faces", home, "--face", "left")).status).toBe(2);
    const empty = await lookalike("evaluate", "faces", home);
    expect([empty.status, empty.stderr]).toEqual([2, expect.stringContaining("ERR_FOLDER_EMPTY")]);
  });
});
