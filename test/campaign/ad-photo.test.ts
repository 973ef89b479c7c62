import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeAdPhoto, matchedPhoto, samplePhoto } from "../../src/campaign/drawing/ad-photo.ts";
import { mayLead } from "../../src/campaign/matching/lead-face.ts";
import type { Face, FaceEngine } from "../../src/faces/index.ts";
import type { GalleryPhoto, Match } from "../../src/gallery/index.ts";
import { hashFile } from "../../src/io/files.ts";
import { folderOfTest } from "../temporary.ts";

const faces = [
  { box: { x: 600, y: 100, width: 200, height: 200 }, landmarks: [] },
  { box: { x: 100, y: 100, width: 150, height: 150 }, landmarks: [] },
] as unknown as Face[];
const engine = { describe: async () => ({ width: 1000, height: 500, faces }) } as unknown as FaceEngine;

function known(focus: readonly [number, number] | null): GalleryPhoto {
  const photo = {
    path: "p.jpg",
    hash: "h",
    width: 1000,
    height: 500,
    faces,
    focus,
    release: null,
    synthetic: false,
  };
  return { ...photo, credit: "Ann" } as unknown as GalleryPhoto;
}

const galleryOf = (photo: GalleryPhoto, path?: string) => ({
  photo: async (at: string) => (path === undefined || at === path ? photo : null),
  spelling: async (at: string) => at.normalize("NFC"),
});

const match = (focus: readonly [number, number] | null, faceIndex = 0) =>
  matchedPhoto({ photo: known(focus), faceIndex } as Match);

describe("the photo of an ad", () => {
  it("keeps the focus point of a match at its face, and the face where the point is elsewhere", () => {
    expect(match([0.7, 0.4]).focus).toEqual([0.7, 0.4]);
    expect(match([0.15, 0.3]).focus).toBeNull();
    expect(match([0.15, 0.3], 1).focus).toEqual([0.15, 0.3]);
    expect(match([0.7, 0.4], 1).focus).toBeNull();
    expect(match(null)).toMatchObject({ focus: null, leadFace: 0, rights: { credit: "Ann" } });
  });

  it("is led by the face that the labels choose, in a sample, a default photo and a match", async () => {
    const withLead = (lead: readonly [number, number]) => ({ ...known(null), lead });
    // The middle of the second face is at 17.5 % and 35 %; a point beside it chooses it too.
    for (const lead of [[0.175, 0.35] as const, [0, 1] as const, [0.38, 0.4] as const]) {
      const photo = withLead(lead);
      expect(samplePhoto(photo).leadFace).toBe(1);
      expect([0, 1].map((faceIndex) => mayLead({ photo, faceIndex }))).toEqual([false, true]);
      const path = join(folderOfTest(), "led.jpg");
      await writeFile(path, "a photo");
      expect(await describeAdPhoto(path, engine, galleryOf(photo), "always")).toMatchObject({
        leadFace: 1,
      });
    }
    expect(samplePhoto(withLead([0.7, 0.4])).leadFace).toBe(0);
    expect(samplePhoto(withLead([0.7, 0.4]), { focus: null, lead: undefined }).leadFace).toBe(0);
    expect(mayLead({ photo: known(null), faceIndex: 1 })).toBe(true);
    expect(mayLead({ photo: { ...withLead([0.5, 0.5]), faces: [] }, faceIndex: 0 })).toBe(true);
  });

  it("is turned where its file lies on its side, with its faces and its focus point", () => {
    const landmarks = [[610, 110]];
    const lying = (rollDegrees: number, focus: readonly [number, number] | null = null) =>
      matchedPhoto({
        photo: {
          ...known(focus),
          faces: [{ box: { x: 600, y: 100, width: 200, height: 180 }, landmarks, quality: { rollDegrees } }],
        },
        faceIndex: 0,
      } as unknown as Match);
    expect(lying(12)).toMatchObject({ turn: 0, rollDegrees: 12, width: 1000, height: 500 });
    expect(lying(-88, [0.7, 0.4])).toMatchObject({
      turn: 90,
      rollDegrees: 2,
      width: 500,
      height: 1000,
      faces: [{ box: { x: 220, y: 600, width: 180, height: 200 }, landmarks: [[390, 610]] }],
      focus: [0.6, 0.7],
    });
    expect(lying(100)).toMatchObject({
      turn: 270,
      rollDegrees: 10,
      faces: [{ box: { x: 100, y: 200, width: 180, height: 200 }, landmarks: [[110, 390]] }],
    });
    expect(lying(-175)).toMatchObject({
      turn: 180,
      rollDegrees: 5,
      width: 1000,
      faces: [{ box: { x: 200, y: 220, width: 200, height: 180 }, landmarks: [[390, 390]] }],
    });
    expect(lying(55)).toMatchObject({ turn: 0, rollDegrees: 55 });
  });

  it.each([
    [
      "one large face and a poster upside down",
      [
        [-88, 300],
        [175, 90],
      ],
      90,
    ],
    [
      "a group on its side with one head between two turns",
      [
        [-85, 200],
        [-95, 180],
        [-50, 100],
      ],
      90,
    ],
    [
      "an upright person beside a tilted detection",
      [
        [4, 300],
        [90, 120],
      ],
      0,
    ],
    [
      "two faces alike that disagree",
      [
        [-88, 200],
        [88, 200],
      ],
      0,
    ],
    [
      "heads between two turns",
      [
        [-50, 200],
        [-52, 180],
      ],
      0,
    ],
  ] as const)("is turned as most of its faces need where they disagree: %s", (_, found, turn) => {
    const photo = {
      ...known(null),
      faces: found.map(([rollDegrees, side]) => ({
        box: { x: 10, y: 10, width: side, height: side },
        landmarks: [],
        quality: { rollDegrees },
      })),
    } as unknown as GalleryPhoto;
    expect(samplePhoto(photo).turn).toBe(turn);
  });

  it("is the same for a default photo as for a preview: a face leads, and the gallery's focus point counts", async () => {
    const path = join(folderOfTest(), "p.jpg");
    await writeFile(path, "x");
    const gallery = (focus: readonly [number, number]) => galleryOf(known(focus));
    expect(await describeAdPhoto(path, engine, null, "always")).toMatchObject({ leadFace: 0, focus: null });
    const away = gallery([0.15, 0.3]);
    expect((await describeAdPhoto(path, engine, away, "always")).focus).toEqual([0.15, 0.3]);
    expect((await describeAdPhoto(path, engine, away, "near face")).focus).toBeNull();
    expect((await describeAdPhoto(path, engine, gallery([0.7, 0.3]), "near face")).focus).toEqual([0.7, 0.3]);
  });

  it("has the gallery's own faces, which are rounded, as in the ad of a match", async () => {
    const path = join(folderOfTest(), "p.jpg");
    await writeFile(path, "x");
    const rounded = faces.map((face) => ({ ...face, landmarks: [[1, 2]] }));
    const own = { ...known(null), hash: await hashFile(path), faces: rounded } as unknown as GalleryPhoto;
    const { faces: drawn } = await describeAdPhoto(path, engine, galleryOf(own), "always");
    expect(drawn).toEqual(matchedPhoto({ photo: own, faceIndex: 0 }).faces);
    // The file was replaced since.
    const stale = galleryOf({ ...own, hash: "other" });
    expect((await describeAdPhoto(path, engine, stale, "always")).faces).toEqual(faces);
  });

  it("is found in the gallery through a link and in another spelling", async () => {
    const folder = folderOfTest();
    const path = join(folder, "zo\u00eb.jpg");
    await writeFile(path, "x");
    await symlink(path, join(folder, "link.jpg"));
    await writeFile(join(folder, "zoe\u0308.jpg"), "x");
    const gallery = galleryOf(known([0.15, 0.3]), path);
    for (const name of ["zo\u00eb.jpg", "link.jpg", "zoe\u0308.jpg"]) {
      expect((await describeAdPhoto(join(folder, name), engine, gallery, "always")).focus).toEqual([
        0.15, 0.3,
      ]);
    }
  });
});
