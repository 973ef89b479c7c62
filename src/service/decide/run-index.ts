import { readFile } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Decision, readDecisions, readManifest, runFiles } from "../../handover/index.ts";
import { hashBytes } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";
import { createNameTable, type NameDecision } from "./token.ts";

/** What many customers of a run share: the ad, why they see it, and their arms. */
export interface Shape {
  readonly offer: { readonly id: string; readonly basis: string | null };
  readonly photo: {
    readonly path: string;
    readonly basis: "lookalike" | "default" | "drawn";
    readonly reason: string;
    readonly permit?: string | undefined;
  } | null;
  readonly copy: Decision["copy"];
  readonly creatives: Decision["creatives"];
  readonly experiment: Readonly<Record<string, { readonly arm: string; readonly propensity: number }>>;
}

export interface StoredDecision {
  readonly customerId: string;
  readonly name: string;
  readonly shape: Shape;
}

/** The decisions of a finished run in memory: some 200 bytes a customer, whatever an ad takes. */
export interface RunIndex {
  readonly campaign: string;
  /** Of the run; another run has another. */
  readonly version: string;
  readonly size: number;
  /** Decisions per offer, `none` among them. */
  readonly offers: ReadonlyMap<string, number>;
  readonly shapes: Iterable<Shape>;
  has(customerId: string): boolean;
  find(customerId: string): StoredDecision | null;
  findName(name: string): StoredDecision | null;
}

/** Lines between which requests that wait are served. */
const LINES_AT_ONCE = 500;

/**
 * Reads a run. Requests are answered meanwhile.
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
  const shapeOf: number[] = [];
  const shapes: Shape[] = [];
  const known = new Map<string, number>();
  const offers = new Map<string, number>();
  const names = createNameTable(1024);
  for await (const decision of readDecisions(runFiles(out).decisions, vault)) {
    const shape = shapeIn(decision);
    const key = JSON.stringify(shape);
    let number = known.get(key);
    if (number === undefined) {
      number = shapes.push(shape) - 1;
      known.set(key, number);
    }
    const row = ids.push(decision.customer_id) - 1;
    shapeOf.push(number);
    rows.set(decision.customer_id, row);
    names.add(nameOf(decision.customer_id));
    offers.set(shape.offer.id, (offers.get(shape.offer.id) ?? 0) + 1);
    if (row % LINES_AT_ONCE === 0) await nextTurn();
  }
  const at = (row: number): StoredDecision | null => {
    const customerId = ids[row];
    const shape = shapes[shapeOf[row] ?? -1];
    if (customerId === undefined || shape === undefined) return null;
    return { customerId, shape, name: names.at(row) };
  };
  return {
    campaign,
    version,
    size: ids.length,
    offers,
    shapes,
    has: (customerId) => rows.has(customerId),
    find: (customerId) => at(rows.get(customerId) ?? -1),
    findName(name) {
      const row = names.find(name);
      return row === null ? null : at(row);
    },
  };
}

/** What a decision shows; the customer apart, all that an answer needs. */
export function shapeIn(decision: Decision): Shape {
  const { offer, photo, copy, creatives } = decision;
  return {
    offer: { id: offer.id, basis: offer.basis },
    photo: photo && { path: photo.path, basis: photo.basis, reason: photo.reason, permit: photo.permit },
    copy,
    creatives,
    experiment: armsOf(decision),
  };
}

function armsOf({ assignment }: Decision): Shape["experiment"] {
  if (assignment === undefined) return {};
  const { holdout, offer, face, copy = null, template = null } = assignment;
  const layers = Object.entries({ holdout, offer, face, copy, template }).flatMap(([layer, drawn]) =>
    drawn === null ? [] : [[layer, { arm: drawn.arm, propensity: drawn.propensity }] as const],
  );
  return Object.fromEntries(layers);
}
