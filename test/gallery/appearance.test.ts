import { basename, join } from "node:path";
import Libsql from "libsql";
import { describe, expect, it } from "vitest";
import type { FaceAttributes, HairColor } from "../../src/faces/index.ts";
import { type MatchOptions, openGallery } from "../../src/gallery/index.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { writePhotos } from "./fixtures.ts";

const HAIR: readonly HairColor[] = ["black", "brown", "blond", "unknown"];

/** `a` is 18 years old with black hair, `b` 22 with brown, ...; every other one smiles. */
function looksOf(photo: string): FaceAttributes {
  const place = basename(photo).charCodeAt(0) - 97;
  const hair = HAIR[place % HAIR.length] as HairColor;
  return { age: 18 + 4 * place, female: 0.5, smiling: place % 2 ? 0.9 : 0.1, hair };
}

async function setUp(names = "abcdefghijkl") {
  const home = folderOfTest();
  const photos = join(home, "photos");
  const paths = await writePhotos(photos, names);
  const folder = join(home, "gallery");
  const gallery = await openGallery(folder);
  const engine = createFakeEngine({ attributes: looksOf });
  await gallery.index([photos], engine);
  const [face] = (await engine.describe((paths[2] ?? paths[0]) as string)).faces;
  const probe = face?.embedding as Float32Array;
  const match = async (options: MatchOptions) =>
    (await gallery.match(probe, { top: 20, ...options })).map(({ photo }) => basename(photo.path, ".png"));
  return { photos, paths, folder, gallery, engine, probe, match };
}

describe("filters of appearance", () => {
  it("leave only faces that look so", async () => {
    const { match, gallery, paths } = await setUp();
    expect((await gallery.photo(paths[1] as string))?.faces[0]?.attributes).toEqual(looksOf("b.png"));
    const sorted = async (options: MatchOptions) => (await match(options)).toSorted().join("");
    expect(await sorted({ appearance: { age: [22, 30] } })).toBe("bcd");
    expect(await sorted({ appearance: { smiling: true } })).toBe("bdfhjl");
    expect(await sorted({ appearance: { smiling: false } })).toBe("acegik");
    expect(await sorted({ appearance: { hair: ["brown", "blond"] } })).toBe("bcfgjk");
    expect(await sorted({ appearance: { age: [22, 40], smiling: true, hair: ["brown"] } })).toBe("bf");
    expect(await match({ appearance: { age: [90, 99] } })).toEqual([]);
    expect(await sorted({ appearance: { female: true } })).toBe("abcdefghijkl");
    expect(await sorted({ appearance: { female: false } })).toBe("");
  });

  it("refuse what cannot be meant", async () => {
    const { gallery, probe } = await setUp("a");
    const codeOf = (options: MatchOptions) => gallery.match(probe, options).catch((error) => error.code);
    expect(await codeOf({ appearance: { age: [40, 20] } })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf({ appearance: { hair: [] } })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf({ appearance: { hair: ["green" as HairColor] } })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf({ weights: { age: -1 } })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf({ weights: { nose: 1 } as MatchOptions["weights"] })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf({ floor: { maxYawDegrees: -1 } })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf({ floor: { eyeLight: -1 } })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf({ maxDistance: Number.NaN })).toBe("ERR_OPTION_INVALID");
  });
});

describe("floors of quality", () => {
  it("keep small and poorly seen faces out of a match, from one match to the next", async () => {
    const home = folderOfTest();
    await writePhotos(join(home, "photos"), "abcd");
    const gallery = await openGallery(join(home, "gallery"));
    const place = (photo: string) => basename(photo).charCodeAt(0) - 97;
    const engine = createFakeEngine({
      // `d` was indexed before there was a score.
      quality: (photo) => ({
        interocularPx: 10 + 10 * place(photo),
        ...(place(photo) < 3 && { score: 0.9 - 0.3 * place(photo), eyeLight: 1 - 0.5 * (place(photo) % 2) }),
      }),
    });
    await gallery.index([join(home, "photos")], engine);
    const [face] = (await engine.describe(join(home, "photos", "a.png"))).faces;
    const match = async (floor: MatchOptions["floor"]) => {
      const found = await gallery.match(face?.embedding as Float32Array, { top: 9, floor });
      return found
        .map(({ photo }) => basename(photo.path, ".png"))
        .toSorted()
        .join("");
    };
    expect(await match({})).toBe("abcd");
    expect(await match({ interocularPx: 20 })).toBe("bcd");
    expect(await match({ score: 0.5 })).toBe("abd");
    expect(await match({ interocularPx: 20, score: 0.5 })).toBe("bd");
    expect(await match({ eyeLight: 0.65 })).toBe("acd");
    await expect(match({ score: 2 })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
    await expect(match({ interocularPx: -1 })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
  });
});

describe("galleries without attributes", () => {
  it("of the schema before are upgraded, and described again by the next run", async () => {
    const { folder, photos, gallery, engine, probe } = await setUp("abc");
    await gallery.close();
    const database = new Libsql(join(folder, "gallery.db"));
    for (const column of ["age", "smiling", "hair"]) database.exec(`ALTER TABLE faces DROP COLUMN ${column}`);
    for (const column of ["attributes", "features", "picture"])
      database.exec(`ALTER TABLE contents DROP COLUMN ${column}`);
    database.exec("ALTER TABLE faces DROP COLUMN features");
    database.exec("ALTER TABLE photos DROP COLUMN copy_of; ALTER TABLE photos DROP COLUMN inherited");
    database.exec("UPDATE faces SET details = json_remove(details, '$.attributes')");
    database.exec("PRAGMA user_version = 2");
    database.close();

    const older = await openGallery(folder);
    const [match] = await older.match(probe, { top: 1 });
    expect(match?.photo.faces[0]?.attributes).toBeNull();
    expect(await older.match(probe, { appearance: { age: [0, 99] } })).toEqual([]);
    expect((await older.index([photos], engine)).photos).toMatchObject({ indexed: 3, unchanged: 0 });
    expect(await older.match(probe, { appearance: { age: [0, 99] } })).toHaveLength(3);
    expect((await older.index([photos], engine)).photos).toMatchObject({ indexed: 0, unchanged: 3 });
    await older.close();
  });

  it("keep what they have when an engine does not estimate any, and renew it for newer estimators", async () => {
    const { photos, gallery, probe } = await setUp("abc");
    const without = createFakeEngine();
    expect((await gallery.index([photos], without)).photos).toMatchObject({ indexed: 0, unchanged: 3 });
    expect(await gallery.match(probe, { appearance: { age: [0, 99] } })).toHaveLength(3);
    const older = (photo: string) => ({ ...looksOf(photo), age: 77 });
    const newer = createFakeEngine({ attributes: older, attributesId: "fake/2" });
    expect((await gallery.index([photos], newer)).photos).toMatchObject({ indexed: 3, unchanged: 0 });
    expect(await gallery.match(probe, { appearance: { age: [77, 77] } })).toHaveLength(3);
    await gallery.close();
  });
});
