import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mainFaces } from "../../src/cli/main-faces.ts";
import type { LookalikeError } from "../../src/core/index.ts";
import { hashFile } from "../../src/io/files.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { blocks, writePhoto } from "../gallery/fixtures.ts";
import { folderOfFile } from "../temporary.ts";

const folder = folderOfFile();
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("the main faces of photos", () => {
  it("are those with features, in order; the engine is closed, also where the caller stops early", async () => {
    const [one, plain, torn, two] = ["one.png", "plain.png", "torn.png", "two.png"].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    await writePhoto(one, blocks(1));
    await writePhoto(two, blocks(2));
    await writePhoto(plain, { ...blocks(1), data: Buffer.alloc(64 * 64 * 3, 90) });
    writeFileSync(torn, "no picture");
    let open = 0;
    const engineOf = async () => {
      open++;
      const engine = createFakeEngine({ features: (photo) => Float32Array.of(photo.length) });
      return {
        ...engine,
        close: async () => {
          open--;
        },
      };
    };
    const refused: string[][] = [];
    const onRefused = (photo: string, { code }: LookalikeError) => void refused.push([photo, code]);
    const options = { flags: {}, engineOf, onRefused };
    const found = await collect(mainFaces([one, plain, torn, two], options));
    expect(found.map(({ photo, hash, features }) => [photo, hash, features])).toEqual([
      [one, await hashFile(one), Float32Array.of(one.length)],
      [two, await hashFile(two), Float32Array.of(two.length)],
    ]);
    expect(refused).toEqual([
      [plain, "ERR_PHOTO_NO_FACE"],
      [torn, "ERR_PHOTO_UNREADABLE"],
    ]);
    expect(open).toBe(0);
    for await (const _ of mainFaces([one, two], options)) break;
    expect(open).toBe(0);
    const none = mainFaces([one], { ...options, engineOf: async () => createFakeEngine() });
    expect(await collect(none)).toEqual([]);
  });
});
