import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { FocusView, PhotoView } from "../review/schemas.ts";
import { ads, type Point, photos, Refusal, readFocus, refresh, saveFocus, status } from "./api.tsx";
import { faceAtPointer, PhotoWithFaces } from "./boxes.tsx";
import { isHelpOpen } from "./dialog.tsx";
import { useKeys } from "./keys.tsx";
import { type Edit, type Lead, Preview } from "./preview.tsx";
import { go } from "./route.tsx";

/** Focal point and leading face of a photo, set by dragging or with arrow keys. */

const MIDDLE: Point = [0.5, 0.4];
const NOTHING: Edit = { focus: null, lead: null };

const saved = signal<FocusView | null>(null);
/** The photo whose saved points are there: keys that come earlier would be overwritten by them. */
const loadedHash = signal("");
const edit = signal<Edit>(NOTHING);
const past = signal<readonly Edit[]>([]);
/** What arrows and dragging change. */
const part = signal<keyof Edit>("focus");

function set(next: Partial<Edit>): void {
  past.value = [...past.value, edit.value];
  edit.value = { ...edit.value, ...next };
}

function adjust(next: Partial<Edit>): void {
  edit.value = { ...edit.value, ...next };
}

function undo(): void {
  edit.value = past.value.at(-1) ?? edit.value;
  past.value = past.value.slice(0, -1);
}

function clamp(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}

/** @param isShown whether the photo is still on the page when the answer is there */
async function load(hash: string, isShown = () => true): Promise<void> {
  const found = await readFocus(hash);
  if (!isShown()) return;
  saved.value = found;
  edit.value = { focus: found.focus, lead: found.lead && { point: found.lead, face: found.leading } };
  past.value = [];
  loadedHash.value = hash;
}

async function save(hash: string): Promise<void> {
  try {
    const { focus, lead } = edit.value;
    saved.value = await saveFocus(hash, { focus, lead: lead?.point ?? null }, saved.value?.tag ?? "");
    status.value = "Written to photos.csv; the next generate uses it";
    await refresh();
  } catch (error) {
    status.value = error instanceof Error ? error.message : String(error);
    if (error instanceof Refusal && error.status === 409) await load(hash);
  }
}

/** A face of a photo as the one that leads; null: there is no such face. */
function leadOf({ faces }: PhotoView, face: number): Lead | null {
  const middle = faces[face]?.middle;
  return middle === undefined ? null : { point: middle, face };
}

/** The next face to one side; the first of all where none is chosen yet. */
function stepFace(photo: PhotoView, axis: 0 | 1, sign: number): void {
  const order = photo.faces
    .map(({ middle }, face) => ({ at: middle[axis], face }))
    .sort((a, b) => a.at - b.at)
    .map(({ face }) => face);
  const chosen = edit.value.lead?.face ?? null;
  const at = chosen === null ? 0 : order.indexOf(chosen) + sign;
  const lead = leadOf(photo, order[at] ?? -1);
  if (lead !== null) set({ lead });
}

function wordsOf(photo: PhotoView): string {
  const { focus, lead } = edit.value;
  if (part.value === "focus") {
    if (focus === null) return "The faces decide";
    return `${Math.round(focus[0] * 100)} % from the left, ${Math.round(focus[1] * 100)} % from the top`;
  }
  const face = lead?.face ?? null;
  return face === null ? "Any face may lead" : `Only face ${face + 1} of ${photo.faces.length} leads`;
}

export function Focus({ hash }: { readonly hash: string }) {
  const photo = (photos.value ?? []).find((each) => each.hash === hash);
  useEffect(() => {
    let isShown = true;
    loadedHash.value = "";
    load(hash, () => isShown).catch((error: Error) => {
      status.value = error.message;
    });
    return () => {
      isShown = false;
    };
  }, [hash]);
  const isLoaded = loadedHash.value === hash;
  const step = (dx: number, dy: number) => (event: KeyboardEvent) => {
    if (!isLoaded || photo === undefined) return;
    if (part.value === "lead") return stepFace(photo, dx === 0 ? 1 : 0, dx + dy);
    const size = event.shiftKey ? 0.1 : 0.01;
    const [left, top] = edit.value.focus ?? MIDDLE;
    set({ focus: [clamp(left + dx * size), clamp(top + dy * size)] });
  };
  const choose = (next: keyof Edit) => {
    part.value = next;
  };
  useKeys({
    ArrowLeft: step(-1, 0),
    ArrowRight: step(1, 0),
    ArrowUp: step(0, -1),
    ArrowDown: step(0, 1),
    p: () => choose("focus"),
    f: () => choose("lead"),
    u: undo,
    s: () => void (isLoaded && save(hash)),
    Escape: () => history.back(),
    "?": () => {
      isHelpOpen.value = true;
    },
  });
  if (photo === undefined) return <p class="empty">This photo is not in the gallery any more.</p>;
  if (!isLoaded) return <p class="empty">Loading the focal point</p>;
  /** @param isStart a drag is one step of undo */
  const drag = (event: PointerEvent, isStart: boolean) => {
    const move = isStart ? set : adjust;
    const area = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const point: Point = [
      clamp((event.clientX - area.left) / area.width),
      clamp((event.clientY - area.top) / area.height),
    ];
    if (part.value === "focus") return move({ focus: point });
    const lead = leadOf(photo, faceAtPointer(event));
    if (lead !== null && lead.face !== edit.value.lead?.face) move({ lead });
  };
  const example = (ads.value ?? []).find((ad) => ad.photo === photo.name) ?? ads.value?.[0];
  const isFocus = part.value === "focus";
  const [x, y] = edit.value.focus ?? MIDDLE;
  return (
    <section aria-labelledby="focus-title">
      <h1 id="focus-title">
        {isFocus ? "Focal point" : "Leading face"} <small>{photo.name}</small>
      </h1>
      <div class="toolbar">
        <button type="button" class="primary" onClick={() => void save(hash)}>
          Save <kbd>S</kbd>
        </button>
        <button type="button" onClick={undo} disabled={past.value.length === 0}>
          Undo <kbd>U</kbd>
        </button>
        <button type="button" aria-pressed={isFocus} onClick={() => choose("focus")}>
          Focal point <kbd>P</kbd>
        </button>
        <button
          type="button"
          aria-pressed={!isFocus}
          disabled={photo.faces.length === 0}
          onClick={() => choose("lead")}
        >
          Leading face <kbd>F</kbd>
        </button>
        <button type="button" onClick={() => set(isFocus ? { focus: null } : { lead: null })}>
          {isFocus ? "Let the faces decide" : "Let any face lead"}
        </button>
        <button type="button" onClick={() => go("photos")}>
          Back <kbd>Esc</kbd>
        </button>
        <output>{wordsOf(photo)}</output>
      </div>
      <p>
        {isFocus
          ? "Drag the point, or move it with the arrow keys: 1 %, with Shift 10 %."
          : "Select the face that leads, or move to it with the arrow keys. Ads with another face of this photo are not made."}
      </p>
      <div class="columns">
        <div
          class="drag"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag(event, true);
          }}
          onPointerMove={(event) => {
            if (event.buttons === 1) drag(event, false);
          }}
        >
          <PhotoWithFaces photo={photo} leading={edit.value.lead?.face ?? null}>
            {isFocus ? (
              <span class="point" style={{ left: `${x * 100}%`, top: `${y * 100}%` }} aria-hidden="true" />
            ) : null}
          </PhotoWithFaces>
        </div>
        {example === undefined ? null : (
          <Preview hash={hash} offer={example.offer} edit={edit.value} adHash={example.hash} />
        )}
      </div>
    </section>
  );
}
