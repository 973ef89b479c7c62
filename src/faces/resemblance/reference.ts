import { createRandom, once, randomNormal } from "../../core/index.ts";
import { FEATURE_COUNT } from "./features.ts";
import { REFERENCE_DATA } from "./reference-data.ts";

/** Number of faces drawn: a quantile of 0.01 rests on ten of them. */
const REFERENCE_FACES = 1000;
const SEED = 1;

/**
 * Features of a population of faces of no real person: draws from a mixture of normal distributions
 * (`scripts/resemblance/fit-reference.ts`). The package contains only means and spreads of groups of at least
 * 20 photos. Every call gives the same faces.
 *
 * @returns `REFERENCE_FACES` arrays of `FEATURE_COUNT` numbers
 */
export const referenceFeatures: () => readonly Float32Array[] = once(drawFaces);

function drawFaces(): Float32Array[] {
  const { shares, means, spreads } = unpack();
  const random = createRandom(SEED);
  return Array.from({ length: REFERENCE_FACES }, () => {
    const group = groupAt(shares, random());
    return Float32Array.from({ length: FEATURE_COUNT }, (_, i) => {
      const at = group * FEATURE_COUNT + i;
      return (means[at] as number) + (spreads[at] as number) * randomNormal(random);
    });
  });
}

function groupAt(shares: Float32Array, at: number): number {
  let sum = 0;
  for (const [group, share] of shares.entries()) {
    sum += share;
    if (at < sum) return group;
  }
  return shares.length - 1;
}

function unpack(): Record<keyof typeof REFERENCE_DATA, Float32Array> {
  const floats = (base64: string) => new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);
  const { shares, means, spreads } = REFERENCE_DATA;
  return { shares: floats(shares), means: floats(means), spreads: floats(spreads) };
}
