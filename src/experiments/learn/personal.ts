import type { Table } from "../../core/index.ts";
import {
  encodeContexts,
  freezeLinear,
  isLinear,
  type LinearAlgorithm,
  type LinearArm,
  mostOf,
  residualDeviation,
  withFloor,
} from "../../learning/index.ts";
import type { CreativeLayer, ExperimentDesign } from "../design.ts";
import { LEARNED_LAYERS, type LearnedLayer } from "./layers.ts";
import { type SharePolicy, withShares } from "./policy-file.ts";

/** A policy with regressions of each arm's reward on the customers' features. */
export type PersonalPolicy = Pick<SharePolicy, "uniform"> & {
  readonly algorithm: LinearAlgorithm;
  readonly linear: NonNullable<SharePolicy["linear"]>;
};

/** The parts of a design that depend on the customer. */
export type PersonalShares = Pick<ExperimentDesign, "faces" | "exploreShares" | CreativeLayer>;

/** null: every customer has the same shares. */
export function personalPolicy({ algorithm, uniform, linear }: SharePolicy): PersonalPolicy | null {
  if (linear === undefined || !isLinear(algorithm)) return null;
  return { algorithm, uniform, linear };
}

/** Columns of the customers' tables that the policy uses. */
export function personalColumns({ linear }: PersonalPolicy): readonly string[] {
  return linear.schema.features.map(({ name }) => name);
}

/**
 * The shares of each customer of a table, with the policy's floor under every arm. A layer that the policy did
 * not learn keeps the design's shares. The result depends only on the policy and the customer's own columns.
 *
 * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID
 */
export function createPersonalShares(
  policy: PersonalPolicy,
  design: PersonalShares,
): (table: Table) => (row: number) => PersonalShares {
  const { schema } = policy.linear;
  const { faces, copy, template, exploreShares } = design;
  const common = { faces, copy, template, exploreShares };
  const layers = LEARNED_LAYERS.flatMap((layer) => {
    const arms = policy.linear[layer];
    return arms === undefined ? [] : [[layer, layerShares(policy, arms)] as const];
  });
  return (table) => {
    const contexts = encodeContexts(schema, table);
    return (row) => {
      const context = contexts.of(row);
      const own = { ...common };
      for (const [layer, sharesOf] of layers) Object.assign(own, replaced(common, layer, sharesOf(context)));
      return own;
    };
  };
}

/** Customers whose shares are averaged. */
const MEAN_OF = 20_000;

/**
 * The policy with the means of the customers' shares, for people who read it, and for plans. They are means over the
 * first customers of the file.
 */
export async function meanShares(
  policy: SharePolicy,
  customers: AsyncIterable<{ readonly table: Table }>,
): Promise<SharePolicy> {
  const personal = personalPolicy(policy);
  if (personal === null) return policy;
  const design = withShares<PersonalShares>({ faces: null }, policy);
  const tableShares = createPersonalShares(personal, design);
  const sums = new Map<string, number>();
  let count = 0;
  for await (const { table } of customers) {
    const sharesOf = tableShares(table);
    for (let row = 0; row < table.rows && count < MEAN_OF; row++, count++) {
      const { faces, copy, template, exploreShares } = sharesOf(row);
      for (const [layer, arms] of Object.entries({ faces, copy, template, explore: exploreShares })) {
        for (const { arm, share } of arms ?? []) {
          const key = `${layer} ${arm}`;
          sums.set(key, (sums.get(key) ?? 0) + share);
        }
      }
    }
    if (count === MEAN_OF) break;
  }
  const mean = <Arm extends { readonly arm: string; readonly share: number }>(
    layer: LearnedLayer,
    arms: readonly Arm[],
  ) => arms.map((arm) => ({ ...arm, share: (sums.get(`${layer} ${arm.arm}`) ?? arm.share * count) / count }));
  if (count === 0) return policy;
  const named = (["copy", "template", "explore"] as const).flatMap((layer) => {
    const arms = policy[layer];
    return arms === undefined ? [] : [[layer, mean(layer, arms)]];
  });
  return { ...policy, arms: mean("faces", policy.arms), ...Object.fromEntries(named) };
}

/** The shares of one layer's arms, by name, as a function of the features. */
function layerShares(
  { algorithm, uniform }: PersonalPolicy,
  arms: NonNullable<PersonalPolicy["linear"][LearnedLayer]>,
): (context: Float64Array) => ReadonlyMap<string, number> {
  const own = arms.map(
    ({ a, b, n, squares }): LinearArm => ({ a: Float64Array.from(a), b: Float64Array.from(b), n, squares }),
  );
  const linear = freezeLinear(own, { alpha: residualDeviation(own) });
  const counts = own.map(({ n }) => ({ n, sum: 0, squares: 0 }));
  return (context) => {
    const weights =
      algorithm === "lin-ts" ? linear.bestChances(context) : mostOf(linear.upperBounds(context));
    const shares = withFloor(weights, counts, { uniform });
    return new Map(arms.map(({ arm }, i) => [arm, shares[i] ?? 0]));
  };
}

/** The layer with a customer's shares. */
function replaced(
  design: PersonalShares,
  layer: LearnedLayer,
  shares: ReadonlyMap<string, number>,
): Partial<PersonalShares> {
  const of = <Arm extends { readonly arm: string; readonly share: number }>(
    arms: readonly Arm[] | null | undefined,
  ) => arms?.map((arm) => ({ ...arm, share: shares.get(arm.arm) ?? arm.share })) ?? null;
  switch (layer) {
    case "faces":
      return { faces: of(design.faces) };
    case "explore":
      return { exploreShares: of(design.exploreShares) };
    default:
      return { [layer]: of(design[layer]) };
  }
}
