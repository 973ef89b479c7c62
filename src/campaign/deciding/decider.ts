import {
  type Column,
  categoryColumn,
  expected,
  LookalikeError,
  nearestSpelling,
  numberColumn,
} from "../../core/index.ts";
import type { CustomerBatch } from "../../customers/index.ts";
import type { Decision } from "../../handover/index.ts";
import type { FeatureKind } from "../../tables/index.ts";
import type { Consent } from "../../trust/index.ts";
import { fillCopy, fillExtras, plainCopy, plainExtras } from "../drawing/copy.ts";
import { finishDecision, recordOf } from "../drawing/creative.ts";
import { createFaceArms } from "../matching/face-arms.ts";
import { fingerprintRun } from "../run/fingerprint.ts";
import { type Prepared, prepareRun, type RunParts } from "../run/prepare.ts";
import type { CampaignOffer } from "../types.ts";
import type { DefaultReason } from "../types-choice.ts";
import { createAssigner } from "./assign.ts";
import { type Candidate, type CustomerPlan, type DecideParts, decideBatch, settleBatch } from "./decide.ts";

/** A customer to decide for outside of a run. */
export interface DeciderCustomer {
  readonly id: string;
  /** Columns of the customers' file by name; absent ones are missing values. */
  readonly values: Readonly<Record<string, string | number | boolean | null | undefined>>;
  /** Absolute path of the portrait; null: none. */
  readonly photo: string | null;
  /** The consent in the customers' file. */
  readonly consent: Consent;
}

/** The decision for a customer before a portrait or a picture. */
export interface Settled {
  /** Without photo, text and creatives. */
  readonly decision: Decision;
  /** `pending`: the portrait may be opened; else why the default photo is shown. null if nothing is shown. */
  readonly portrait: DefaultReason | "pending" | null;
  /** Whether the customer's text is the plain text. */
  readonly isPlain: boolean;
}

/** Decides for single customers with the functions of a run, and so with the same results. */
export interface Decider {
  /** Hash of everything that decisions depend on except the time and the portraits. */
  readonly version: string;
  /** Rows of the customers' file. */
  readonly rows: number;
  /** Reads the customers' file in batches. */
  customers(): AsyncIterable<CustomerBatch>;
  /**
   * Offer and reason for each customer, in order, without a portrait or a picture.
   *
   * @param spent offers whose budget is used up
   * @throws ERR_FEATURE_INVALID a value is of the wrong kind, or its column is unknown
   */
  settle(customers: readonly DeciderCustomer[], spent: ReadonlySet<string>): Promise<readonly Settled[]>;
  /** Matches the portrait, if it may be opened at that moment, and draws the ad. */
  finish(customer: DeciderCustomer, spent: ReadonlySet<string>): Promise<Decision>;
  /** Draws an offer with the default photo and the plain text. */
  drawDefault(offerId: string): Promise<Decision>;
  /**
   * Rejects values that do not fit their columns.
   *
   * @throws ERR_FEATURE_INVALID
   */
  check(customer: DeciderCustomer): void;
  close(): Promise<void>;
}

/**
 * Prepares everything that a run prepares, and then decides on request. Offers with a budget are chosen by
 * expected value until the caller reports that they are used up: only a run with all customers can allocate a
 * budget.
 *
 * @throws as starting a run
 */
export async function openDecider(parts: RunParts): Promise<Decider> {
  const prepared = await prepareRun(parts);
  try {
    // A withdrawal concerns one customer and is checked for each answer, so it does not change the version.
    const { campaign, gallery, model, engine } = parts;
    const selection = null;
    const fingerprint = await fingerprintRun({ campaign, gallery, model, engine, selection, consents: null });
    return createDecider(parts, prepared, fingerprint.slice(0, 12));
  } catch (error) {
    await prepared.close();
    throw error;
  }
}

function createDecider(parts: RunParts, prepared: Prepared, version: string): Decider {
  const { campaign, gallery, engine } = parts;
  const { reader, kinds, decideParts, drawing } = prepared;
  const faceArms = createFaceArms(campaign, gallery, prepared.network);
  const offers = new Map(campaign.offers.map((offer) => [offer.id, offer]));
  const assign = createAssigner(campaign, null);
  const deciding = (spent: ReadonlySet<string>): DecideParts => ({
    ...decideParts,
    engine,
    gallery,
    faceArms,
    now: parts.now,
    assign: (assignee) =>
      assign(
        spent.size === 0 ? assignee : { ...assignee, excluded: new Set([...assignee.excluded, ...spent]) },
      ),
  });
  const batchOf = (customers: readonly DeciderCustomer[]) => ({
    batch: toBatch(customers, reader.features, kinds),
    members: customers.map((_, row) => ({ row, number: row })),
  });
  return {
    version,
    rows: reader.rows,
    customers: () => reader,
    async settle(customers, spent) {
      const part = batchOf(customers);
      const candidates = await settleBatch(deciding(spent), part);
      return Promise.all(candidates.map((candidate) => settledOf(candidate, part.batch, prepared)));
    },
    async finish(customer, spent) {
      for await (const plan of decideBatch(deciding(spent), batchOf([customer]))) {
        return (await finishDecision(drawing, plan)).decision;
      }
      throw new RangeError("no plan was made for a customer");
    },
    async drawDefault(offerId) {
      const offer = offers.get(offerId);
      if (offer === undefined) throw new RangeError(`no offer ${offerId}`);
      return (await finishDecision(drawing, defaultPlan(offer))).decision;
    },
    check: (customer) => void toBatch([customer], reader.features, kinds),
    close: () => prepared.close(),
  };
}

async function settledOf(
  { row, assignment, portrait }: Candidate,
  batch: CustomerBatch,
  { decideParts, drawing }: Prepared,
): Promise<Settled> {
  const customerId = batch.ids[row] ?? "";
  if (assignment.status === "none") {
    const decision = recordOf({ customerId, ...assignment }, null, drawing.models);
    return { decision, portrait: null, isPlain: true };
  }
  const { offer } = assignment;
  const why = typeof portrait === "string" ? portrait : decideParts.gate.refusal(portrait);
  const reason = why ?? (batch.photos[row] == null ? "no_photo" : "pending");
  const copy = fillCopy(offer, batch.table, row);
  const extras = fillExtras(offer, batch.table, row);
  const choice = { status: "default", reason: "no_photo" } as const;
  const isOwnDefault = await decideParts.isOwnDefault(batch.photos[row] ?? null, null);
  return {
    decision: recordOf(
      { customerId, ...assignment, copy, extras, choice, request: null, isOwnDefault },
      null,
      drawing.models,
    ),
    portrait: reason,
    isPlain:
      !isDrawn(assignment) &&
      JSON.stringify([copy, extras]) === JSON.stringify([plainCopy(offer), plainExtras(offer)]),
  };
}

/**
 * Whether the ad's text or template was drawn at random, so that the run's other ads of the offer may differ.
 */
function isDrawn({ layers }: Candidate["assignment"]): boolean {
  return layers !== undefined && (layers.creative.copy !== null || layers.creative.template !== null);
}

/** The plan of an ad without a customer. */
function defaultPlan(offer: CampaignOffer): CustomerPlan {
  const score = {
    offerId: offer.id,
    basis: "lift",
    probabilityNone: null,
    probabilityOffer: null,
    uplift: null,
    unit: "probability",
    isPersonal: false,
    lift: null,
    expectedValue: 0,
  } as const;
  const choice = { status: "default", reason: "no_consent" } as const;
  const words = { copy: plainCopy(offer), extras: plainExtras(offer) };
  return { customerId: "", status: "offer", offer, score, ...words, choice, request: null };
}

function toBatch(
  customers: readonly DeciderCustomer[],
  features: readonly string[],
  kinds: Readonly<Record<string, FeatureKind>>,
): CustomerBatch {
  for (const { values } of customers) requireColumns(values, features);
  const columns = features.map((name): [string, Column] => {
    const values = customers.map((customer) => customer.values[name] ?? null);
    return [
      name,
      kinds[name] === "number"
        ? numberColumn(values.map((value) => numberOf(value, name)))
        : categoryColumn(values.map(labelOf)),
    ];
  });
  return {
    rows: customers.length,
    ids: customers.map(({ id }) => id),
    table: { rows: customers.length, columns: new Map(columns) },
    photos: customers.map(({ photo }) => photo),
    consents: customers.map(({ consent }) => consent),
  };
}

type Value = string | number | boolean | null;

function labelOf(value: Value): string | null {
  const text = value === null ? "" : String(value).trim();
  return text === "" ? null : text;
}

function numberOf(value: Value, name: string): number | null {
  if (value === null || value === "") return null;
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw new LookalikeError("ERR_FEATURE_INVALID", expected("a number", name, value), {
    hint: "Send the value in the format of the customers' file, or omit it.",
  });
}

function requireColumns(values: DeciderCustomer["values"], features: readonly string[]): void {
  const unknown = Object.keys(values).find((name) => !features.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestSpelling(unknown, features);
  throw new LookalikeError(
    "ERR_FEATURE_INVALID",
    `${expected("a column of the customers' file", "features", unknown)}${nearest === null ? "" : `. Did you mean ${nearest}?`}`,
    { hint: `The columns are: ${features.join(", ")}.` },
  );
}
