import type { ConsentRegistry, CrmConsent } from "../../trust/index.ts";
import type { DecisionAnswer, DecisionRequest } from "../api/schemas.ts";
import { createFairQueue } from "../fair-queue.ts";
import { type AnswerContext, answerOf } from "./answer.ts";
import { approvedFiles, defaultAdOf } from "./default-ad.ts";
import { erasedDecision, type KnownDecision, readServed } from "./known.ts";
import { createNewcomers, type NewcomerParts } from "./newcomers.ts";
import { type AdContent, contentOf, type RunIndex, type StoredDecision } from "./run-index.ts";
import { createStops } from "./stops.ts";

/** Everything that is loaded together and replaced together. */
export interface ResponderParts extends NewcomerParts {
  readonly consents: ConsentRegistry | null;
  readonly crmConsent: CrmConsent;
  /** Addresses by offer. */
  readonly urls: ReadonlyMap<string, string>;
  /** Photos that may no longer be shown; read at each answer. */
  readonly endedPhotos: () => ReadonlySet<string>;
  /** Whether an ad may be given out; undefined: nothing must be approved. */
  readonly mayShow: ((content: AdContent) => boolean) | undefined;
}

/** Answers which ad a customer gets: from the run, or decided on request. */
export interface Responder {
  readonly index: RunIndex;
  readonly version: string;
  /** In the order of the requests. @throws ERR_FEATURE_INVALID */
  answer(requests: readonly DecisionRequest[]): Promise<readonly DecisionAnswer[]>;
  /** null: no decision has this name, or its customer was erased. */
  answerName(name: string): DecisionAnswer | null;
  /** The customer of a decision; null: none. */
  customerOf(name: string): string | null;
  /** The ad of an answer without a decision: the offer that most customers get. */
  readonly fallback: AdContent | null;
  urlOf(offerId: string): string;
  /** Whether a creative may be given out. */
  mayShowFile(file: string): boolean;
  /** Customers whose portraits or pictures are not finished. */
  readonly pending: number;
  /** Resolves when all pictures are drawn. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export function openResponder(parts: ResponderParts): Responder {
  const { index, records, nameOf, urls, mayShow, endedPhotos } = parts;
  const queue = createFairQueue();
  const stops = createStops({ ...parts, queue });
  const newcomers = createNewcomers(parts, queue);
  const defaults = new Map([...parts.defaults].map(([id, decision]) => [id, contentOf(decision)]));
  const context: AnswerContext = { index, urls, mayShow, defaults, endedPhotos, ads: new WeakMap() };

  const { version } = index;
  // Without a spread, which takes several times as long.
  const ofRun = ({ customerId, name, content }: StoredDecision): KnownDecision => {
    return { customerId, name, content, source: "run", version, isFinal: true };
  };
  const erased = (id: string) => erasedDecision(id, nameOf(id), index);

  return {
    index,
    version: parts.decider.version,
    async answer(requests) {
      const ids = requests.map(({ customer_id }) => customer_id);
      if (requests.some(({ features }) => features !== undefined)) await newcomers.check(requests);
      const before = await stops.find({ ids });
      const found = ids.map((id) => {
        if (before.get(id) === "erased") return erased(id);
        const stored = index.find(id);
        return stored === null ? null : ofRun(stored);
      });
      const missing = requests.filter((_, i) => found[i] === null);
      const rest = missing.length === 0 ? [] : await newcomers.decide(missing);
      const decided = new Map(missing.map((request, i) => [request, rest[i]]));
      const known = requests.map(
        (request, i) => found[i] ?? decided.get(request) ?? erased(request.customer_id),
      );
      // Consent may have been withdrawn while others were decided for. Network permits are known only now.
      const isChecked =
        missing.length === 0 && known.every(({ content }) => content.photo?.permit === undefined);
      const after = isChecked ? before : await stops.find({ ids, known });
      return known.map((each) => answerOf(context, each, after.get(each.customerId) ?? null));
    },
    answerName(name) {
      const stored = index.findName(name);
      const known = stored === null ? readServed(records.servedByToken(name), null) : ofRun(stored);
      if (known === null) return null;
      const { customerId } = known;
      const stop = stops.findNow({ ids: [customerId], known: [known] }).get(customerId) ?? null;
      if (stop === "erased") return null;
      newcomers.resume(known);
      return answerOf(context, known, stop);
    },
    customerOf: (name) => index.findName(name)?.customerId ?? records.servedByToken(name)?.customerId ?? null,
    fallback: defaultAdOf(index, defaults),
    urlOf: (offerId) => urls.get(offerId) ?? "",
    mayShowFile: mayShow === undefined ? () => true : approvedFiles(index, defaults, mayShow),
    get pending() {
      return newcomers.pending;
    },
    idle: () => newcomers.idle(),
    close: () => newcomers.close(),
  };
}
