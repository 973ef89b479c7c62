import { expected, LookalikeError } from "../../core/index.ts";
import { euclideanDistance } from "../distance.ts";
import { share } from "./intervals.ts";
import type { IdentificationReport, PersonPhoto } from "./types.ts";

/** Highest rank of the match characteristic. */
const MOST_RANKS = 50;

/**
 * Closed-set identification: the first photo of each person is enrolled, every other one is a probe, and people with
 * one photo are distractors. A probe's rank is the position of its own person among all enrolled; equal distances count
 * against it. If no face was found in the probe or in the enrolled photo, the probe is missed at every rank.
 *
 * Source: Phillips et al. 2000, 'The FERET evaluation methodology', IEEE PAMI 22(10).
 *
 * @param photos in order: the first photo of a person is enrolled
 * @throws ERR_EVALUATION_EMPTY no person has two photos
 *
 * @example
 * const { rank1 } = evaluateIdentification([
 *   { person: "p1", photo: "p1/a.jpg", embedding: a },
 *   { person: "p1", photo: "p1/b.jpg", embedding: b },
 * ]);
 */
export function evaluateIdentification(photos: readonly PersonPhoto[]): IdentificationReport {
  const enrolled = new Map<string, PersonPhoto>();
  const probes: PersonPhoto[] = [];
  for (const photo of photos) {
    if (enrolled.has(photo.person)) probes.push(photo);
    else enrolled.set(photo.person, photo);
  }
  if (probes.length === 0) {
    throw new LookalikeError(
      "ERR_EVALUATION_EMPTY",
      expected("a person with two photos or more", "photos", `${photos.length} photos of as many people`),
      { hint: "Add a second photo of at least one person." },
    );
  }
  const gallery = [...enrolled.values()];
  const ranks = probes.map((probe) => ({ person: probe.person, rank: rankOf(probe, enrolled, gallery) }));
  const within = (k: number) => ranks.filter(({ rank }) => rank !== null && rank <= k).length;
  const searched = new Set(probes.map((probe) => probe.person));
  return {
    enrolled: gallery.length,
    distractors: gallery.length - searched.size,
    probes: probes.length,
    undetected: ranks.filter(({ rank }) => rank === null).length,
    rank1: share(within(1), probes.length),
    cmc: Array.from(
      { length: Math.min(MOST_RANKS, gallery.length) },
      (_, i) => within(i + 1) / probes.length,
    ),
    ranks,
  };
}

function rankOf(
  probe: PersonPhoto,
  enrolled: ReadonlyMap<string, PersonPhoto>,
  gallery: readonly PersonPhoto[],
): number | null {
  const own = enrolled.get(probe.person)?.embedding;
  if (!probe.embedding || !own) return null;
  const ownDistance = euclideanDistance(probe.embedding, own);
  let rank = 1;
  for (const { person, embedding } of gallery) {
    if (person === probe.person || !embedding) continue;
    if (euclideanDistance(probe.embedding, embedding) <= ownDistance) rank++;
  }
  return rank;
}
