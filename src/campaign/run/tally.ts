import type { AdWarning } from "../../ads/index.ts";
import type { Decision } from "../../handover/index.ts";
import type { RowReport } from "../../tables/index.ts";
import type { GenerateReport } from "../types.ts";

/** Counts a run's decisions as they are made. */
export interface Tally {
  readonly report: GenerateReport;
  resumed(decision: Decision): void;
  made(decision: Decision): void;
  /** Counts a customer who is left out because they were erased. */
  erased(): void;
  warned(warnings: readonly AdWarning[]): void;
  /** Sets the parts of the report that other stages count. */
  settle(parts: Partial<Settled>): void;
}

interface Settled extends Pick<GenerateReport, "total" | "unjudgedOffers" | "unknownCustomers"> {
  /** The current report on the customers' rows. */
  readonly rowsNow: () => RowReport;
  /** For all customers, rejected rows count as done; for a selection, only the selected customers count. */
  readonly isSelection: boolean;
}

/** Maximum number of distinct warnings; a report of more would not be read. */
const MAX_WARNINGS = 1000;

export function createTally(): Tally {
  const defaults = new Map<string, number>();
  const offers = new Map<string, number>();
  const ads = new Set<string>();
  const warnings = new Map<string, AdWarning>();
  const counts = {
    decisions: 0,
    resumed: 0,
    lookalikes: 0,
    byDistance: 0,
    heldOut: 0,
    ownDefaults: 0,
    erased: 0,
  };
  const noRows: RowReport = { read: 0, refused: 0, refusedByCode: {}, refusals: [], warnings: [] };
  let settled: Settled = {
    total: 0,
    rowsNow: () => noRows,
    isSelection: false,
    unjudgedOffers: [],
    unknownCustomers: [],
  };
  const made = ({ offer, photo, own_default, creatives: [creative] }: Decision) => {
    counts.decisions++;
    if (creative !== undefined) ads.add(creative.file);
    increment(offers, offer.id);
    if (offer.basis === "holdout") counts.heldOut++;
    if (photo === null && own_default) counts.ownDefaults++;
    if (photo?.basis === "lookalike") counts.lookalikes++;
    if (photo?.basis === "lookalike" && photo.resemblance == null) counts.byDistance++;
    if (photo?.basis === "default") increment(defaults, photo.reason);
  };
  return {
    get report() {
      const { rowsNow, isSelection, ...known } = settled;
      const rows = rowsNow();
      const others = isSelection ? known.unknownCustomers.length : rows.refused;
      return {
        ...counts,
        ...known,
        done: counts.decisions + counts.erased + others,
        rows,
        ads: ads.size,
        defaults,
        offers,
        warnings: [...warnings.values()],
      };
    },
    resumed(decision) {
      counts.resumed++;
      made(decision);
    },
    made,
    erased: () => void counts.erased++,
    warned(found) {
      for (const warning of found) {
        if (warnings.size < MAX_WARNINGS) warnings.set(`${warning.channel} ${warning.message}`, warning);
      }
    },
    settle(parts) {
      settled = { ...settled, ...parts };
    },
  };
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
