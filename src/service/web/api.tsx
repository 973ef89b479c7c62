import { signal } from "@preact/signals";
import type {
  Act,
  AdRow,
  AdView,
  CampaignView,
  FocusView,
  Me,
  PhotoView,
  ResultsView,
  Standing,
} from "../review/schemas.ts";

/** Requests to the server, and the state of the pages that they change. */

export const me = signal<Me | null>(null);
export const isSignedOut = signal(false);
export const ads = signal<readonly AdRow[] | null>(null);
export const photos = signal<readonly PhotoView[] | null>(null);
export const campaign = signal<CampaignView | null>(null);
/** One line that a screen reader reads aloud: the result of the last action. */
export const status = signal("");

export class Refusal extends Error {
  readonly status: number;
  constructor(code: number, message: string) {
    super(message);
    this.status = code;
  }
}

interface Sending {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask<T>(method: string, path: string, { body, headers = {} }: Sending = {}): Promise<T> {
  const all: Record<string, string> = { ...headers, "x-csrf-token": me.value?.csrf ?? "" };
  if (body !== undefined) all["content-type"] = "application/json";
  const text = body === undefined ? null : JSON.stringify(body);
  const response = await fetch(`/review/api/${path}`, { method, headers: all, body: text });
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => ({}))) as { message?: string; hint?: string };
  if (response.status === 401) isSignedOut.value = true;
  throw new Refusal(response.status, [problem.message, problem.hint].filter(Boolean).join(". "));
}

export async function enter(): Promise<void> {
  me.value = await ask<Me>("GET", "me");
  isSignedOut.value = false;
  await refresh();
}

export async function signIn(key: string): Promise<void> {
  me.value = await ask<Me>("POST", "login", { body: { key } });
  isSignedOut.value = false;
  await refresh();
}

export async function refresh(): Promise<void> {
  const [rows, view, pictures] = await Promise.all([
    ask<AdRow[]>("GET", "ads"),
    ask<CampaignView>("GET", "campaign"),
    ask<PhotoView[]>("GET", "photos"),
  ]);
  ads.value = rows;
  campaign.value = view;
  photos.value = pictures;
}

export const readResults = async () => (await ask<{ results: ResultsView | null }>("GET", "results")).results;

export const readAd = (hash: string) => ask<AdView>("GET", `ads/${hash}`);

const DONE: Readonly<Record<Act["action"], string>> = {
  approve: "Approved",
  reject: "Changes requested",
  reopen: "In review",
  comment: "Comment added",
  assign: "Assigned",
  undo: "Undone",
};

/** Items per request; a request has at most 256 kB. */
const ITEMS = 2000;

type Subject = "ads" | "photos";

let last: Promise<void> = Promise.resolve();

/**
 * Sends a reviewer's action after the ones before it, and shows the new state. Decisions on one item are rejected if
 * another reviewer changed it since it was loaded.
 */
export function act(subject: Subject, what: Omit<Act, "seen">): Promise<void> {
  last = last.then(() => send(subject, what));
  return last;
}

/** Number of the last event of an item that this page has loaded, own ones included. */
function seenOf(subject: Subject, { action, hashes }: Omit<Act, "seen">): number | undefined {
  if (hashes.length > 1 || (action !== "approve" && action !== "reject")) return undefined;
  const rows: readonly (AdRow | PhotoView)[] = (subject === "ads" ? ads.value : photos.value) ?? [];
  return rows.find(({ hash }) => hash === hashes[0])?.standing.seq;
}

async function send(subject: Subject, what: Omit<Act, "seen">): Promise<void> {
  await attempt(async () => {
    const { hashes } = what;
    const seen = seenOf(subject, what);
    for (let start = 0; start < hashes.length; start += ITEMS) {
      const body = { ...what, seen, hashes: hashes.slice(start, start + ITEMS) };
      const { standings } = await ask<{ standings: Record<string, Standing> }>("POST", subject, { body });
      if (subject === "ads") ads.value = merged(ads.value, standings);
      else photos.value = merged(photos.value, standings);
    }
    status.value = `${DONE[what.action]}: ${hashes.length === 1 ? "1 item" : `${hashes.length} items`}`;
    campaign.value = await ask<CampaignView>("GET", "campaign");
  });
}

/** Shows the error of an action; after a conflict, also the current state. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    status.value = error instanceof Error ? error.message : String(error);
    if (error instanceof Refusal && error.status === 409) await refresh();
  }
}

function merged<T extends { readonly hash: string; readonly standing: Standing }>(
  rows: readonly T[] | null,
  standings: Readonly<Record<string, Standing>>,
): readonly T[] | null {
  return rows?.map((row) => ({ ...row, standing: standings[row.hash] ?? row.standing })) ?? null;
}

export const exclude = (photo: string, offer: string | null, reason: string) =>
  attempt(async () => {
    await ask("POST", "exclusions", { body: { photo, offer, reason } });
    status.value = "Excluded; the next generate applies it";
    photos.value = await ask<PhotoView[]>("GET", "photos");
  });

export const include = (photo: string) =>
  attempt(async () => {
    await ask("DELETE", `exclusions/${photo}`);
    status.value = "No longer excluded";
    photos.value = await ask<PhotoView[]>("GET", "photos");
  });

/** Fractions of a photo's width and height. */
export type Point = readonly [x: number, y: number];

export interface FocusEdit {
  readonly focus: Point | null;
  /** A point of the leading face; null: any face may lead. */
  readonly lead: Point | null;
}

export const readFocus = (hash: string) => ask<FocusView>("GET", `photos/${hash}/focus`);

export const saveFocus = (hash: string, edit: FocusEdit, tag: string) =>
  ask<FocusView>("PUT", `photos/${hash}/focus`, { body: edit, headers: { "if-match": `"${tag}"` } });
