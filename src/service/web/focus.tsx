import { useEffect } from "preact/hooks";
import type { PhotoView } from "../review/schemas.ts";
import { ads, type Point, photos, status } from "./api.tsx";
import { faceAtPointer, PhotoWithFaces } from "./boxes.tsx";
import { isHelpOpen } from "./dialog.tsx";
import {
  adjust,
  clamp,
  type Edit,
  edit,
  leadOf,
  load,
  loadedHash,
  MIDDLE,
  part,
  past,
  save,
  set,
  stepFace,
  undo,
} from "./focus-edit.tsx";
import { useKeys } from "./keys.tsx";
import { Preview } from "./preview.tsx";
import { back } from "./route.tsx";

/** The page on which a reviewer sets the focal point and the leading face of a photo, by dragging or with arrow keys. */

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
    Escape: () => back("photos"),
    "?": () => {
      isHelpOpen.value = true;
    },
  });
  if (photo === undefined) return <p class="empty">The gallery no longer contains this photo.</p>;
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
        <button type="button" onClick={() => back("photos")}>
          Back <kbd>Esc</kbd>
        </button>
        <output>{wordsOf(photo)}</output>
      </div>
      <p>
        {isFocus
          ? "Drag the point, or move it with the arrow keys: 1 %, with Shift 10 %."
          : "Select the leading face, or move to it with the arrow keys. No ad is made with another face of this photo."}
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
              <span
                class={edit.value.focus === null ? "point unset" : "point"}
                style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
                aria-hidden="true"
              />
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
