import type { Decider, DeciderCustomer, Settled } from "../../campaign/index.ts";
import type { Decision, RecordWriter, RunRecords, ServedDecision } from "../../handover/index.ts";
import type { ConsentRegistry, CrmConsent } from "../../trust/index.ts";
import type { DecisionAnswer, DecisionRequest } from "../api/schemas.ts";
import { createTurns, inSlices } from "../turns.ts";
import { type AnswerContext, answerOf, type Known } from "./answer.ts";
import { createBackground } from "./background.ts";
import { customerFor, inBatch } from "./customer-for.ts";
import { gather, share } from "./gather.ts";
import { nobody, readServed } from "./known.ts";
import type { CrmRows } from "./rows.ts";
import { type RunIndex, type Shape, shapeIn } from "./run-index.ts";
import { createSettler, type SettledNow } from "./settle.ts";
import { fallbackOf, fileRule } from "./shapes.ts";
import type { NameDecision } from "./token.ts";

/** Everything that is loaded together and replaced together. */
export interface DeskParts {
  readonly index: RunIndex;
  readonly decider: Decider;
  readonly crm: CrmRows;
  readonly consents: ConsentRegistry | null;
  readonly crmConsent: CrmConsent;
  readonly records: RunRecords;
  readonly writer: RecordWriter;
  readonly nameOf: NameDecision;
  /** Ads with the default photo, by offer. */
  readonly defaults: ReadonlyMap<string, Decision>;
  readonly urls: ReadonlyMap<string, string>;
  /** Offers with a budget, and the most customers who get them. */
  readonly budgets: ReadonlyMap<string, number>;
  /** Photos that may no longer be shown; read at each answer. */
  readonly endedPhotos: () => ReadonlySet<string>;
  /** Whether an ad may be given out; undefined: nothing must be approved. */
  readonly mayShow: ((shape: Shape) => boolean) | undefined;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
}

/** Answers which ad a customer gets. */
export interface Desk {
  readonly index: RunIndex;
  readonly version: string;
  answer(requests: readonly DecisionRequest[]): Promise<readonly DecisionAnswer[]>;
  /** null: no decision has this name, or its customer was erased. */
  answerName(name: string): DecisionAnswer | null;
  /** The customer of a decision; null: none. */
  customerOf(name: string): string | null;
  /** The ad of an answer without a decision: the offer that most customers get. */
  readonly fallback: Shape | null;
  urlOf(offerId: string): string;
  /** Whether a creative may be given out. */
  mayShowFile(file: string): boolean;
  readonly pending: number;
  /** Resolves when all pictures are drawn. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

interface Unfinished extends Pick<SettledNow, "spent"> {
  readonly customer: DeciderCustomer;
  readonly name: string;
}

/** Customers, and what is about to be answered to them. */
interface Asked {
  readonly ids: readonly string[];
  readonly known?: readonly Known[];
}

/** Customers who are decided for in one turn of the event loop: they take it some milliseconds. */
const SLICE = 25;

function usesOf({ customerId, shape }: Known) {
  return shape.photo?.permit === undefined ? [] : [{ customerId, permit: shape.photo.permit }];
}

export function openDesk(parts: DeskParts): Desk {
  const { index, decider, crm, consents, records, writer, nameOf, now } = parts;
  const background = createBackground({ onError: parts.onError });
  const settler = createSettler(parts, SLICE);
  const slices = { most: SLICE, turns: createTurns() };
  const defaults = new Map([...parts.defaults].map(([id, decision]) => [id, shapeIn(decision)]));
  const ads: AnswerContext["ads"] = new WeakMap();
  const about = { source: "computed", version: decider.version } as const;
  const { urls, mayShow } = parts;
  const context: AnswerContext = { index, urls, mayShow, ads, defaults, endedPhotos: parts.endedPhotos };
  /** @returns false if another process has stored a decision of this version first */
  const keep = gather<Omit<ServedDecision, "version" | "at">, boolean>(async (decisions) => {
    const served = decisions.map((each) => ({ ...each, version: decider.version, at: now() }));
    const { earlier } = await writer.append({ served });
    return decisions.map(({ customerId }) => !earlier.includes(customerId));
  }, SLICE);

  /** Customers whose earlier decisions may not be used; read at every answer. */
  const stopped = (ids: readonly string[], known: readonly Known[] = []) =>
    consents?.stopped(ids, { at: now(), crmConsent: parts.crmConsent, uses: known.flatMap(usesOf) }) ??
    new Map<string, never>();

  /** The same for all requests of one turn of the event loop: one query costs as much as the rest of a request. */
  const stopsOf = gather<Asked, ReturnType<typeof stopped>>(async (requested) => {
    const stops = stopped(
      requested.flatMap(({ ids }) => ids),
      requested.flatMap(({ known = [] }) => known),
    );
    return requested.map(() => stops);
  }, 1000);

  /** A large batch has a turn of its own: it must not make the answers of others wait. */
  const stopsFor = (requested: Asked) =>
    requested.ids.length > SLICE
      ? slices.turns(async () => stopped(requested.ids, requested.known))
      : stopsOf(requested);

  const checkFeatures = (request: DecisionRequest, place: number | null) => {
    try {
      decider.check(customerFor(request, crm));
    } catch (error) {
      throw place === null ? error : inBatch(error, place);
    }
  };

  /** Before any is decided for: a batch with one mistake has no effect. */
  const requireFeatures = (requests: readonly DecisionRequest[]) => {
    const places = requests.flatMap(({ features, customer_id }, i) =>
      features === undefined || index.has(customer_id) ? [] : [i],
    );
    return inSlices(places, slices, async (slice) => {
      for (const i of slice) {
        const request = requests[i];
        if (request !== undefined) checkFeatures(request, requests.length > 1 ? i : null);
      }
      return [];
    });
  };

  const stored = (customerId: string): Known | null => {
    const found = index.find(customerId);
    if (found === null) return null;
    const { name, shape } = found;
    return { customerId, name, shape, source: "run", version: index.version, isFinal: true };
  };

  const decide = async (request: DecisionRequest): Promise<Known> => {
    const customerId = request.customer_id;
    const name = nameOf(customerId);
    const earlier = readServed(records.served(customerId), decider.version);
    if (earlier?.isFinal) return earlier;
    const customer = customerFor(request, crm);
    if (earlier !== null) {
      // Queued already, but after a restart; later columns change no answer.
      enqueue({ customer, name, spent: settler.spent() });
      return earlier;
    }
    const { settled, spent } = await settler.settle(customer);
    const { decision, isFinal } = firstAnswer(settled, parts.defaults);
    const isFirst = await keep({ customerId, token: name, decision, isFinal });
    // The process that was first has the portrait in its queue.
    const other = isFirst ? null : readServed(records.served(customerId), decider.version);
    if (other !== null) return other;
    if (!isFinal) enqueue({ customer, name, spent });
    return { ...about, customerId, name, shape: shapeIn(decision), isFinal };
  };

  /** Two requests at once for one customer must not differ. */
  const decideOnce = share(decide, ({ customer_id }) => customer_id);

  const enqueue = ({ customer, name, spent }: Unfinished) =>
    void background.add(customer.id, async () => {
      const decision = await decider.finish(customer, spent);
      const first = records.served(customer.id);
      const isOther = first?.version === decider.version && first.decision.offer.id !== decision.offer.id;
      const kept = isOther ? first.decision : decision;
      const own = { customerId: customer.id, token: name, decision: kept, isFinal: true };
      await writer.append({ finished: [{ ...own, version: decider.version, at: now() }] });
    });

  /** After a restart the queue is empty: customers are queued again at their next request. */
  const resume = ({ customerId, name, isFinal, version }: Known) => {
    const customer = isFinal || version !== decider.version ? null : crm.find(customerId);
    if (customer !== null) enqueue({ customer, name, spent: settler.spent() });
  };

  return {
    index,
    version: decider.version,
    async answer(requests) {
      const ids = requests.map(({ customer_id }) => customer_id);
      if (requests.some(({ features }) => features !== undefined)) await requireFeatures(requests);
      const before = await stopsFor({ ids });
      const noOne = (id: string) => nobody(id, nameOf(id), index);
      const found = ids.map((id) => (before.get(id) === "erased" ? noOne(id) : stored(id)));
      const missing = requests.filter((_, i) => found[i] === null);
      const rest =
        missing.length === 0
          ? []
          : await inSlices(missing, slices, (slice) => Promise.all(slice.map(decideOnce)));
      const decided = new Map(missing.map((request, i) => [request, rest[i]]));
      const known = requests.map(
        (request, i) => found[i] ?? decided.get(request) ?? noOne(request.customer_id),
      );
      // A withdrawal may have come in while the others were decided for; contacts have theirs.
      const isSettled = missing.length === 0 && known.every(({ shape }) => shape.photo?.permit === undefined);
      const after = isSettled ? before : await stopsFor({ ids, known });
      return known.map((each) => answerOf(context, each, after.get(each.customerId) ?? null));
    },
    answerName(name) {
      const stored = index.findName(name);
      const known: Known | null =
        stored === null
          ? readServed(records.servedByToken(name), null)
          : { ...stored, source: "run", version: index.version, isFinal: true };
      if (known === null) return null;
      const stop = stopped([known.customerId], [known]).get(known.customerId) ?? null;
      if (stop === "erased") return null;
      resume(known);
      return answerOf(context, known, stop);
    },
    customerOf: (name) => index.findName(name)?.customerId ?? records.servedByToken(name)?.customerId ?? null,
    fallback: fallbackOf(index, defaults),
    urlOf: (offerId) => parts.urls.get(offerId) ?? "",
    mayShowFile: parts.mayShow === undefined ? () => true : fileRule(index, defaults, parts.mayShow),
    get pending() {
      return background.size;
    },
    idle: () => background.idle(),
    close: () => background.close(),
  };
}

/** What can be answered now; the portrait and the customer's own words take longer. */
function firstAnswer(
  { decision, portrait, isPlain }: Settled,
  defaults: ReadonlyMap<string, Decision>,
): { readonly decision: Decision; readonly isFinal: boolean } {
  const ad = defaults.get(decision.offer.id);
  if (ad?.photo == null || portrait === null) return { decision, isFinal: true };
  const { photo, copy, creatives } = ad;
  const isFinal = isPlain && portrait !== "pending";
  return { decision: { ...decision, photo: { ...photo, reason: portrait }, copy, creatives }, isFinal };
}
