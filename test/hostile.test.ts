import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { craftedImages, mutatedImages, tryImage } from "../scripts/chaos/images.ts";
import { readDecisions } from "../src/ads/index.ts";
import { parseCampaign } from "../src/campaign/index.ts";
import { openConsents, parseDate, readCustomers } from "../src/customers/index.ts";
import { isLookalikeError } from "../src/errors.ts";
import { openGallery } from "../src/gallery/index.ts";
import { createRandom } from "../src/random.ts";
import { createVault, findVault } from "../src/vault.ts";
import { createFakeEngine } from "./gallery/fake-engine.ts";
import { blocks, writePhoto } from "./gallery/fixtures.ts";

/** Input that was made to hurt: whatever comes in, what comes out is a result or a coded refusal. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-hostile-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `result`, or the code; anything else is thrown on. */
async function outcomeOf(action: () => unknown): Promise<string> {
  try {
    await action();
    return "result";
  } catch (error) {
    if (isLookalikeError(error)) return error.code;
    throw error;
  }
}

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(..."\"',;\n\r\t\0{}[]:-&*!|>%@`#=+ \u202e\ufeffax1"), maxLength: 200 }),
);
const runs = (numRuns: number) => ({ seed: 7, numRuns });

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
});

describe("text", () => {
  it("as a campaign is refused with a code, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (source) => {
        expect(await outcomeOf(() => parseCampaign(source, join(folder, "c.yaml")))).toMatch(
          /^ERR_CAMPAIGN_/,
        );
      }),
      runs(150),
    );
    const bombs = [
      `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: [${"*a,".repeat(50)}]`).join("\n")}`,
      `a: &a ["x"]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d]`,
      "[".repeat(100_000),
      `${"a: ".repeat(5000)}`,
      `name: ${"x".repeat(2_000_000)}`,
      "__proto__: { isAdmin: true }\nconstructor: 1",
    ];
    for (const bomb of bombs) {
      expect(await outcomeOf(() => parseCampaign(bomb, "/c.yaml"))).toMatch(/^ERR_CAMPAIGN_/);
    }
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  it("as a date, a key or a sealed line is understood or refused with a code", async () => {
    const vault = createVault(Buffer.alloc(32, 1));
    await fc.assert(
      fc.asyncProperty(text, async (source) => {
        expect(await outcomeOf(() => parseDate(source, "x"))).toMatch(/^(result|ERR_ROW_DATE_INVALID)$/);
        expect(await outcomeOf(() => findVault({ env: { LOOKALIKE_KEY: source } }))).toMatch(
          /^(result|ERR_KEY_INVALID)$/,
        );
        expect(await outcomeOf(() => vault.openText(`lk1.${source}`, "x"))).toBe("ERR_KEY_WRONG");
        expect(await outcomeOf(() => vault.openBytes(Buffer.from(source), "x"))).toBe("ERR_KEY_WRONG");
      }),
      runs(200),
    );
  });

  it("as decisions is refused with a code", async () => {
    const path = join(folder, "decisions.jsonl");
    const read = async () => {
      for await (const _ of readDecisions(path));
    };
    for (const source of ["{", "lk1.AAAA", '{"customer_id":', "\0\0"]) {
      writeFileSync(path, `${source}\n`);
      expect(await outcomeOf(read)).toMatch(/^ERR_(RUN_UNREADABLE|KEY_REQUIRED)$/);
    }
  });
});

describe("tables", () => {
  const cell = fc.oneof(
    text,
    fc.constantFrom(
      "=HYPERLINK(1)",
      "'); DROP TABLE crm; --",
      "../../../etc/passwd",
      "/etc/passwd",
      "portraits/\0.jpg",
      "link/passwd",
      "{{7*7}}",
      "x".repeat(70_000),
      "1e400",
    ),
  );
  const table = fc
    .array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 })
    .map((rows) =>
      rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")).join("\n"),
    );

  it("of customers yield rows or coded refusals, and no photo outside of their folder", async () => {
    symlinkSync("/etc", join(folder, "link"));
    const file = join(folder, "customers.csv");
    await fc.assert(
      fc.asyncProperty(table, text, async (rows, raw) => {
        for (const body of [rows, raw]) {
          writeFileSync(file, `customer_id,photo,consent_biometric,"; DROP TABLE crm"\n${body}\n`);
          const outcome = await outcomeOf(async () => {
            const reader = await readCustomers({ customers: { source: file }, now: new Date() });
            for await (const { photos } of reader) {
              for (const photo of photos) expect(photo === null || photo.startsWith(folder)).toBe(true);
            }
          });
          expect(outcome).toMatch(/^(result|ERR_\w+)$/);
        }
      }),
      runs(12),
    );
  });

  it("of consents change nothing but what they say", async () => {
    const consents = await openConsents(join(folder, "consents.db"));
    const file = join(folder, "consents.csv");
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        writeFileSync(file, `customer_id,purpose,given_at,method\n${rows}\n`);
        const outcome = await outcomeOf(() => consents.import(file, { at: new Date() }));
        expect(outcome).toMatch(/^(result|ERR_\w+)$/);
      }),
      runs(12),
    );
    expect(consents.stats().records).toBe(0);
    consents.close();
  });

  it("of labels are refused as a whole or row by row, and never publish a photo", async () => {
    const photos = join(folder, "photos");
    await writePhoto(join(photos, "a.png"), blocks(1));
    const gallery = await openGallery(join(folder, "gallery"));
    const labels = join(folder, "photos.csv");
    await fc.assert(
      fc.asyncProperty(cell, cell, async (expires, territories) => {
        const quoted = [expires, territories].map((value) => `"${value.replaceAll('"', '""')}"`).join(",");
        writeFileSync(labels, `photo,release_expires,territories\na.png,${quoted}\n`);
        const outcome = await outcomeOf(() => gallery.index([photos], createFakeEngine(), { labels }));
        expect(outcome).toMatch(/^(result|ERR_LABELS_INVALID)$/);
      }),
      runs(40),
    );
    await gallery.close();
  });
});
