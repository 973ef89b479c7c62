import { basename, join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { findLookalike, pickFace } from "../../src/campaign/matching/portrait.ts";
import type { CampaignPolicy } from "../../src/campaign/types.ts";
import { type Face, type FaceAttributes, FEATURE_COUNT, type PhotoOutcome } from "../../src/faces/index.ts";
import { type Match, openGallery } from "../../src/gallery/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { writePhotos } from "../gallery/fixtures.ts";
import { folderOfTest } from "../temporary.ts";

/** `a` is the customer; the photos after it are less and less alike, 5 years older each, of two genders by turns. */
function looksOf(photo: string): FaceAttributes {
  const place = basename(photo).charCodeAt(0) - 97;
  return { age: 20 + 5 * place, female: place % 2 ? 0.9 : 0.1, smiling: 0, hair: "brown" };
}

function featuresOf(photo: string): Float32Array {
  const features = new Float32Array(FEATURE_COUNT);
  features[0] = 0.1 * (basename(photo).charCodeAt(0) - 97);
  return features;
}

type Changes = {
  readonly resemblance?: Partial<CampaignPolicy["resemblance"]>;
  readonly appearance?: CampaignPolicy["appearance"];
  readonly inventory?: Partial<CampaignPolicy["inventory"]>;
  readonly similarity?: Partial<CampaignPolicy["similarity"]>;
};

function policyOf(changes: Changes = {}): CampaignPolicy {
  return {
    similarity: { minDistance: 0, maxDistance: 9, ...changes.similarity },
    quality: { minInterocularPx: 0, minScore: 0, minQuality: 0 },
    inventory: {
      minInterocularPx: 0,
      minQuality: 0,
      minEyeLight: 0,
      maxYawDegrees: 90,
      minFacePx: {},
      ...changes.inventory,
    },
    appearance: changes.appearance ?? {},
    resemblance: {
      metric: null,
      weights: {},
      band: [0, 1],
      bandOf: "inventory",
      min: 0,
      max: 10,
      sameGender: false,
      maxAgeGap: 150,
      ...changes.resemblance,
    },
    requireRelease: false,
    ambiguousPortrait: "largest",
    holdout: 0,
    maxSpend: null,
    offers: "auto",
    seed: 1,
    approval: "none",
  };
}

async function setUp() {
  const home = folderOfTest();
  const engine = createFakeEngine({
    attributes: looksOf,
    features: featuresOf,
    quality: (photo) => ({ interocularPx: 20, yawDegrees: photo.endsWith("b.png") ? -30 : 0 }),
  });
  const paths = await writePhotos(join(home, "photos"), "abcdefgh");
  const gallery = await openGallery(join(home, "gallery"));
  await gallery.index([join(home, "photos")], engine);
  const portrait = paths[0] as string;
  const face = (await engine.describe(portrait)).faces[0] as Face;
  const choose = async (changes: Changes = {}, seen: Face = face) => {
    const choice = await findLookalike(seen, portrait, { gallery, policy: policyOf(changes) });
    return choice.status === "matched" ? basename(choice.match.photo.path, ".png") : choice.reason;
  };
  const choosing = (leads: (match: Match) => boolean) =>
    findLookalike(face, portrait, { gallery, policy: policyOf(), leads });
  const index = () => gallery.index([join(home, "photos")], engine);
  return { choose, choosing, face, gallery, home, index, paths };
}

describe("the photo that resembles a customer", () => {
  it("is the most alike that is not the customer's own file", async () => {
    const { choose } = await setUp();
    expect(await choose()).toBe("b");
    expect(await choose({ appearance: { age: [40, 99] } })).toBe("e");
    expect(await choose({ appearance: { age: [20, 22] } })).toBe("too_similar");
  });

  it("can lead an ad, as long as any can", async () => {
    const { choosing } = await setUp();
    const name = (match: Match) => basename(match.photo.path, ".png");
    const without = async (...names: string[]) => {
      const choice = await choosing((match) => !names.includes(name(match)));
      return choice.status === "matched" ? [name(choice.match), choice.reason ?? "nearest"] : choice.reason;
    };
    expect(await without()).toEqual(["b", "nearest"]);
    expect(await without("b")).toEqual(["c", "nearest_that_leads"]);
    expect(await without(..."abcdefgh")).toEqual(["b", "nearest_cannot_lead"]);
  });

  it("is passed over where its labels choose another face to lead", async () => {
    const { face, gallery, paths } = await setUp();
    const led = (names: string): Pick<typeof gallery, "match"> => ({
      async match(...asked) {
        return (await gallery.match(...asked)).map((match) => {
          const { photo } = match;
          if (!names.includes(basename(photo.path, ".png"))) return match;
          // A second face in the corner that leads.
          const [own] = photo.faces;
          if (own === undefined) throw new Error("the photo has no face");
          const corner = { ...own, box: { x: photo.width - 1, y: photo.height - 1, width: 1, height: 1 } };
          return { ...match, photo: { ...photo, lead: [1, 1], faces: [own, corner] } };
        });
      },
    });
    const choose = async (names: string, leads?: (match: Match) => boolean) => {
      const search = { gallery: { ...gallery, ...led(names) }, policy: policyOf(), leads };
      const choice = await findLookalike(face, paths[0] ?? "", search);
      return choice.status === "matched" ? basename(choice.match.photo.path, ".png") : choice.reason;
    };
    expect(await choose("")).toBe("b");
    expect(await choose("b")).toBe("c");
    expect(await choose("bcdefg")).toBe("h");
    expect(await choose("bc", () => false)).toBe("d");
    expect(await choose("abcdefgh")).toBe("no_releasable_photo");
  });

  it("is never the customer's own picture in another copy, however near it may be asked for", async () => {
    const { choose, home, index } = await setUp();
    const before = await choose();
    const own = join(home, "photos", "a.png");
    await sharp(own)
      .jpeg({ quality: 60 })
      .toFile(join(home, "photos", "a-saved.jpg"));
    await sharp(own)
      .modulate({ brightness: 0.75 })
      .toFile(join(home, "photos", "a-darker.png"));
    await sharp(own)
      .resize(40)
      .toFile(join(home, "photos", "a-scaled.png"));
    await index();
    expect(await choose({ similarity: { minDistance: 0 } })).toBe(before);
  });

  it("looks straight, is of the same gender where asked, and not far older", async () => {
    const { choose, face } = await setUp();
    expect(await choose({ inventory: { maxYawDegrees: 25 } })).toBe("c");
    expect(await choose({ resemblance: { sameGender: true } })).toBe("c");
    // A gender that the network is not sure of is not filtered by.
    const unsure = { ...face, attributes: { ...looksOf("a.png"), female: 0.6 } };
    expect(await choose({ resemblance: { sameGender: true } }, unsure)).toBe("b");
    expect(await choose({ resemblance: { sameGender: true } }, { ...face, attributes: null })).toBe("b");
    expect(await choose({ resemblance: { maxAgeGap: 4 } })).toBe("too_similar");
    expect(await choose({ resemblance: { maxAgeGap: 5 } })).toBe("b");
    expect(await choose({ inventory: { minInterocularPx: 21 } })).toBe("no_releasable_photo");
  });

  it("lies in the band of the customer's own quantiles, and inside absolute bounds", async () => {
    const { choose, gallery, face } = await setUp();
    // The quantiles of eight photos in order: 3 / 7 is the fourth.
    expect(await choose({ resemblance: { band: [2.5 / 7, 1] } })).toBe("d");
    expect(await choose({ resemblance: { band: [0.9, 1] } })).toBe("h");
    const all = await gallery.match(face, { top: 8 });
    const at = (place: number) => (all[place]?.resemblance ?? 0) - 1e-6;
    expect(await choose({ resemblance: { min: at(5) } })).toBe("f");
    expect(await choose({ resemblance: { max: at(1) } })).toBe("too_dissimilar");
    // Quantiles of the population that ships are bounds like any other, and stay what they are with the inventory.
    const people = async (share: number) =>
      (await gallery.quantiles(face, [share], { among: "people" })).values[0] ?? Number.NaN;
    expect(await people(0)).toBeGreaterThan(at(7) + 1e-6);
    expect(await choose({ resemblance: { band: [0.01, 0.9], bandOf: "people" } })).toBe("too_dissimilar");
    // A band from the nearest on has no lower bound: every photo is nearer than the nearest of the population.
    expect(await choose({ resemblance: { band: [0, 0.4], bandOf: "people" } })).toBe("b");
    // A gallery without features for this probe: the band is of distances.
    const nearest = (await gallery.match(face.embedding, { top: 8 })).map(({ photo }) =>
      basename(photo.path, ".png"),
    );
    const bare: Face = { ...face, features: undefined };
    expect(await choose({ resemblance: { band: [2.5 / 7, 1] } }, bare)).toBe(nearest[3]);
  });

  it("tells a bound of distance that leaves nothing", async () => {
    const { choose, gallery, face } = await setUp();
    const distances = (await gallery.match(face.embedding, { top: 8 })).map(({ distance }) => distance);
    expect(await choose({ similarity: { maxDistance: (distances[1] ?? 0) / 2 } })).toBe("too_dissimilar");
    expect(await choose({ similarity: { minDistance: 8 } })).toBe("too_similar");
  });
});

describe("a portrait", () => {
  it("looks at no portrait that is seen too poorly", async () => {
    const { face } = await setUp();
    const policy = policyOf();
    const outcome = (score: number): PhotoOutcome<string> => ({
      status: "described",
      photo: "portrait.png",
      width: 64,
      height: 64,
      faces: [{ ...face, quality: { ...face.quality, score } }],
    });
    const strict = { ...policy, quality: { ...policy.quality, minQuality: 0.4 } };
    expect(pickFace(outcome(0.3), strict)).toBe("face_unclear");
    expect(pickFace(outcome(0.5), strict)).toMatchObject({ quality: { score: 0.5 } });
    expect(pickFace(outcome(0.3), policy)).toMatchObject({ quality: { score: 0.3 } });
  });
});
