import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { listPhotos } from "../../../src/faces/evaluate/people.ts";
import { walkPhotos } from "../../../src/gallery/index.ts";
import { folderOfTest } from "../../temporary.ts";

it("photos of people are the files that an index of the folder would read", async () => {
  const folder = folderOfTest();
  const photos = ["ann/1.jpg", "ann/2.JFIF", "bea/1.jpe", "bea/~1.heic"];
  const others = [
    "ann/@eaDir/1.jpg",
    "ann/.2.jpg",
    ".trash/1.jpg",
    "#recycle/1.jpg",
    "ann/notes.txt",
    "bea/1.jp2",
  ];
  for (const name of [...photos, ...others]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
  expect(await listPhotos(folder)).toEqual(photos);
  const indexed: string[] = [];
  const listener = { onUnreadable() {}, onSkipped() {} };
  for await (const path of walkPhotos(folder, listener)) indexed.push(path);
  expect(indexed).toEqual(photos.map((name) => join(folder, name)));
});
