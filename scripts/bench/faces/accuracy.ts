import {
  type ComparedPair,
  euclideanDistance,
  evaluateIdentification,
  evaluateVerification,
  type PersonPhoto,
} from "../../../src/faces/index.ts";
import type { Seen } from "./child.ts";
import type { LfwPair } from "./data.ts";

/** (b), (c) Accuracy of what was seen in photos of known people, by the same code for both. */

export type SeenPhotos = ReadonlyMap<string, Seen>;

/** The face nearest to the photo's centre: in LFW the person that the photo is named after. */
export function centralFace(seen: Seen | undefined): Float32Array | null {
  if (!seen) return null;
  const offCentre = ({ box }: Seen["faces"][number]) =>
    Math.hypot(box.x + box.width / 2 - seen.width / 2, box.y + box.height / 2 - seen.height / 2);
  return seen.faces.toSorted((a, b) => offCentre(a) - offCentre(b))[0]?.embedding ?? null;
}

export function measureVerification(pairs: readonly LfwPair[], seen: SeenPhotos) {
  const compared = pairs.map(({ fold, same, a, b }): ComparedPair => {
    const [one, other] = [centralFace(seen.get(a)), centralFace(seen.get(b))];
    return { fold, same, distance: one && other ? euclideanDistance(one, other) : null };
  });
  const report = evaluateVerification(compared, { resamples: 200 });
  // Undetected pairs left out: how good the embeddings are that there are.
  const detected = evaluateVerification(
    compared.filter(({ distance }) => distance !== null),
    { resamples: 50 },
  );
  const { accuracy, accuracyError, accuracyAt, tarAtFar, undetected, auc } = report;
  return {
    pairs: pairs.length,
    "pairs lost": undetected,
    accuracy: `${percent(accuracy)} ± ${percent(accuracyError)}`,
    "at 0.6": percent(accuracyAt.value),
    "TAR at FAR 1e-3": percent(tarAtFar[0]?.value ?? 0),
    "TAR at FAR 1e-2": percent(tarAtFar[1]?.value ?? 0),
    AUC: auc.value.toFixed(4),
    "detected pairs only": percent(detected.accuracy),
  };
}

export function measureRanks(
  photos: readonly string[],
  seen: SeenPhotos,
  personOf: (photo: string) => string,
) {
  const known = photos.map(
    (photo): PersonPhoto => ({ photo, person: personOf(photo), embedding: centralFace(seen.get(photo)) }),
  );
  const { rank1, enrolled, probes, undetected, cmc } = evaluateIdentification(known);
  return {
    people: enrolled,
    probes,
    "probes lost": undetected,
    "rank 1": rank1 ? `${percent(rank1.value)} (${Math.round(rank1.value * probes)})` : "-",
    "rank 5": percent(cmc[4] ?? 0),
  };
}

export function detectionRate(photos: readonly string[], seen: SeenPhotos): string {
  const found = photos.filter((photo) => (seen.get(photo)?.faces.length ?? 0) > 0).length;
  return `${percent(found / photos.length)} (${found} of ${photos.length})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
