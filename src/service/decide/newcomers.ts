import type { Decider, DeciderCustomer, Settled } from "../../campaign/index.ts";
import type { Decision, RecordWriter, RunRecords, ServedDecision } from "../../handover/index.ts";
import type { DecisionRequest } from "../api/schemas.ts";
import { type FairQueue, inSlices, SLICE } from "../fair-queue.ts";
import { createBackground } from "./background.ts";
import { customerFor, inBatch } from "./customer-for.ts";
import { gather, share } from "./gather.ts";
import { type KnownDecision, readServed } from "./known.ts";
import type { CrmRows } from "./rows.ts";
import { contentOf, type RunIndex } from "./run-index.ts";
import { createSettler, type SettledNow } from "./settle.ts";
import type { NameDecision } from "./token.ts";

/** Decides for customers who are not in the run, and stores what was decided. */
export interface Newcomers {
  /**
   * Checks the features of all requests before any customer is decided for: a batch with a mistake has no effect.
   *
   * @throws ERR_FEATURE_INVALID
   */
  check(requests: readonly DecisionRequest[]): Promise<void>;
  /** Concurrent requests for one customer get the same decision. */
  decide(requests: readonly DecisionRequest[]): Promise<readonly KnownDecision[]>;
  /** Queues the portrait of an unfinished decision again: after a restart the queue is empty. */
  resume(known: KnownDecision): void;
  /** Customers whose portraits or pictures are not finished. */
  readonly pending: number;
  /** Resolves when all pictures are drawn. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface NewcomerParts {
  readonly index: RunIndex;
  readonly decider: Decider;
  readonly crm: CrmRows;
  readonly records: RunRecords;
  readonly writer: RecordWriter;
  readonly nameOf: NameDecision;
  /** Ads with the default photo, by offer. */
  readonly defaults: ReadonlyMap<string, Decision>;
  /** Offers with a budget, and the most customers who get them. */
  readonly budgets: ReadonlyMap<string, number>;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
}

interface Unfinished extends Pick<SettledNow, "spent"> {
  readonly customer: DeciderCustomer;
  readonly name: string;
}

export function createNewcomers(parts: NewcomerParts, queue: FairQueue): Newcomers {
  const { index, decider, crm, records, writer, nameOf, now } = parts;
  const { version } = decider;
  const background = createBackground({ onError: parts.onError });
  const settler = createSettler(parts, SLICE);
  const slices = { most: SLICE, queue };

  /** @returns false if another process has stored a decision of this version first */
  const store = gather<Omit<ServedDecision, "version" | "at">, boolean>(async (decisions) => {
    const served = decisions.map((each) => ({ ...each, version, at: now() }));
    const { earlier } = await writer.append({ served });
    return decisions.map(({ customerId }) => !earlier.includes(customerId));
  }, SLICE);

  const enqueue = ({ customer, name, spent }: Unfinished) =>
    void background.add(customer.id, async () => {
      const decision = await decider.finish(customer, spent);
      const first = records.served(customer.id);
      const isOther = first?.version === version && first.decision.offer.id !== decision.offer.id;
      const kept = isOther ? first.decision : decision;
      const own = { customerId: customer.id, token: name, decision: kept, isFinal: true };
      await writer.append({ finished: [{ ...own, version, at: now() }] });
    });

  const decide = async (request: DecisionRequest): Promise<KnownDecision> => {
    const customerId = request.customer_id;
    const name = nameOf(customerId);
    const earlier = readServed(records.served(customerId), version);
    if (earlier?.isFinal) return earlier;
    const customer = customerFor(request, crm);
    if (earlier !== null) {
      // Already queued, except after a restart; columns of a later request change no answer.
      enqueue({ customer, name, spent: settler.spent() });
      return earlier;
    }
    const { settled, spent } = await settler.settle(customer);
    const { decision, isFinal } = firstAnswer(settled, parts.defaults);
    const isFirst = await store({ customerId, token: name, decision, isFinal });
    // The process that was first has the portrait in its queue.
    const other = isFirst ? null : readServed(records.served(customerId), version);
    if (other !== null) return other;
    if (!isFinal) enqueue({ customer, name, spent });
    return { customerId, name, content: contentOf(decision), source: "computed", version, isFinal };
  };
  const decideOnce = share(decide, ({ customer_id }) => customer_id);

  const checkFeatures = (request: DecisionRequest, place: number | null) => {
    try {
      decider.check(customerFor(request, crm));
    } catch (error) {
      throw place === null ? error : inBatch(error, place);
    }
  };

  return {
    async check(requests) {
      const places = requests.flatMap(({ features, customer_id }, i) =>
        features === undefined || index.has(customer_id) ? [] : [i],
      );
      await inSlices(places, slices, async (slice) => {
        for (const i of slice) {
          const request = requests[i];
          if (request !== undefined) checkFeatures(request, requests.length > 1 ? i : null);
        }
        return [];
      });
    },
    decide: (requests) => inSlices(requests, slices, (slice) => Promise.all(slice.map(decideOnce))),
    resume({ customerId, name, isFinal, version: own }) {
      const customer = isFinal || own !== version ? null : crm.find(customerId);
      if (customer !== null) enqueue({ customer, name, spent: settler.spent() });
    },
    get pending() {
      return background.size;
    },
    idle: () => background.idle(),
    close: () => background.close(),
  };
}

/** What can be answered immediately; the portrait and the customer's own texts take longer. */
function firstAnswer(
  { decision, portrait, isPlain }: Settled,
  defaults: ReadonlyMap<string, Decision>,
): { readonly decision: Decision; readonly isFinal: boolean } {
  const ad = defaults.get(decision.offer.id);
  if (ad?.photo == null || portrait === null) return { decision, isFinal: true };
  // The default photo is the customer's own picture: nothing is shown until a look-alike is found.
  if (decision.own_default) return { decision, isFinal: portrait !== "pending" };
  const { photo, copy, creatives } = ad;
  const isFinal = isPlain && portrait !== "pending";
  return { decision: { ...decision, photo: { ...photo, reason: portrait }, copy, creatives }, isFinal };
}
