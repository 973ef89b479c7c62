/**
 * A graph in compressed rows: the neighbours of `i` are `to[from[i]]` up to, but not including, `to[from[i +
 * 1]]`.
 */
export interface Graph {
  readonly nodes: number;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Per arc; the shares of a node's outgoing arcs sum to 1. */
  readonly share: Float32Array;
}

/** @param arcs ends and shares, sorted by the first end */
export function createGraph(
  nodes: number,
  arcs: { readonly i: ArrayLike<number>; readonly j: ArrayLike<number>; readonly share: ArrayLike<number> },
): Graph {
  const from = new Uint32Array(nodes + 1);
  for (let arc = 0; arc < arcs.i.length; arc++) {
    const end = (arcs.i[arc] ?? 0) + 1;
    from[end] = (from[end] ?? 0) + 1;
  }
  for (let node = 0; node < nodes; node++) from[node + 1] = (from[node + 1] ?? 0) + (from[node] ?? 0);
  return { nodes, from, to: Uint32Array.from(arcs.j), share: Float32Array.from(arcs.share) };
}

export interface RankOptions {
  /** Damping factor in (0, 1); default 0.85. */
  readonly damping?: number;
  /** The iteration ends when the sum of all changes is below this; default 1e-9. */
  readonly tolerance?: number;
}

/**
 * PageRank with weighted arcs, by power iteration; ranks sum to 1. Nodes without arcs pass their rank to all
 * nodes.
 *
 * Source: Page, Brin, Motwani and Winograd 1999, "The PageRank citation ranking".
 */
export function pageRank(graph: Graph, { damping = 0.85, tolerance = 1e-9 }: RankOptions = {}): Float64Array {
  const { nodes } = graph;
  let rank = new Float64Array(nodes).fill(1 / Math.max(1, nodes));
  for (let round = 0; round < 200; round++) {
    const next = handOn(graph, rank).map((value) => (1 - damping) / nodes + damping * value);
    const moved = next.reduce((sum, value, node) => sum + Math.abs(value - (rank[node] ?? 0)), 0);
    rank = next;
    if (moved < tolerance) break;
  }
  return rank;
}

/**
 * The rank that every node receives when each node passes its rank along its arcs, or to all nodes if it has
 * none.
 */
function handOn({ nodes, from, to, share }: Graph, rank: Float64Array): Float64Array {
  const next = new Float64Array(nodes);
  let toAll = 0;
  for (let node = 0; node < nodes; node++) {
    const [start, end] = [from[node] ?? 0, from[node + 1] ?? 0];
    const own = rank[node] ?? 0;
    if (start === end) toAll += own;
    for (let arc = start; arc < end; arc++) {
      const other = to[arc] ?? 0;
      next[other] = (next[other] ?? 0) + own * (share[arc] ?? 0);
    }
  }
  return next.map((value) => value + toAll / nodes);
}

/**
 * The k-shell of every node: the largest k such that it is part of a subgraph in which all have k neighbours or more.
 *
 * Source: Batagelj and Zaversnik 2003, arXiv cs/0310049; as a measure of influence: Kitsak et al. 2010, Nature Physics 6:888.
 */
export function coreNumbers(graph: Graph): Uint32Array {
  const degree = Uint32Array.from({ length: graph.nodes }, (_, node) => neighbours(graph, node).length);
  const buckets: number[][] = [];
  for (const [node, own] of degree.entries()) {
    buckets[own] ??= [];
    buckets[own].push(node);
  }
  const isDone = new Uint8Array(graph.nodes);
  for (let k = 0; k < buckets.length; k++) {
    // Nodes are added to the bucket during the loop.
    for (const node of buckets[k] ?? []) {
      if (isDone[node] === 1) continue;
      isDone[node] = 1;
      for (const other of neighbours(graph, node)) {
        const own = degree[other] ?? 0;
        if (isDone[other] === 1 || own <= k) continue;
        degree[other] = own - 1;
        buckets[own - 1] ??= [];
        buckets[own - 1]?.push(other);
      }
    }
  }
  return degree;
}

function neighbours({ from, to }: Graph, node: number): Uint32Array {
  return to.subarray(from[node], from[node + 1]);
}

/** The people within two steps of a person, without the person; each once, in ascending order. */
export function twoHops(graph: Graph, node: number): Uint32Array {
  const found = new Set<number>();
  for (const near of neighbours(graph, node)) {
    found.add(near);
    for (const next of neighbours(graph, near)) found.add(next);
  }
  found.delete(node);
  return Uint32Array.from(found).sort();
}

/**
 * Per contact of a person, the share of the others within two steps whose rank is at most the contact's; in
 * [0, 1], and 1 if there are no others.
 */
export function percentilesNear(
  graph: Graph,
  rank: Float64Array,
  node: number,
  contacts: ArrayLike<number>,
): Float64Array {
  const near = Float64Array.from(twoHops(graph, node), (other) => rank[other] ?? 0).sort();
  return Float64Array.from(contacts, (contact) =>
    near.length <= 1 ? 1 : (countUpTo(near, rank[contact] ?? 0) - 1) / (near.length - 1),
  );
}

/** Number of elements of an ascending array that are at most `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
