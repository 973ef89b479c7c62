import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { estimateAttributes } from "../../src/faces/attributes/estimate.ts";
import { createFaceEngine, type Face, type Point } from "../../src/faces/index.ts";
import { humanFolder } from "../../src/faces/networks/human.ts";
import { createOnnxNetworks } from "../../src/faces/networks/onnx/networks.ts";
import type { FeatureEvidence } from "../../src/faces/resemblance/features.ts";
import { describeLooks } from "../../src/faces/resemblance/look.ts";
import { decodePhoto } from "../../src/io/image/index.ts";

/** What the networks make of a photo's most prominent face, before any of it is projected or weighted. */
export interface PhotoEvidence extends FeatureEvidence {
  readonly photo: string;
  readonly score: number;
  readonly quality: Face["quality"];
}

/** Photos without a face are null. */
export type EvidenceOf = ReadonlyMap<string, PhotoEvidence | null>;

const MAX_SIDE = 1600;

/**
 * Describes photos, or reads what an earlier run found out about them.
 *
 * @param cache a folder with one JSON Lines file per name; null: nothing is stored
 */
export async function gatherEvidence(
  photos: readonly string[],
  { name, cache, jobs }: { readonly name: string; readonly cache: string | null; readonly jobs: number },
): Promise<EvidenceOf> {
  const file = cache === null ? null : join(cache, `${name}.jsonl`);
  if (cache !== null) mkdirSync(cache, { recursive: true });
  const known = file === null ? new Map<string, PhotoEvidence | null>() : readCache(file);
  const missing = photos.filter((photo) => !known.has(photo));
  if (missing.length === 0) return known;
  const engine = await createFaceEngine({ jobs, attributes: false, look: false });
  const networks = createOnnxNetworks({ threads: 1, look: humanFolder() !== null });
  for await (const outcome of engine.describeAll(missing)) {
    const [face] = outcome.status === "described" ? outcome.faces : [];
    const evidence = face === undefined ? null : await look(outcome.photo, face, networks);
    known.set(outcome.photo, evidence);
    if (file !== null) appendFileSync(file, `${toLine(outcome.photo, evidence)}\n`);
  }
  await networks.close();
  await engine.close();
  return known;
}

async function look(
  photo: string,
  face: Face,
  networks: ReturnType<typeof createOnnxNetworks>,
): Promise<PhotoEvidence> {
  const { image, scaleX, scaleY } = await decodePhoto(photo, { maxSide: MAX_SIDE, maxPixels: 1e8 });
  const landmarks = [face.landmarks.map(([x, y]): Point => [x / scaleX, y / scaleY])];
  const [appearance] = await estimateAttributes(image, landmarks, networks);
  const [looks] = networks.look === null ? [] : await describeLooks(image, landmarks, networks.look);
  return {
    photo,
    score: face.score,
    quality: face.quality,
    embedding: face.embedding,
    landmarks: face.landmarks,
    attributes: appearance?.attributes ?? null,
    traits: appearance?.traits ?? null,
    look: looks ?? null,
  };
}

interface Line extends Omit<PhotoEvidence, "embedding" | "traits" | "look"> {
  readonly embedding: string;
  readonly traits: string | null;
  readonly look: string | null;
}

function toLine(photo: string, evidence: PhotoEvidence | null): string {
  if (evidence === null) return JSON.stringify({ photo, face: null });
  const { embedding, traits, look: looks, ...face } = evidence;
  const line: Line = {
    ...face,
    embedding: pack(embedding),
    traits: traits && pack(traits),
    look: looks && pack(looks),
  };
  return JSON.stringify({ photo, face: line });
}

function readCache(file: string): Map<string, PhotoEvidence | null> {
  const known = new Map<string, PhotoEvidence | null>();
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  for (const text of lines) {
    if (text === "") continue;
    const { photo, face } = JSON.parse(text) as { readonly photo: string; readonly face: Line | null };
    known.set(
      photo,
      face && {
        ...face,
        embedding: unpack(face.embedding),
        traits: face.traits === null ? null : unpack(face.traits),
        look: face.look === null ? null : unpack(face.look),
      },
    );
  }
  return known;
}

function pack(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

function unpack(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);
}
