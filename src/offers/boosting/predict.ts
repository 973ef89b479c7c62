import { type BinnedRows, byteOf } from "../features/bins.ts";
import { sidesOf } from "./grow.ts";
import type { BoostingModel, Tree } from "./types.ts";

/**
 * A tree as a table, its leaves numbered after its inner nodes: `next[node * 256 + bin]` is the next node, and a leaf
 * leads to itself. Every row takes `depth` steps, so there is no branch to guess.
 */
interface CompiledTree {
  readonly depth: number;
  /** Inner nodes: the number of the first leaf. */
  readonly inner: number;
  /** Per node: its feature's byte within a row. */
  readonly byte: Int32Array;
  readonly next: Int16Array;
  readonly values: Float64Array;
}

/** Trees made ready for many rows. */
export interface CompiledTrees {
  readonly trees: readonly CompiledTree[];
  /** Values per leaf. */
  readonly outputs: number;
}

/** Rows that are walked through one tree before the next: their bins and sums stay in the cache. */
const BLOCK = 2048;

export function compileTrees(trees: readonly Tree[], outputs = 1): CompiledTrees {
  return { outputs, trees: trees.map(compileTree) };
}

/** Adds every tree's leaf to `sums`, which has one number per row (and output), row after row. */
export function addTrees({ trees, outputs }: CompiledTrees, binned: BinnedRows, sums: Float64Array): void {
  for (let from = 0; from < binned.rows; from += BLOCK) {
    const to = Math.min(from + BLOCK, binned.rows);
    for (const tree of trees) {
      if (outputs === 1) addTree(tree, binned, sums, from, to);
      else addOutputs(tree, outputs, binned, sums, from, to);
    }
  }
}

/** Per row the prediction: a probability for the logistic loss, else a value. */
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

/** Adds the values of one tree's leaves to the sums of the rows listed. */
export function addTreeTo(tree: Tree, binned: BinnedRows, rows: Uint32Array, sums: Float64Array): void {
  const { depth, inner, byte, next, values } = compileTree(tree);
  const { bytes, stride } = binned;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const at = row * stride * 4;
    let node = 0;
    for (let step = 0; step < depth; step++) {
      node = next[(node << 8) | (bytes[at + (byte[node] as number)] as number)] as number;
    }
    sums[row] = (sums[row] as number) + (values[node - inner] as number);
  }
}

function addTree(
  { depth, inner, byte, next, values }: CompiledTree,
  { stride, bytes }: BinnedRows,
  sums: Float64Array,
  from: number,
  to: number,
): void {
  const width = stride * 4;
  let row = from;
  // Two rows at a time: while one waits for memory, the other goes on.
  for (let at = from * width; row + 1 < to; row += 2, at += 2 * width) {
    let a = 0;
    let b = 0;
    for (let step = 0; step < depth; step++) {
      a = next[(a << 8) | (bytes[at + (byte[a] as number)] as number)] as number;
      b = next[(b << 8) | (bytes[at + width + (byte[b] as number)] as number)] as number;
    }
    sums[row] = (sums[row] as number) + (values[a - inner] as number);
    sums[row + 1] = (sums[row + 1] as number) + (values[b - inner] as number);
  }
  if (row === to) return;
  let node = 0;
  for (let step = 0; step < depth; step++) {
    node = next[(node << 8) | (bytes[row * width + (byte[node] as number)] as number)] as number;
  }
  sums[row] = (sums[row] as number) + (values[node - inner] as number);
}

function addOutputs(
  { depth, inner, byte, next, values }: CompiledTree,
  outputs: number,
  { stride, bytes }: BinnedRows,
  sums: Float64Array,
  from: number,
  to: number,
): void {
  for (let row = from, at = from * stride * 4; row < to; row++, at += stride * 4) {
    let node = 0;
    for (let step = 0; step < depth; step++) {
      node = next[(node << 8) | (bytes[at + (byte[node] as number)] as number)] as number;
    }
    const leaf = (node - inner) * outputs;
    const sum = row * outputs;
    for (let k = 0; k < outputs; k++)
      sums[sum + k] = (sums[sum + k] as number) + (values[leaf + k] as number);
  }
}

function compileTree(tree: Tree): CompiledTree {
  const { feature, threshold, missingLeft, sets, left, right, values } = tree;
  const inner = feature.length;
  const byte = new Int32Array(2 * inner + 1);
  const next = new Int16Array((2 * inner + 1) * 256);
  const depthOf = new Int32Array(inner);
  let depth = 0;
  const numberOf = (child: number) => (child >= 0 ? child : inner + ~child);
  // A child is numbered after its parent, so that its depth is known when its turn comes.
  for (let node = 0; node < inner; node++) {
    const limit = threshold[node] as number;
    const goesLeft = sidesOf({
      set: limit < 0 ? (sets[-limit - 1] as readonly number[]) : null,
      threshold: limit,
      missingLeft: missingLeft[node] === 1,
    });
    const [yes, no] = [left[node] as number, right[node] as number];
    byte[node] = byteOf(feature[node] as number);
    for (let bin = 0; bin < 256; bin++) next[node * 256 + bin] = numberOf(goesLeft[bin] === 1 ? yes : no);
    const below = (depthOf[node] as number) + 1;
    if (below > depth) depth = below;
    if (yes >= 0) depthOf[yes] = below;
    if (no >= 0) depthOf[no] = below;
  }
  for (let node = inner; node <= 2 * inner; node++) next.fill(node, node * 256, (node + 1) * 256);
  return { depth, inner, byte, next, values };
}
