import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/index.ts";
import {
  coreNumbers,
  createGraph,
  pageRank,
  percentilesNear,
  twoHops,
} from "../../../src/customers/network/graph.ts";

/** A random graph, and the same one in graphology. */
function both(nodes: number, ties: number, seed: number) {
  const random = createRandom(seed);
  const oracle = new UndirectedGraph();
  for (let node = 0; node < nodes; node++) oracle.addNode(node);
  for (let k = 0; k < ties; k++) {
    const [a, b] = [Math.floor(random() * nodes), Math.floor(random() * nodes)];
    if (a !== b && !oracle.hasEdge(a, b)) oracle.addEdge(a, b, { weight: 0.1 + random() });
  }
  const arcs = { i: [] as number[], j: [] as number[], share: [] as number[] };
  for (let node = 0; node < nodes; node++) {
    const near = oracle.neighbors(node).map(Number);
    const total = near.reduce((sum, other) => sum + weight(oracle, node, other), 0);
    for (const other of near) {
      arcs.i.push(node);
      arcs.j.push(other);
      arcs.share.push(weight(oracle, node, other) / total);
    }
  }
  return { oracle, graph: createGraph(nodes, arcs) };
}

const weight = (oracle: UndirectedGraph, a: number, b: number) =>
  Number(oracle.getEdgeAttribute(a, b, "weight"));

/** PageRank by its definition, from graphology's own neighbours. */
function definition(oracle: UndirectedGraph, damping = 0.85): number[] {
  const nodes = oracle.nodes().map(Number);
  let rank = nodes.map(() => 1 / nodes.length);
  for (let round = 0; round < 300; round++) {
    rank = nodes.map((node) => {
      const received = nodes.reduce((sum, other) => {
        const own = rank[other] ?? 0;
        if (oracle.degree(other) === 0) return sum + own / nodes.length;
        if (!oracle.hasEdge(other, node)) return sum;
        const total = oracle.reduceNeighbors(
          other,
          (all, near) => all + weight(oracle, other, Number(near)),
          0,
        );
        return sum + (own * weight(oracle, other, node)) / total;
      }, 0);
      return (1 - damping) / nodes.length + damping * received;
    });
  }
  return rank;
}

/** The k-shell by its definition: remove whoever has k neighbours or fewer until nobody has. */
function shells(oracle: UndirectedGraph): number[] {
  const left = oracle.copy();
  const found: number[] = [];
  for (let k = 0; left.order > 0; k++) {
    for (let weak = left.nodes().filter((node) => left.degree(node) <= k); weak.length > 0; ) {
      for (const node of weak) {
        found[Number(node)] = k;
        left.dropNode(node);
      }
      weak = left.nodes().filter((node) => left.degree(node) <= k);
    }
  }
  return found;
}

describe.each([
  [12, 20, 1],
  [40, 60, 2],
  [40, 200, 3],
])("a graph of %i people and up to %i ties", (nodes, ties, seed) => {
  const { oracle, graph } = both(nodes, ties, seed);

  it("has the PageRank of its definition", () => {
    const rank = pageRank(graph);
    expect(rank.reduce((sum, own) => sum + own, 0)).toBeCloseTo(1, 6);
    for (const [node, own] of definition(oracle).entries()) expect(rank[node]).toBeCloseTo(own, 6);
  });

  it("has the k-shells of their definition", () => {
    expect([...coreNumbers(graph)]).toEqual(shells(oracle));
  });

  it("has the people within two steps", () => {
    for (let node = 0; node < nodes; node++) {
      const near = oracle.neighbors(node);
      const all = new Set([...near, ...near.flatMap((other) => oracle.neighbors(other))].map(Number));
      all.delete(node);
      expect([...twoHops(graph, node)]).toEqual([...all].sort((a, b) => a - b));
    }
  });
});

describe("a percentile near somebody", () => {
  it("is 1 for the highest rank within two steps and 0 for the lowest", () => {
    // 0 knows 1, 2 and 3; 1 knows five more.
    const pairs = [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 4],
      [1, 5],
      [1, 6],
      [1, 7],
      [1, 8],
    ] as const;
    const arcs = pairs
      .flatMap(([a, b]) => [
        [a, b],
        [b, a],
      ])
      .sort(([a = 0], [b = 0]) => a - b);
    const graph = createGraph(9, {
      i: arcs.map(([i = 0]) => i),
      j: arcs.map(([, j = 0]) => j),
      share: arcs.map(([i = 0]) => 1 / arcs.filter(([other]) => other === i).length),
    });
    const rank = pageRank(graph);
    const percentileOf = (node: number, contact: number) => percentilesNear(graph, rank, node, [contact])[0];
    expect(percentileOf(0, 1)).toBe(1);
    expect(percentileOf(0, 2)).toBeLessThan(0.9);
    expect(percentileOf(2, 0)).toBeLessThan(1);
  });
});
