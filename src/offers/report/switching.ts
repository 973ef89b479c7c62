import type { CategoryColumn } from "../../core/index.ts";
import { LookalikeError } from "../../core/index.ts";
import type { TransitionTable } from "../../customers/index.ts";
import { type Estimate, wilson } from "../../statistics/index.ts";
import { BAND_NAMES, codeTransitions } from "../next/segments.ts";

/** Number of customers who went from one manufacturer to another (or stayed, if both are the same). */
export interface SwitchCount {
  readonly from: string;
  readonly to: string;
  readonly customers: number;
}

/** A manufacturer's customers: how many stay, and the new manufacturers of the others. */
interface SwitchingRow {
  readonly manufacturer: string;
  readonly customers: number;
  /** Share that stays, with its Wilson interval (95 %). */
  readonly loyalty: Estimate;
  /** By manufacturer bought next, in the report's order. */
  readonly next: readonly {
    readonly manufacturer: string;
    readonly customers: number;
    readonly share: Estimate;
    /**
     * Share divided by the overall share of that manufacturer; the interval treats the overall share as
     * known.
     */
    readonly lift: Estimate;
  }[];
}

/** P(next = manufacturer | group) / P(next = manufacturer): an association, not an effect. */
export interface GroupLift {
  readonly by: "residence" | "age" | "manufacturer";
  readonly group: string;
  readonly manufacturer: string;
  /** Number of customers in the group. */
  readonly customers: number;
  readonly share: Estimate;
  readonly lift: Estimate;
}

export interface SwitchingReport {
  readonly customers: number;
  /** Share of all customers who stayed. */
  readonly loyalty: Estimate;
  /** Manufacturers by number of customers, largest first. */
  readonly rows: readonly SwitchingRow[];
  readonly lifts: readonly GroupLift[];
  /** The definition of staying, if call logs were read. */
  readonly stays: "bought again" | "unchanged" | null;
}

/**
 * Loyalty and switching from counts.
 *
 * @throws ERR_TRANSITIONS_EMPTY the counts contain no customer
 *
 * @example
 * const report = switchingFromCounts([
 *   { from: "Apple", to: "Apple", customers: 80 },
 *   { from: "Apple", to: "Samsung", customers: 20 },
 * ]);
 */
export function switchingFromCounts(counts: readonly SwitchCount[]): SwitchingReport {
  const labels = [...new Set(counts.flatMap(({ from, to }) => [from, to]))];
  const matrix = labels.map((from) =>
    labels.map((to) =>
      counts.reduce((sum, count) => sum + (count.from === from && count.to === to ? count.customers : 0), 0),
    ),
  );
  return reportMatrix(labels, matrix, { groups: [], stays: null });
}

/**
 * Loyalty, switching and lift by residence, age and manufacturer from call logs; `codeTransitions` defines which customers
 * count.
 *
 * @throws ERR_TRANSITIONS_EMPTY
 *
 * @example
 * const report = switchingFromTransitions(await customers.transitions());
 */
export function switchingFromTransitions(transitions: TransitionTable): SwitchingReport {
  const coded = codeTransitions(transitions);
  const { manufacturers, current, next, residence, age, residences, stays } = coded;
  const matrix = manufacturers.map(() => manufacturers.map(() => 0));
  for (let row = 0; row < coded.rows; row++) {
    const from = matrix[current[row] as number] as number[];
    const to = next[row] as number;
    from[to] = (from[to] as number) + 1;
  }
  const places: CategoryColumn = { kind: "category", codes: residence, labels: residences };
  const ages: CategoryColumn = { kind: "category", codes: age, labels: BAND_NAMES };
  const groups = [
    ...groupCounts("residence", places, next, manufacturers.length),
    ...(coded.usesAge ? groupCounts("age", ages, next, manufacturers.length) : []),
  ];
  return reportMatrix(manufacturers, matrix, { groups, stays });
}

interface GroupCount {
  readonly by: GroupLift["by"];
  readonly group: string;
  readonly next: readonly number[];
}

/** Groups of one column, at most the 30 largest. */
function groupCounts(
  by: GroupLift["by"],
  { codes, labels }: CategoryColumn,
  next: Int32Array,
  manufacturers: number,
): GroupCount[] {
  const counts = labels.map(() => new Array<number>(manufacturers).fill(0));
  for (const [row, code] of codes.entries()) {
    const group = counts[code];
    const to = next[row] as number;
    if (group) group[to] = (group[to] as number) + 1;
  }
  const sizes = counts.map(total);
  const kept = [...labels.keys()].filter((code) => (sizes[code] as number) > 0);
  const largest = kept.sort((a, b) => (sizes[b] as number) - (sizes[a] as number)).slice(0, 30);
  return largest
    .sort((a, b) => a - b)
    .map((code) => ({ by, group: labels[code] as string, next: counts[code] as number[] }));
}

interface MatrixContext {
  readonly groups: readonly GroupCount[];
  readonly stays: SwitchingReport["stays"];
}

function reportMatrix(
  labels: readonly string[],
  matrix: readonly (readonly number[])[],
  { groups, stays }: MatrixContext,
): SwitchingReport {
  const customers = matrix.reduce((sum, row) => sum + total(row), 0);
  if (customers === 0) {
    throw new LookalikeError(
      "ERR_TRANSITIONS_EMPTY",
      "Expected at least one customer who bought again but found none",
      {
        hint: "Use a log that covers more time, or a file of counts.",
      },
    );
  }
  const column = (to: number) => matrix.reduce((sum, row) => sum + (row[to] as number), 0);
  const overall = labels.map((_, to) => column(to) / customers);
  const liftOf = (share: Estimate, to: number): Estimate => {
    const all = overall[to] as number;
    const over = (value: number) => (all === 0 ? 0 : value / all);
    return { value: over(share.value), low: over(share.low), high: over(share.high) };
  };
  const order = [...labels.keys()].sort((a, b) => size(b) - size(a) || a - b);
  function size(label: number): number {
    return total(matrix[label] as readonly number[]) + column(label);
  }
  const rows = order.flatMap((from): SwitchingRow[] => {
    const counts = matrix[from] as readonly number[];
    const own = total(counts);
    if (own === 0) return [];
    const next = order.map((to) => {
      const share = wilson(counts[to] as number, own);
      const manufacturer = labels[to] as string;
      return { manufacturer, customers: counts[to] as number, share, lift: liftOf(share, to) };
    });
    return [
      {
        manufacturer: labels[from] as string,
        customers: own,
        loyalty: wilson(counts[from] as number, own),
        next,
      },
    ];
  });
  const byMaker: GroupCount[] = order.map((from) => ({
    by: "manufacturer",
    group: labels[from] as string,
    next: matrix[from] as readonly number[],
  }));
  const lifts = [...groups, ...byMaker].flatMap(({ by, group, next }) => {
    const own = total(next);
    if (own === 0) return [];
    return order.map((to): GroupLift => {
      const share = wilson(next[to] as number, own);
      return {
        by,
        group,
        manufacturer: labels[to] as string,
        customers: own,
        share,
        lift: liftOf(share, to),
      };
    });
  });
  const stayed = labels.reduce((sum, _, i) => sum + ((matrix[i] as readonly number[])[i] as number), 0);
  return { customers, loyalty: wilson(stayed, customers), rows, lifts, stays };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
