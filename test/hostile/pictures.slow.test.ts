import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { craftedImages, mutatedImages, tryImage } from "../../scripts/chaos/images.ts";
import { profiledImages } from "../../scripts/chaos/profiles.ts";
import { createRandom } from "../../src/core/index.ts";
import { blocks, writePhoto } from "../gallery/fixtures.ts";
import { folderOfFile } from "../temporary.ts";

const folder = folderOfFile();

describe("pictures", () => {
  it("of every format, broken in every way, are read or refused with a code", async () => {
    const outcomes = new Set<string>();
    for await (const image of mutatedImages(createRandom(3), 96)) outcomes.add(await tryImage(image));
    expect([...outcomes].filter((name) => !/^(read|ERR_PHOTO_\w+)$/.test(name))).toEqual([]);
    expect(outcomes.has("read") && outcomes.has("ERR_PHOTO_UNREADABLE")).toBe(true);
  });

  it("that ask for files, addresses or gigabytes get none of them", async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end();
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const secret = await writePhoto(join(folder, "secret.png"), blocks(1));
    for (const image of craftedImages(secret, `http://127.0.0.1:${port}/x.png`)) {
      expect(await tryImage(image), image.name).toMatch(/^ERR_PHOTO_(UNREADABLE|TOO_LARGE)$/);
    }
    expect(requests).toBe(0);
    server.close();
  });

  it("are read whatever their profiles say, and no profile is unpacked without end", async () => {
    const before = process.memoryUsage.rss();
    for (const image of await profiledImages(60)) {
      expect(await tryImage(image), image.name).toMatch(/^(read|ERR_PHOTO_UNREADABLE)$/);
    }
    expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(150);
  });
});
