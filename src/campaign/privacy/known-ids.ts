import { existsSync } from "node:fs";
import { canonicalId, nearestSpelling, throwIfAborted } from "../../core/index.ts";
import { openCustomers } from "../../customers/index.ts";
import { readDecisions, runFiles } from "../../handover/index.ts";
import type { ConsentRegistry, Vault } from "../../trust/index.ts";
import type { Campaign } from "../types.ts";

/** Whether the sources of a campaign contain a given id. */
export interface IdLookup {
  readonly isKnown: boolean;
  /** The known id that was probably meant; null: none is near, or the id is known. */
  readonly nearest: string | null;
}

export interface IdSources {
  readonly consents: ConsentRegistry;
  /** A campaign whose customers' file is searched too. */
  readonly campaign?: Campaign | undefined;
  /** Output folders of `generate`. */
  readonly outs?: readonly string[] | undefined;
  readonly vault?: Vault | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whether registry, customers' file or runs contain a customer; if not, the nearest spelling among all ids.
 * Reads every id once. A source that cannot be read is skipped: the result is only a hint.
 */
export async function lookUpCustomer(customerId: string, sources: IdSources): Promise<IdLookup> {
  const id = canonicalId(customerId);
  let nearest: string | null = null;
  for await (const batch of idsOf(sources)) {
    if (batch.some((known) => canonicalId(known) === id)) return { isKnown: true, nearest: null };
    nearest = nearestSpelling(id, nearest === null ? batch : [nearest, ...batch]);
  }
  return { isKnown: false, nearest };
}

const BATCH = 2000;

async function* idsOf({
  consents,
  campaign,
  outs = [],
  vault = null,
  signal,
}: IdSources): AsyncGenerator<readonly string[]> {
  yield* inBatches(consents.ids());
  for (const out of outs) {
    const path = runFiles(out).decisions;
    if (existsSync(path)) yield* readable(decisionIds(path, vault), signal);
  }
  if (campaign !== undefined) yield* readable(customerIds(campaign, signal), signal);
}

async function* customerIds(
  { inputs }: Campaign,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly string[]> {
  const { path, columns } = inputs.customers;
  const customers = await openCustomers({ customers: { source: path, mapping: columns }, signal });
  try {
    for await (const { ids } of await customers.read({ now: new Date(), signal })) yield ids;
  } finally {
    await customers.close();
  }
}

async function* decisionIds(path: string, vault: Vault | null): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  for await (const { customer_id } of readDecisions(path, vault)) {
    batch.push(customer_id);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function* inBatches(ids: Iterable<string>): Generator<readonly string[]> {
  let batch: string[] = [];
  for (const id of ids) {
    batch.push(id);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** Ends where the source cannot be read. @throws ERR_ABORTED */
async function* readable(
  source: AsyncGenerator<readonly string[]>,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly string[]> {
  try {
    yield* source;
  } catch {
    throwIfAborted(signal);
  }
}
