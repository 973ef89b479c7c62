import { type BinFeature, type BinnedRows, getFeature } from "../features/bins.ts";
import { fillHistogram, histogramSize, subtractHistogram } from "./histogram.ts";
import { findSplit, type LeafSums, type Split, type SplitRules } from "./split.ts";
import type { Tree } from "./types.ts";

/** The rows of a leaf: `rows[from..to)` in the grower's order. */
interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** A tree without leaf values, and the rows of each leaf. */
export interface GrownTree {
  readonly tree: Omit<Tree, "values">;
  readonly leaves: readonly (LeafRange & LeafSums)[];
  /** The rows on which it was grown, ordered by leaf. */
  readonly order: Uint32Array;
}

interface GrowOptions {
  readonly leaves: number;
  readonly rules: SplitRules;
  /** Features that the tree may split on. */
  readonly columns: ArrayLike<number>;
}

interface OpenLeaf extends LeafRange, LeafSums {
  readonly histogram: Float64Array;
  readonly split: Split | null;
  /** Place for the node's number when the leaf is split: the parent's node and the side. */
  readonly parent: number;
  readonly isLeft: boolean;
}

/** Grows trees over one set of rows; all trees share the buffers. */
export interface Grower {
  /** @param statistics interleaved gradient and curvature of each row of the data, as whole numbers */
  grow(statistics: Float64Array, rows: Uint32Array, options: GrowOptions): GrownTree;
}

/**
 * Leaf-wise growth: the leaf with the highest gain is split next, until there are `leaves`. Only the smaller
 * child is counted; the other child's histogram is the difference.
 *
 * Source: Shi 2007, "Best-first decision tree learning"; Ke et al. 2017, "LightGBM".
 */
export function createGrower(binned: BinnedRows, features: readonly BinFeature[]): Grower {
  const free: Float64Array[] = [];
  const takeHistogram = () => free.pop() ?? new Float64Array(histogramSize(binned));
  // Stored by feature as well: a split reads one feature of many rows.
  const bins = features.map((_, feature) => getFeature(binned, feature));
  let spare = new Uint32Array(0);
  return {
    grow(statistics, rows, { leaves: maxLeaves, rules, columns }) {
      const order = Uint32Array.from(rows);
      if (spare.length < order.length) spare = new Uint32Array(order.length);
      const nodes = createNodes(maxLeaves);
      const search = (histogram: Float64Array, sums: LeafSums) =>
        sums.curvature < 2 * rules.minCurvature
          ? null
          : findSplit({ histogram, sums }, features, columns, rules);
      const source = { binned, statistics, width: features.length };
      const root = takeHistogram();
      fillHistogram(root, source, order);
      const all = sumOf(statistics, order);
      const open: OpenLeaf[] = [
        {
          from: 0,
          to: order.length,
          ...all,
          histogram: root,
          split: search(root, all),
          parent: -1,
          isLeft: true,
        },
      ];
      while (open.length < maxLeaves) {
        const at = mostGaining(open);
        const leaf = open[at];
        if (leaf === undefined || leaf.split === null) break;
        const { split } = leaf;
        const node = nodes.add(split, leaf.parent, leaf.isLeft);
        const middle = partition({ order, spare }, leaf, bins[split.feature] as Uint8Array, sidesOf(split));
        const smallIsLeft = middle - leaf.from <= leaf.to - middle;
        const small = takeHistogram();
        const smallRows = smallIsLeft ? order.subarray(leaf.from, middle) : order.subarray(middle, leaf.to);
        fillHistogram(small, source, smallRows);
        subtractHistogram(leaf.histogram, small);
        const child = (isLeft: boolean): OpenLeaf => {
          const histogram = isLeft === smallIsLeft ? small : leaf.histogram;
          const sums = isLeft
            ? split.left
            : {
                gradient: leaf.gradient - split.left.gradient,
                curvature: leaf.curvature - split.left.curvature,
              };
          const range = isLeft ? { from: leaf.from, to: middle } : { from: middle, to: leaf.to };
          return { ...range, ...sums, histogram, split: search(histogram, sums), parent: node, isLeft };
        };
        open[at] = child(true);
        open.push(child(false));
      }
      for (const leaf of open) free.push(leaf.histogram);
      return { tree: nodes.finish(open), leaves: open, order };
    },
  };
}

function sumOf(statistics: Float64Array, rows: Uint32Array): LeafSums {
  let g = 0;
  let h = 0;
  for (let i = 0; i < rows.length; i++) {
    g += statistics[2 * (rows[i] as number)] as number;
    h += statistics[2 * (rows[i] as number) + 1] as number;
  }
  return { gradient: g, curvature: h };
}

function mostGaining(open: readonly OpenLeaf[]): number {
  let best = -1;
  let gain = 0;
  for (const [i, { split }] of open.entries()) {
    if (split === null || split.gain <= gain) continue;
    best = i;
    gain = split.gain;
  }
  return best;
}

/** 1 for each bin that goes left, else 0. */
export function sidesOf(split: Pick<Split, "set" | "threshold" | "missingLeft">): Uint8Array {
  const goesLeft = new Uint8Array(256);
  if (split.set === null) {
    goesLeft.fill(1, 1, split.threshold + 1);
    goesLeft[0] = split.missingLeft ? 1 : 0;
  } else {
    for (const bin of split.set) goesLeft[bin] = 1;
  }
  return goesLeft;
}

/**
 * Partitions a leaf's rows by their side of the split and keeps the order on each side.
 * @returns the start of the right side
 */
function partition(
  { order, spare }: { readonly order: Uint32Array; readonly spare: Uint32Array },
  { from, to }: LeafRange,
  bins: Uint8Array,
  goesLeft: Uint8Array,
): number {
  let left = from;
  let right = 0;
  for (let i = from; i < to; i++) {
    const row = order[i] as number;
    const side = goesLeft[bins[row] as number] as number;
    // Both sides are written and one is kept: a branch here would be mispredicted half of the time.
    order[left] = row;
    spare[right] = row;
    left += side;
    right += 1 - side;
  }
  order.set(spare.subarray(0, right), left);
  return left;
}

function createNodes(maxLeaves: number) {
  const feature = new Int32Array(maxLeaves - 1);
  const threshold = new Int32Array(maxLeaves - 1);
  const missingLeft = new Uint8Array(maxLeaves - 1);
  const left = new Int32Array(maxLeaves - 1);
  const right = new Int32Array(maxLeaves - 1);
  const sets: (readonly number[])[] = [];
  let count = 0;
  const link = (parent: number, isLeft: boolean, child: number) => {
    if (parent >= 0) (isLeft ? left : right)[parent] = child;
  };
  return {
    add(split: Split, parent: number, isLeft: boolean): number {
      feature[count] = split.feature;
      threshold[count] = split.set === null ? split.threshold : -sets.push(split.set);
      missingLeft[count] = split.missingLeft ? 1 : 0;
      link(parent, isLeft, count);
      return count++;
    },
    finish(open: readonly OpenLeaf[]): Omit<Tree, "values"> {
      for (const [i, { parent, isLeft }] of open.entries()) link(parent, isLeft, ~i);
      return {
        feature: feature.slice(0, count),
        threshold: threshold.slice(0, count),
        missingLeft: missingLeft.slice(0, count),
        sets,
        left: left.slice(0, count),
        right: right.slice(0, count),
      };
    },
  };
}
