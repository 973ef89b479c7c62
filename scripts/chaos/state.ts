import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../../src/core/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { hashBytes } from "../../src/io/files.ts";
import { openAudit } from "../../src/trust/audit/log.ts";
import { openConsents } from "../../src/trust/index.ts";
import { ERASED } from "./scene.ts";

/** Everything that counts in a scene, as one value: two scenes of equal state are equal. */
export async function stateOf(work: string): Promise<unknown> {
  return {
    gallery: await galleryOf(work),
    files: filesOf(work),
    consents: await consentsOf(work),
    audit: auditOf(work),
  };
}

const LARGE_BYTES = 10_000_000;

/** Rows of the gallery, and what it answers: a right table with a wrong index would be a wrong answer. */
export async function galleryOf(work: string): Promise<unknown> {
  // A search graph of many faces takes longer than everything else.
  const isLarge = statSync(join(work, "gallery/gallery.db")).size > LARGE_BYTES;
  const hnswFromFaces = isLarge ? Number.POSITIVE_INFINITY : 2;
  const gallery = await openGallery(join(work, "gallery"), { mustExist: true, hnswFromFaces });
  try {
    const photos: unknown[] = [];
    for await (const photo of gallery.photos()) photos.push(photo);
    const answers: unknown[] = [];
    for (let seed = 0; seed < 3; seed++) {
      const random = createRandom(seed);
      const probe = Float32Array.from({ length: 128 }, () => random() / 4);
      // Turned to a key and back, templates differ by the rounding of their numbers.
      const nearest = await gallery.match(probe);
      answers.push(nearest.map(({ photo, distance }) => [photo.path, distance.toFixed(5)]));
    }
    return { photos, answers };
  } finally {
    await gallery.close();
  }
}

/** Hashes of inputs and outputs, by name; half-written files would show as names of their own. */
function filesOf(work: string): unknown {
  const kept = readdirSync(work, { recursive: true, encoding: "utf8" }).filter(
    (name) => /^(out|\.?offers\.json|photos)/.test(name) && statSync(join(work, name)).isFile(),
  );
  return kept
    .filter((name) => !/writer\.lock/.test(name))
    .sort()
    .map((name) => [name, hashBytes(readFileSync(join(work, name)))]);
}

async function consentsOf(work: string): Promise<unknown> {
  const consents = await openConsents(join(work, "privacy/consents.db"));
  try {
    return { records: [...consents.all()], stats: consents.stats(), erased: consents.isErased(ERASED) };
  } finally {
    consents.close();
  }
}

/** A killed run is in the log too, so only that it holds together is compared. */
function auditOf(work: string): unknown {
  const audit = openAudit(join(work, "privacy/audit.db"), { actor: "chaos" });
  try {
    return audit.verify().status;
  } finally {
    audit.close();
  }
}
