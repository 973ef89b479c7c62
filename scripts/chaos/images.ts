import { crc32 } from "node:zlib";
import type { Random } from "../../src/core/index.ts";
import { isLookalikeError } from "../../src/core/index.ts";
import { decodePhoto, encodeImage, type ImageFormat } from "../../src/io/image/index.ts";
import { createFakeEngine } from "../../test/gallery/fake-engine.ts";
import { blocks } from "../../test/gallery/fixtures.ts";
import { MUTATIONS } from "./mutations.ts";

/** Pictures that were made to hurt, and what the decoder does with them. */

export interface HostileImage {
  readonly name: string;
  readonly bytes: Buffer;
}

const FORMATS: readonly ImageFormat[] = ["jpeg", "png", "webp", "avif"];

/** Mutations of small pictures over all formats that are written, in turn. */
export async function* mutatedImages(random: Random, count: number): AsyncGenerator<HostileImage> {
  const originals = await Promise.all(
    FORMATS.map(async (format) => ({ format, bytes: await encodeImage(blocks(7, 96, 64), { format }) })),
  );
  const mutations = Object.entries(MUTATIONS);
  for (let i = 0; i < count; i++) {
    const original = originals[i % originals.length];
    const mutation = mutations[Math.floor(i / originals.length) % mutations.length];
    if (original === undefined || mutation === undefined) return;
    const [name, mutate] = mutation;
    yield { name: `${original.format}, ${name}`, bytes: mutate(original.bytes, random) };
  }
}

/** Pictures that promise more than they hold, or ask for what they must not have. */
export function craftedImages(secretFile: string, secretUrl: string): HostileImage[] {
  const svg = (body: string) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40">${body}</svg>`,
    );
  const image = (name: string, bytes: Buffer | string): HostileImage => ({ name, bytes: Buffer.from(bytes) });
  return [
    image("SVG with a file", svg(`<image xlink:href="file://${secretFile}" width="40" height="40"/>`)),
    image("SVG with an address", svg(`<image href="${secretUrl}" width="40" height="40"/>`)),
    image(
      "SVG with an entity",
      `<!DOCTYPE svg [<!ENTITY x SYSTEM "file://${secretFile}">]>${svg("<text>&x;</text>")}`,
    ),
    image("SVG with nested entities", nestedEntities()),
    image("PNG of 60,000 x 60,000", pngHeader(60_000, 60_000)),
    image("PNG of 2,147,483,647 x 1", pngHeader(0x7fffffff, 1)),
    image("PNG of no size", pngHeader(0, 0)),
    image(
      "GIF of 65,535 x 65,535",
      Buffer.concat([Buffer.from("GIF89a"), Buffer.from([255, 255, 255, 255, 0, 0, 0, 59])]),
    ),
    image("BMP header", `BM${"\0".repeat(100)}`),
    image("PDF", "%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj"),
    image("HTML", "<html><img src=x onerror=alert(1)></html>"),
    image("one byte", "\xff"),
    image("zip", "PK\x03\x04aaaa"),
    image("PPM of too many", "P6 99999 99999 255\n"),
    image(
      "JPEG marker soup",
      Buffer.concat(Array.from({ length: 2000 }, () => Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]))),
    ),
  ];
}

function nestedEntities(): string {
  const levels = Array.from({ length: 12 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join(
    "",
  );
  return `<!DOCTYPE svg [<!ENTITY e0 "x">${levels}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&e12;</text></svg>`;
}

function pngHeader(width: number, height: number): Buffer {
  const head = Buffer.alloc(33);
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex").copy(head);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  head[24] = 8;
  head[25] = 2;
  head.writeUInt32BE(crc32(head.subarray(12, 29)), 29);
  return head;
}

/** Longer than this is a hang. */
export const HANG_MS = 10_000;

/** Decodes and describes: `read`, the code of the refusal, or, which must not be, what else happened. */
export async function tryImage({ bytes }: HostileImage): Promise<string> {
  const startedAt = performance.now();
  const outcome = await decodePhoto(bytes, { maxSide: 512 })
    .then(() => createFakeEngine().describe(bytes))
    .then(
      () => "read",
      (error: unknown) => (isLookalikeError(error) ? error.code : `uncoded: ${String(error)}`),
    );
  return performance.now() - startedAt > HANG_MS ? "hang" : outcome;
}
