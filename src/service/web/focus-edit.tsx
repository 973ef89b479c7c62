import { signal } from "@preact/signals";
import type { FocusView, PhotoView } from "../review/schemas.ts";
import { change, type Point, readFocus, refresh, saveFocus, status } from "./api.tsx";
import { Refusal } from "./request.tsx";

/** The edit of a photo's focal point and leading face, until it is saved. */

/** The leading face, as a point of the photo and as an index of its faces; null: no face is there. */
export interface Lead {
  readonly point: Point;
  readonly face: number | null;
}

export interface Edit {
  readonly focus: Point | null;
  readonly lead: Lead | null;
}

export const MIDDLE: Point = [0.5, 0.4];
const NOTHING: Edit = { focus: null, lead: null };

const saved = signal<FocusView | null>(null);
/** The photo whose saved points are loaded; earlier edits would be overwritten by them. */
export const loadedHash = signal("");
export const edit = signal<Edit>(NOTHING);
export const past = signal<readonly Edit[]>([]);
/** The part that arrow keys and dragging change. */
export const part = signal<keyof Edit>("focus");

/** Changes the edit; `undo` reverts it. */
export function set(next: Partial<Edit>): void {
  past.value = [...past.value, edit.value];
  edit.value = { ...edit.value, ...next };
}

/** Changes the edit within the same step of undo. */
export function adjust(next: Partial<Edit>): void {
  edit.value = { ...edit.value, ...next };
}

export function undo(): void {
  edit.value = past.value.at(-1) ?? edit.value;
  past.value = past.value.slice(0, -1);
}

export function clamp(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}

/** @param isShown whether the page still shows the photo when the answer arrives */
export async function load(hash: string, isShown = () => true): Promise<void> {
  const found = await readFocus(hash);
  if (!isShown()) return;
  saved.value = found;
  edit.value = { focus: found.focus, lead: found.lead && { point: found.lead, face: found.leading } };
  past.value = [];
  loadedHash.value = hash;
}

export const save = (hash: string) =>
  change(async () => {
    const { focus, lead } = edit.value;
    try {
      saved.value = await saveFocus(hash, { focus, lead: lead?.point ?? null }, saved.value?.tag ?? "");
    } catch (error) {
      if (error instanceof Refusal && error.status === 409) await load(hash);
      throw error;
    }
    status.value = "Written to photos.csv; the next generate uses it";
    await refresh();
  });

/** A face of a photo as the leading one; null: there is no such face. */
export function leadOf({ faces }: PhotoView, face: number): Lead | null {
  const middle = faces[face]?.middle;
  return middle === undefined ? null : { point: middle, face };
}

/** Chooses the next face in a direction; the first face if none is chosen yet. */
export function stepFace(photo: PhotoView, axis: 0 | 1, sign: number): void {
  const order = photo.faces
    .map(({ middle }, face) => ({ at: middle[axis], face }))
    .sort((a, b) => a.at - b.at)
    .map(({ face }) => face);
  const chosen = edit.value.lead?.face ?? null;
  const at = chosen === null ? 0 : order.indexOf(chosen) + sign;
  const lead = leadOf(photo, order[at] ?? -1);
  if (lead !== null) set({ lead });
}
