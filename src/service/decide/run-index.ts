import { readFile } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Decision, readDecisions, readManifest, runFiles } from "../../handover/index.ts";
import { hashBytes } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";
import { createNameTable, type NameDecision } from "./token.ts";

/** An ad, why it is shown, and the experiment's arms. Many customers of a run share one. */
export interface AdContent {
  readonly offer: { readonly id: string; readonly basis: string | null };
  readonly photo: {
    readonly path: string;
    readonly basis: "lookalike" | "default" | "drawn";
    readonly reason: string;
    readonly permit?: string | undefined;
  } | null;
  /** The default photo is the customer's own picture and is not shown to them; absent: it may be shown. */
  readonly ownDefault?: true | undefined;
  readonly copy: Decision["copy"];
  readonly creatives: Decision["creatives"];
  readonly experiment: Readonly<Record<string, { readonly arm: string; readonly propensity: number }>>;
}

export interface StoredDecision {
  readonly customerId: string;
  readonly name: string;
  readonly content: AdContent;
}

/** The decisions of a finished run in memory: about 200 bytes a customer, whatever the size of an ad. */
export interface RunIndex {
  readonly campaign: string;
  /** Changes with the run. */
  readonly version: string;
  readonly size: number;
  /** Decisions per offer, `none` among them. */
  readonly offers: ReadonlyMap<string, number>;
  readonly contents: Iterable<AdContent>;
  has(customerId: string): boolean;
  find(customerId: string): StoredDecision | null;
  findName(name: string): StoredDecision | null;
}

/** After so many lines, waiting requests are served. */
const LINES_AT_ONCE = 500;

/**
 * Reads a run. Requests are answered in between.
 *
 * @throws ERR_RUN_UNREADABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function indexRun(
  out: string,
  { vault, nameOf }: { readonly vault: Vault | null; readonly nameOf: NameDecision },
): Promise<RunIndex> {
  const { campaign } = await readManifest(out);
  const version = hashBytes(await readFile(runFiles(out).manifest)).slice(0, 12);
  const rows = new Map<string, number>();
  const ids: string[] = [];
  const contentNumbers: number[] = [];
  const contents: AdContent[] = [];
  const known = new Map<string, number>();
  const offers = new Map<string, number>();
  const names = createNameTable(1024);
  for await (const decision of readDecisions(runFiles(out).decisions, vault)) {
    const content = contentOf(decision);
    const key = JSON.stringify(content);
    let number = known.get(key);
    if (number === undefined) {
      number = contents.push(content) - 1;
      known.set(key, number);
    }
    const row = ids.push(decision.customer_id) - 1;
    contentNumbers.push(number);
    rows.set(decision.customer_id, row);
    names.add(nameOf(decision.customer_id));
    offers.set(content.offer.id, (offers.get(content.offer.id) ?? 0) + 1);
    if (row % LINES_AT_ONCE === 0) await nextTurn();
  }
  const at = (row: number): StoredDecision | null => {
    const customerId = ids[row];
    const content = contents[contentNumbers[row] ?? -1];
    if (customerId === undefined || content === undefined) return null;
    return { customerId, content, name: names.at(row) };
  };
  return {
    campaign,
    version,
    size: ids.length,
    offers,
    contents,
    has: (customerId) => rows.has(customerId),
    find: (customerId) => at(rows.get(customerId) ?? -1),
    findName(name) {
      const row = names.find(name);
      return row === null ? null : at(row);
    },
  };
}

/** What an answer needs of a decision, without the customer. */
export function contentOf(decision: Decision): AdContent {
  const { offer, photo, copy, creatives, own_default: ownDefault } = decision;
  return {
    offer: { id: offer.id, basis: offer.basis },
    photo: photo && { path: photo.path, basis: photo.basis, reason: photo.reason, permit: photo.permit },
    ...(ownDefault && { ownDefault }),
    copy,
    creatives,
    experiment: armsOf(decision),
  };
}

function armsOf({ assignment }: Decision): AdContent["experiment"] {
  if (assignment === undefined) return {};
  const { holdout, offer, face, copy = null, template = null } = assignment;
  const layers = Object.entries({ holdout, offer, face, copy, template }).flatMap(([layer, drawn]) =>
    drawn === null ? [] : [[layer, { arm: drawn.arm, propensity: drawn.propensity }] as const],
  );
  return Object.fromEntries(layers);
}
