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
import { inOrder, newest, withLater, withLaterOf } from "./order.ts";
import { ask, isSignedOut, me, Refusal } from "./request.tsx";

/** The state of the pages, and the requests that load and change it. */

export const ads = signal<readonly AdRow[] | null>(null);
export const photos = signal<readonly PhotoView[] | null>(null);
export const campaign = signal<CampaignView | null>(null);
/** One line that a screen reader reads aloud: the result of the last action. */
export const status = signal("");

export async function enter(): Promise<void> {
  me.value = await ask<Me>("GET", "me");
  isSignedOut.value = false;
  await refresh();
}

export async function signIn(key: string): Promise<void> {
  me.value = await ask<Me>("POST", "login", { body: { key } });
  isSignedOut.value = false;
  status.value = "";
  await refresh();
}

export const signOut = () =>
  change(async () => {
    await ask("POST", "logout", { body: {} });
    me.value = null;
    isSignedOut.value = true;
  });

const loadCampaign = newest(
  () => ask<CampaignView>("GET", "campaign"),
  (view) => {
    campaign.value = view;
  },
);
const loadPhotos = newest(
  () => ask<PhotoView[]>("GET", "photos"),
  (rows) => {
    photos.value = withLaterOf(photos.value, rows);
  },
);
const loadAds = newest(
  () => ask<AdRow[]>("GET", "ads"),
  (rows) => {
    ads.value = withLaterOf(ads.value, rows);
  },
);

export async function refresh(): Promise<void> {
  await Promise.all([loadAds(), loadCampaign(), loadPhotos()]);
}

export const readResults = async () => (await ask<{ results: ResultsView | null }>("GET", "results")).results;

/** The view of an ad; the list shows its state too. */
export async function readAd(hash: string): Promise<AdView> {
  const view = await ask<AdView>("GET", `ads/${hash}`);
  showStandings("ads", { [hash]: view.standing });
  return view;
}

const inTurn = inOrder();

/**
 * Runs a change after the ones before it, so that it begins with the state that they left. Shows the error of the change,
 * and after a conflict the current state.
 */
export async function change(work: () => Promise<void>): Promise<void> {
  try {
    await inTurn(work);
  } catch (error) {
    status.value = error instanceof Error ? error.message : String(error);
    if (error instanceof Refusal && error.status === 409) await refresh().catch(() => {});
  }
}

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

export type Subject = "ads" | "photos";

/** An action of a reviewer. It is rejected if another reviewer changed one of the items since it was loaded. */
export const act = (subject: Subject, what: Omit<Act, "seen">) =>
  change(async () => {
    const { hashes, action } = what;
    let changed = 0;
    for (let start = 0; start < hashes.length; start += ITEMS) {
      const part = { ...what, hashes: hashes.slice(start, start + ITEMS) };
      const seen = seenOf(subject, part.hashes);
      // Comments and assignments do not depend on the state.
      const body = DECISIONS.has(action) ? { ...part, seen } : part;
      const { standings } = await ask<{ standings: Record<string, Standing> }>("POST", subject, { body });
      changed += part.hashes.filter((hash, i) => standings[hash]?.seq !== seen[i]).length;
      showStandings(subject, standings);
    }
    status.value =
      changed === 0 ? "Nothing to undo" : `${DONE[action]}: ${changed} ${changed === 1 ? "item" : "items"}`;
    await loadCampaign();
  });

const DECISIONS: ReadonlySet<Act["action"]> = new Set(["approve", "reject", "reopen", "undo"]);

/** Numbers of the last events of items that this page has loaded, own ones included. */
function seenOf(subject: Subject, hashes: readonly string[]): number[] {
  const rows: readonly (AdRow | PhotoView)[] = (subject === "ads" ? ads.value : photos.value) ?? [];
  const seen = new Map(rows.map(({ hash, standing }) => [hash, standing.seq]));
  return hashes.map((hash) => seen.get(hash) ?? 0);
}

function showStandings(subject: Subject, standings: Readonly<Record<string, Standing>>): void {
  if (subject === "ads") ads.value = ads.value && withLater(ads.value, standings);
  else photos.value = photos.value && withLater(photos.value, standings);
}

/** @param offer null: all offers */
export const exclude = (photo: string, offer: string | null, reason: string) =>
  change(async () => {
    await ask("POST", "exclusions", { body: { photo, offer, reason } });
    status.value = "Excluded; the next generate applies it";
    await loadPhotos();
  });

/** @param offer null: all exclusions of the photo */
export const include = (photo: string, offer: string | null) =>
  change(async () => {
    const query = offer === null ? "" : `?${new URLSearchParams({ offer })}`;
    await ask("DELETE", `exclusions/${photo}${query}`);
    status.value = "No longer excluded; the next generate applies it";
    await loadPhotos();
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
