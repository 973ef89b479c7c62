import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findLookalike, pickFace } from "../../src/campaign/portrait.ts";
import type { CampaignPolicy } from "../../src/campaign/types.ts";
import type { Face, FaceAttributes, PhotoOutcome } from "../../src/faces/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { temporaryFolder, writePhotos } from "../gallery/fixtures.ts";

function looksOf(photo: string): FaceAttributes {
  const place = basename(photo).charCodeAt(0) - 97;
  return { age: 20 + 10 * place, female: 0.5, smiling: 0, hair: place < 4 ? "brown" : "grey" };
}

async function setUp() {
  const home = await temporaryFolder();
  const engine = createFakeEngine({ attributes: looksOf });
  const paths = await writePhotos(join(home, "photos"), "abcdefgh");
  const gallery = await openGallery(join(home, "gallery"));
  await gallery.index([join(home, "photos")], engine);
  const portrait = paths[0] as string;
  const face = (await engine.describe(portrait)).faces[0] as Face;
  const distances = (await gallery.match(face.embedding, { top: 8 })).map(({ distance }) => distance);
  const policyOf = (
    appearance: Partial<CampaignPolicy["appearance"]["weights"]>,
    only: CampaignPolicy["appearance"]["only"] = {},
    maxDistance = 9,
    floor: Partial<CampaignPolicy["inventory"]> = {},
  ): CampaignPolicy => ({
    similarity: { minDistance: 0.001, maxDistance },
    quality: { minInterocularPx: 0, minScore: 0, minQuality: 0 },
    inventory: { minInterocularPx: 0, minQuality: 0, ...floor },
    appearance: { weights: { age: 0, hair: 0, smile: 0, ...appearance }, only },
    ambiguousPortrait: "largest",
    holdout: 0,
    maxSpend: null,
    seed: 1,
  });
  const choose = async (policy: CampaignPolicy, seen: Face = face) => {
    const choice = await findLookalike(seen, portrait, { gallery, policy });
    return choice.status === "matched" ? basename(choice.match.photo.path, ".png") : choice.reason;
  };
  const nearest = (await gallery.match(face.embedding, { top: 2 }))[1]?.photo.path ?? "";
  return { choose, policyOf, face, nearest: basename(nearest, ".png"), distances };
}

describe("a campaign that weighs how people look", () => {
  it("takes the photo that resembles most, inside the band of distances", async () => {
    const { choose, policyOf, nearest, face, distances } = await setUp();
    expect(await choose(policyOf({}))).toBe(nearest);
    // The customer's own file is `a`, 20 years old; a weight beyond all distances leaves the next by age.
    expect(await choose(policyOf({ age: 50 }))).toBe("b");
    expect(await choose(policyOf({ age: 50 }), { ...face, attributes: null })).toBe(nearest);
    // With one photo in the band there is nothing to weigh.
    expect(await choose(policyOf({ age: 50 }, {}, distances[1]))).toBe(nearest);
  });

  it("shows no model whose face is below the inventory's floor", async () => {
    const { choose, policyOf, nearest } = await setUp();
    expect(await choose(policyOf({}, {}, 9, { minInterocularPx: 20 }))).toBe(nearest);
    expect(await choose(policyOf({}, {}, 9, { minInterocularPx: 21 }))).toBe("no_releasable_photo");
  });

  it("looks at no portrait that is seen too poorly", async () => {
    const { policyOf, face } = await setUp();
    const policy = policyOf({});
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

  it("shows only models whom its filters let in, and says why it shows none", async () => {
    const { choose, policyOf, distances } = await setUp();
    expect("efgh").toContain(await choose(policyOf({}, { hair: ["grey"] })));
    expect(await choose(policyOf({ hair: 1 }, { age: [90, 90] }))).toBe("h");
    expect(await choose(policyOf({}, { age: [100, 120] }))).toBe("no_releasable_photo");
    expect(await choose(policyOf({ age: 1 }, {}, (distances[1] ?? 0) * 0.9))).toBe("too_dissimilar");
  });
});
