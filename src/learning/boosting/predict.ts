import type { BinnedRows } from "../features/bins.ts";
import { sidesOf } from "./grow.ts";
import type { BoostingModel, Tree } from "./types.ts";

/**
 * A tree as bit masks. Its leaves are ordered from left to right, one bit each. For each feature and bin, a
 * mask clears the leaves that the bin excludes: those to the left of every node that sends the bin to the
 * right. The first leaf that remains after all features is the row's leaf. The steps are independent, unlike
 * a walk from node to node.
 *
 * Source: Lucchese et al. 2015, "QuickScorer: a fast algorithm to rank documents with additive ensembles of
 * regression trees", SIGIR; masks by bin are possible because features have 255 bins.
 */
interface CompiledTree {
  /** Indices of the 32-bit words of a row that contain features of the tree; four features each. */
  readonly words: Uint32Array;
  /** Leaves are counted in groups of 32, the first leaf of a group in the highest bit. */
  readonly groups: number;
  /** For each group and word, for each of its four bytes: 256 masks. */
  readonly masks: Int32Array;
  /** For each leaf from left to right: one value, or one per output. */
  readonly values: Float64Array;
}

/** Trees compiled for predicting many rows. */
export interface CompiledTrees {
  readonly trees: readonly CompiledTree[];
  /** Number of values per leaf. */
  readonly outputs: number;
}

/** Rows processed with one tree before the next tree, so that their bins and sums stay in the cache. */
const BLOCK = 2048;
const BITS = 32;
/** Masks of one word: four bytes of 256 bins. */
const WORD_MASKS = 1024;

export function compileTrees(trees: readonly Tree[], outputs = 1): CompiledTrees {
  return { outputs, trees: trees.map((tree) => compileTree(tree, outputs)) };
}

/** Adds every tree's leaf to `sums`, which has one number per row (and output), in row-major order. */
export function addTrees({ trees, outputs }: CompiledTrees, binned: BinnedRows, sums: Float64Array): void {
  const leaves = new Int32Array(Math.min(BLOCK, binned.rows));
  for (let from = 0; from < binned.rows; from += BLOCK) {
    const block = { from, count: Math.min(BLOCK, binned.rows - from) };
    for (const tree of trees) {
      findLeaves(tree, binned, block, leaves);
      if (outputs === 1) addValues(tree.values, leaves, block, sums);
      else addOutputs({ values: tree.values, outputs }, leaves, block, sums);
    }
  }
}

/** The prediction of each row: a probability for the logistic loss, else a value. */
export function predictBoosting(
  model: BoostingModel,
  binned: BinnedRows,
  compiled = compileTrees(model.trees),
): Float64Array {
  const sums = new Float64Array(binned.rows).fill(model.start);
  addTrees(compiled, binned, sums);
  if (model.loss === "squared") return sums;
  for (let row = 0; row < sums.length; row++) sums[row] = 1 / (1 + Math.exp(-(sums[row] as number)));
  return sums;
}

/** Adds the leaf values of one tree to the sums of the listed rows. */
export function addTreeTo(tree: Tree, binned: BinnedRows, rows: Uint32Array, sums: Float64Array): void {
  const compiled = compileTree(tree, 1);
  const leaf = new Int32Array(1);
  const block = { from: 0, count: 1 };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    block.from = row;
    findLeaves(compiled, binned, block, leaf);
    sums[row] = (sums[row] as number) + (compiled.values[leaf[0] as number] as number);
  }
}

/** A block of `count` rows, starting at `from`. */
interface RowBlock {
  readonly from: number;
  readonly count: number;
}

/** Writes the leaf of each row of a block, numbered from the left. */
function findLeaves(
  { words: requested, groups, masks }: CompiledTree,
  { stride, words }: BinnedRows,
  { from, count }: RowBlock,
  leaves: Int32Array,
): void {
  const width = requested.length;
  for (let i = 0, start = from * stride; i < count; i++, start += stride) {
    let base = 0;
    let group = 0;
    let left = 0;
    for (; group < groups; group++) {
      left = -1;
      for (let k = 0; k < width; k++, base += WORD_MASKS) {
        const bins = words[start + (requested[k] as number)] as number;
        left &=
          (masks[base + (bins & 255)] as number) &
          (masks[base + 256 + ((bins >>> 8) & 255)] as number) &
          (masks[base + 512 + ((bins >>> 16) & 255)] as number) &
          (masks[base + 768 + (bins >>> 24)] as number);
      }
      if (left !== 0) break;
    }
    leaves[i] = group * BITS + Math.clz32(left);
  }
}

function addValues(
  values: Float64Array,
  leaves: Int32Array,
  { from, count }: RowBlock,
  sums: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    sums[from + i] = (sums[from + i] as number) + (values[leaves[i] as number] as number);
  }
}

function addOutputs(
  { values, outputs }: { readonly values: Float64Array; readonly outputs: number },
  leaves: Int32Array,
  { from, count }: RowBlock,
  sums: Float64Array,
): void {
  for (let i = 0, sum = from * outputs; i < count; i++, sum += outputs) {
    const leaf = (leaves[i] as number) * outputs;
    for (let k = 0; k < outputs; k++) {
      sums[sum + k] = (sums[sum + k] as number) + (values[leaf + k] as number);
    }
  }
}

function compileTree(tree: Tree, outputs: number): CompiledTree {
  const { feature, left, right, values } = tree;
  const inner = feature.length;
  const words = Uint32Array.from(new Set(feature.map((own) => own >> 2))).sort();
  const groups = Math.ceil((inner + 1) / BITS);
  const masks = new Int32Array(groups * words.length * WORD_MASKS).fill(-1);
  const ordered = new Float64Array(values.length);
  let leaves = 0;
  visit(inner > 0 ? 0 : -1);
  return { words, groups, masks, values: ordered };

  /**
   * Numbers the leaves below a child from the left; a row that goes right at a node is in none of the leaves
   * to its left.
   */
  function visit(child: number): void {
    if (child < 0) {
      ordered.set(values.subarray(~child * outputs, (~child + 1) * outputs), leaves * outputs);
      leaves++;
      return;
    }
    const first = leaves;
    visit(left[child] as number);
    exclude(child, first, leaves);
    visit(right[child] as number);
  }

  function exclude(node: number, first: number, end: number): void {
    const own = feature[node] as number;
    const place = words.indexOf(own >> 2) * WORD_MASKS + 256 * (own & 3);
    const goesLeft = sidesOfNode(tree, node);
    for (let group = Math.floor(first / BITS); group * BITS < end; group++) {
      const kept = ~bitsBetween(first - group * BITS, end - group * BITS);
      const at = group * words.length * WORD_MASKS + place;
      for (let bin = 0; bin < 256; bin++) {
        if (goesLeft[bin] === 0) masks[at + bin] = (masks[at + bin] as number) & kept;
      }
    }
  }
}

function sidesOfNode({ threshold, missingLeft, sets }: Tree, node: number): Uint8Array {
  const limit = threshold[node] as number;
  return sidesOf({
    set: limit < 0 ? (sets[-limit - 1] as readonly number[]) : null,
    threshold: limit,
    missingLeft: missingLeft[node] === 1,
  });
}

/** Bits from `first` up to `end`, numbered from the highest; positions outside the word are ignored. */
function bitsBetween(first: number, end: number): number {
  const low = Math.max(0, first);
  const high = Math.min(BITS, end);
  let bits = 0;
  for (let bit = low; bit < high; bit++) bits |= 1 << (BITS - 1 - bit);
  return bits;
}
