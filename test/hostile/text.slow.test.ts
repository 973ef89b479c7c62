import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createRenderer, createTypesetter } from "../../src/ads/index.ts";
import { parseCampaign } from "../../src/campaign/index.ts";
import { readSwitchTable } from "../../src/customers/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { readDecisions, readManifest } from "../../src/handover/index.ts";
import { loadOfferModel } from "../../src/offers/index.ts";
import { parseDate } from "../../src/tables/index.ts";
import { createVault, findVault } from "../../src/trust/vault.ts";
import { writeCampaignFolder } from "../campaign/fixture.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { blocks, writePhoto } from "../gallery/fixtures.ts";
import { folderOfFile } from "../temporary.ts";
import { outcomeOf, runs, text } from "./hostile.ts";

const jsonText = fc.jsonValue().map((value) => JSON.stringify(value));

const square = {
  width: 100,
  height: 100,
  format: "jpeg",
  maxBytes: 100_000,
  density: 1,
  body: true,
} as const;

const folder = folderOfFile();

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

  it("as any file of ours is refused with the code of its reader", async () => {
    const named = (name: string, ...codes: string[]) =>
      [join(folder, name), new RegExp(`^(result|${codes.join("|")})$`)] as const;
    const [decisions, ofDecisions] = named("decisions.jsonl", "ERR_RUN_UNREADABLE", "ERR_KEY_REQUIRED");
    const [manifest, ofManifest] = named("run.json", "ERR_RUN_UNREADABLE");
    const [model, ofModel] = named("offers.json", "ERR_MODEL_UNREADABLE", "ERR_MODEL_MISMATCH");
    const [template, ofTemplate] = named("own.html", "ERR_TEMPLATE_INVALID");
    const [switches, ofSwitches] = named("switches.csv", "ERR_\\w+");
    const [labels, ofLabels] = named("photos.csv", "ERR_LABELS_INVALID");
    const typesetter = await createTypesetter();
    const gallery = await openGallery(join(folder, "labelled"));
    await writePhoto(join(folder, "photos/a.png"), blocks(1));
    const brand = {
      name: "x",
      logo: null,
      colors: { primary: "#000", ink: "#000", paper: "#fff" },
      fonts: [],
      corner: "round",
      tone: "bold",
    } as const;
    const channels = [{ ...square, id: "s" }];
    const readers: readonly (readonly [string, RegExp, () => unknown])[] = [
      [decisions, ofDecisions, async () => readAll(readDecisions(decisions))],
      [manifest, ofManifest, () => readManifest(folder)],
      [model, ofModel, () => loadOfferModel(model)],
      [template, ofTemplate, () => createRenderer({ out: folder, brand, channels, template, typesetter })],
      [switches, ofSwitches, () => readSwitchTable(switches)],
      [labels, ofLabels, () => gallery.index([join(folder, "photos")], createFakeEngine(), { labels })],
    ];
    for (const [path, codes, read] of readers) {
      await fc.assert(
        fc.asyncProperty(fc.oneof(text, jsonText), async (source) => {
          writeFileSync(path, source);
          expect(await outcomeOf(read), path).toMatch(codes);
        }),
        runs(40),
      );
    }
    await gallery.close();
  });

  it("in any place of a campaign that was right is refused with a code, or is right too", async () => {
    const right: unknown = parse(readFileSync(await writeCampaignFolder(join(folder, "campaign")), "utf8"));
    const places = placesOf(right, []);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.oneof(text, fc.jsonValue()), async (place, value) => {
        const source = JSON.stringify(withValue(right, place, value));
        expect(await outcomeOf(() => parseCampaign(source, join(folder, "campaign/c.yaml")))).toMatch(
          /^(result|ERR_CAMPAIGN_\w+)$/,
        );
      }),
      runs(200),
    );
  });
});

type Place = readonly (string | number)[];

/** Every key of a value, at any depth. */
function placesOf(value: unknown, place: Place): Place[] {
  if (typeof value !== "object" || value === null) return [place];
  return Object.entries(value)
    .flatMap(([key, inner]) => placesOf(inner, [...place, key]))
    .concat([place]);
}

function withValue(root: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = structuredClone(root) as Record<string, unknown>;
  copy[key] = withValue(copy[key], rest, value);
  return copy;
}

async function readAll(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}
