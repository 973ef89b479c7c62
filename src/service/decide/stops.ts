import type { ConsentRegistry, CrmConsent } from "../../trust/index.ts";
import { type FairQueue, SLICE } from "../fair-queue.ts";
import { gather } from "./gather.ts";
import type { KnownDecision } from "./known.ts";

interface StopQuery {
  readonly ids: readonly string[];
  /** Decisions that are about to be answered; their network permits are checked too. */
  readonly known?: readonly KnownDecision[];
}

/** By customer, why earlier results may not be used; customers without an entry are not blocked. */
type StopReasons = ReturnType<ConsentRegistry["stopped"]>;
export type StopReason = StopReasons extends ReadonlyMap<string, infer Reason> ? Reason : never;

/** Checks consents, withdrawals and erasures at every answer. */
export interface Stops {
  /** Requests of one turn of the event loop share one check; a large batch has a turn of its own. */
  find(query: StopQuery): Promise<StopReasons>;
  findNow(query: StopQuery): StopReasons;
}

export interface StopsOptions {
  /** null: the campaign has no consent registry, and nobody is blocked. */
  readonly consents: ConsentRegistry | null;
  readonly crmConsent: CrmConsent;
  readonly queue: FairQueue;
  readonly now: () => Date;
}

/** Queries per check of the registry. */
const MOST_QUERIES = 1000;

export function createStops({ consents, crmConsent, queue, now }: StopsOptions): Stops {
  const stopped = consents?.watchStopped() ?? (() => new Map<string, never>());
  const findNow = ({ ids, known = [] }: StopQuery): StopReasons =>
    stopped(ids, { at: now(), crmConsent, uses: known.flatMap(usesOf) });
  const findTogether = gather<StopQuery, StopReasons>(async (queries) => {
    const [first] = queries;
    const reasons =
      queries.length === 1 && first !== undefined
        ? findNow(first)
        : findNow({
            ids: queries.flatMap(({ ids }) => ids),
            known: queries.flatMap(({ known = [] }) => known),
          });
    return queries.map(() => reasons);
  }, MOST_QUERIES);
  return {
    findNow,
    find: (query) => (query.ids.length > SLICE ? queue(async () => findNow(query)) : findTogether(query)),
  };
}

function usesOf({ customerId, content }: KnownDecision) {
  const permit = content.photo?.permit;
  return permit === undefined ? [] : [{ customerId, permit }];
}
