import type { Limits, Prices } from "./prices.ts";
import type { ValueStore } from "./value-store.ts";

/** An allocation in progress: the choice of each row and the remaining limits. */
export interface OpenAllocation {
  /** 0: nothing; else the offer's index + 1. */
  readonly choices: Uint8Array;
  /** Number of customers to whom each offer can still be shown. */
  readonly stock: Float64Array;
  /** Remaining budget. */
  budget: number;
  value: number;
}

/** A change of one row to another offer, or to none. */
interface Move {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly gain: number;
  readonly cost: number;
  /** Value of the move at the prices; 0 at the margin, and above 0 only by rounding. */
  readonly reduced: number;
}

/**
 * Number of moves closest to the margin that are kept; a solved problem has about as many open moves as
 * limits.
 */
const MAX_MOVES = 300;
const MAX_ROUNDS = 50;

/**
 * Assigns the customers at the margin. Prices decide for all customers except a few, whose choices are nearly
 * tied: an offer of cost 5 does not fit a remaining budget of 3. Among the moves closest to the margin,
 * single moves and pairs of moves (one frees what the other needs) are made as long as one adds value within
 * the limits.
 */
export function improve(store: ValueStore, limits: Limits, prices: Prices, draft: OpenAllocation): void {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const moves = marginalMoves(store, limits, prices, draft);
    const best = bestMoves(moves, draft);
    if (best.length === 0) return;
    for (const move of best) apply(move, draft);
  }
}

function marginalMoves(store: ValueStore, limits: Limits, prices: Prices, draft: OpenAllocation): Move[] {
  const { width } = store;
  // Index 0 stands for no offer: it costs nothing and has no price.
  const costs = [0, ...limits.costs];
  const offerPrices = [0, ...prices.offers];
  const nearest = createNearest();
  store.visit((values, rows, first) => {
    for (let i = 0; i < rows; i++) {
      const row = first + i;
      const from = draft.choices[row] as number;
      const valueAt = (choice: number) => (choice === 0 ? 0 : (values[i * width + choice - 1] as number));
      const has = valueAt(from);
      for (let to = 0; to <= width; to++) {
        const value = valueAt(to);
        if (to === from || (to !== 0 && !(value > 0))) continue;
        const gain = value - has;
        const cost = (costs[to] as number) - (costs[from] as number);
        const price = (offerPrices[to] as number) - (offerPrices[from] as number);
        const reduced = gain - prices.money * cost - price;
        if (reduced > nearest.least) nearest.add({ row, from, to, gain, cost, reduced });
      }
    }
  });
  return nearest.moves();
}

/**
 * Keeps the moves closest to the margin, the closest first; memory is limited to a few times their number.
 */
function createNearest() {
  let moves: Move[] = [];
  let least = Number.NEGATIVE_INFINITY;
  const trim = () => {
    moves.sort((a, b) => b.reduced - a.reduced || a.row - b.row);
    moves = moves.slice(0, MAX_MOVES);
    least = moves.length < MAX_MOVES ? Number.NEGATIVE_INFINITY : (moves.at(-1)?.reduced ?? 0);
  };
  return {
    /** Moves that are not above this value are not close enough. */
    get least(): number {
      return least;
    },
    add(move: Move): void {
      moves.push(move);
      if (moves.length > 4 * MAX_MOVES) trim();
    },
    moves(): Move[] {
      trim();
      return moves;
    },
  };
}

/** The one or two moves that add most value within the remaining limits; empty if none adds value. */
function bestMoves(moves: readonly Move[], { budget, stock }: OpenAllocation): readonly Move[] {
  let best: readonly Move[] = [];
  let bestGain = 1e-9;
  for (const [i, a] of moves.entries()) {
    if (a.gain > bestGain && a.cost <= budget && hasStock(stock, a)) {
      best = [a];
      bestGain = a.gain;
    }
    for (let j = i + 1; j < moves.length; j++) {
      const b = moves[j] as Move;
      if (a.gain + b.gain <= bestGain || a.row === b.row || a.cost + b.cost > budget) continue;
      if (!hasStock(stock, a, b)) continue;
      best = [a, b];
      bestGain = a.gain + b.gain;
    }
  }
  return best;
}

function hasStock(stock: Float64Array, a: Move, b?: Move): boolean {
  return enough(stock, a.to, a, b) && (b === undefined || enough(stock, b.to, a, b));
}

function enough(stock: Float64Array, offer: number, a: Move, b: Move | undefined): boolean {
  if (offer === 0) return true;
  const freed = (a.from === offer ? 1 : 0) + (b?.from === offer ? 1 : 0);
  const taken = (a.to === offer ? 1 : 0) + (b?.to === offer ? 1 : 0);
  return (stock[offer - 1] as number) + freed >= taken;
}

function apply({ row, from, to, gain, cost }: Move, draft: OpenAllocation): void {
  const { choices, stock } = draft;
  choices[row] = to;
  if (from > 0) stock[from - 1] = (stock[from - 1] as number) + 1;
  if (to > 0) stock[to - 1] = (stock[to - 1] as number) - 1;
  draft.budget -= cost;
  draft.value += gain;
}
