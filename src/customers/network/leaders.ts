import type { Graph } from "./graph.ts";

/** Rounds of expectation and maximisation; later ones change the order of hardly anybody's contacts. */
const ROUNDS = 8;
/** Followers that every person is assumed to have by chance, against estimates from few contacts. */
const PRIOR_FOLLOWERS = 1;

/**
 * How much more often each person is followed than expected of the tie strengths of their contacts; 1: as expected.
 *
 * Every person is assumed to follow one contact. The probability of each is proportional to its weight (`prior`), the
 * evidence of its purchases, and how often it is followed by others, which is estimated from these probabilities
 * (expectation and maximisation, with a gamma prior around 1).
 *
 * @param prior per arc of the graph, the weight of the contact without evidence
 * @param evidence per arc, a likelihood ratio
 */
export function estimateLeaders(graph: Graph, prior: Float64Array, evidence: Float64Array): Float64Array {
  const expected = followersOf(graph, prior);
  let leads = new Float64Array(graph.nodes).fill(1);
  for (let round = 0; round < ROUNDS; round++) {
    const weights = prior.map((own, arc) => own * (evidence[arc] ?? 1) * (leads[graph.to[arc] ?? 0] ?? 1));
    const found = followersOf(graph, weights);
    leads = found.map((own, node) => (own + PRIOR_FOLLOWERS) / ((expected[node] ?? 0) + PRIOR_FOLLOWERS));
  }
  return leads;
}

/** Per node, the expected number of people who follow it, if each person follows one contact in proportion to the weights. */
function followersOf({ nodes, from, to }: Graph, weights: Float64Array): Float64Array {
  const followers = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const [start, end] = [from[node] ?? 0, from[node + 1] ?? 0];
    let total = 0;
    for (let arc = start; arc < end; arc++) total += weights[arc] ?? 0;
    for (let arc = start; arc < end && total > 0; arc++) {
      const contact = to[arc] ?? 0;
      followers[contact] = (followers[contact] ?? 0) + (weights[arc] ?? 0) / total;
    }
  }
  return followers;
}
