import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PhotoView } from "../review/schemas.ts";
import { ads, type FocusState, photos, Refusal, readFocus, refresh, saveFocus, status } from "./api.tsx";
import { PhotoWithFaces } from "./boxes.tsx";
import { isHelpOpen } from "./dialog.tsx";
import { useKeys } from "./keys.tsx";
import { type Edit, Preview } from "./preview.tsx";
import { go } from "./route.tsx";

/** Focal point and leading face of a photo, set by dragging or with arrow keys. */

type Point = readonly [number, number];

const MIDDLE: Point = [0.5, 0.4];
const NOTHING: Edit = { focus: null, lead: null };

const saved = signal<FocusState | null>(null);
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

async function load(hash: string): Promise<void> {
  const found = await readFocus(hash);
  saved.value = found;
  edit.value = { focus: found.focus, lead: found.lead };
  past.value = [];
  loadedHash.value = hash;
}

async function save(hash: string): Promise<void> {
  try {
    saved.value = await saveFocus(hash, edit.value, saved.value?.tag ?? "");
    status.value = "Written to photos.csv; the next generate uses it";
    await refresh();
  } catch (error) {
    status.value = error instanceof Error ? error.message : String(error);
    if (error instanceof Refusal && error.status === 409) await load(hash);
  }
}

/** Middles of a photo's faces as fractions of its size. */
function middlesOf({ faces, width, height }: PhotoView): readonly Point[] {
  return faces.map(({ box }) => [
    clamp((box.x + box.width / 2) / width),
    clamp((box.y + box.height / 2) / height),
  ]);
}

/** Index of the face that a point chooses, as the next run sees it; null: none. */
function faceAt({ faces, width, height }: PhotoView, point: Point | null): number | null {
  if (point === null || faces.length === 0) return null;
  const distances = faces.map(({ box }) =>
    Math.hypot(point[0] * width - box.x - box.width / 2, point[1] * height - box.y - box.height / 2),
  );
  return distances.indexOf(Math.min(...distances));
}

/** The next face to one side; the first of all where none is chosen yet. */
function stepFace(photo: PhotoView, axis: 0 | 1, sign: number): void {
  const middles = middlesOf(photo);
  const order = middles
    .map((_, i) => i)
    .sort((a, b) => (middles[a]?.[axis] ?? 0) - (middles[b]?.[axis] ?? 0));
  const chosen = faceAt(photo, edit.value.lead);
  const at = chosen === null ? 0 : order.indexOf(chosen) + sign;
  const next = middles[order[at] ?? -1];
  if (next !== undefined) set({ lead: next });
}

function wordsOf(photo: PhotoView): string {
  const { focus, lead } = edit.value;
  if (part.value === "focus") {
    if (focus === null) return "The faces decide";
    return `${Math.round(focus[0] * 100)} % from the left, ${Math.round(focus[1] * 100)} % from the top`;
  }
  const face = faceAt(photo, lead);
  return face === null ? "Any face may lead" : `Only face ${face + 1} of ${photo.faces.length} leads`;
}

export function Focus({ hash }: { readonly hash: string }) {
  const photo = (photos.value ?? []).find((each) => each.hash === hash);
  useEffect(() => {
    loadedHash.value = "";
    load(hash).catch((error: Error) => {
      status.value = error.message;
    });
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
    const face = faceAt(photo, point);
    const middle = middlesOf(photo)[face ?? -1];
    if (middle !== undefined && face !== faceAt(photo, edit.value.lead)) move({ lead: middle });
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
          <PhotoWithFaces photo={photo} leading={faceAt(photo, edit.value.lead)}>
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
