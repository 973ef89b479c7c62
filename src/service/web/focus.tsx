import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ads, type FocusState, photos, Refusal, readFocus, refresh, saveFocus, status } from "./api.tsx";
import { PhotoWithFaces } from "./boxes.tsx";
import { isHelpOpen } from "./dialog.tsx";
import { useKeys } from "./keys.tsx";
import { go } from "./route.tsx";

/** The focal point of a photo, set by dragging or with arrow keys, with the ad drawn by the real renderer. */

type Point = readonly [number, number];

const MIDDLE: Point = [0.5, 0.4];

const saved = signal<FocusState | null>(null);
/** The photo whose saved point is there: keys that come earlier would be overwritten by it. */
const loadedHash = signal("");
const point = signal<Point | null>(null);
const past = signal<readonly (Point | null)[]>([]);
const channel = signal("");

function set(next: Point | null): void {
  past.value = [...past.value, point.value];
  point.value = next;
}

function clamp(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}

async function load(hash: string): Promise<void> {
  const found = await readFocus(hash);
  saved.value = found;
  point.value = found.focus;
  past.value = [];
  loadedHash.value = hash;
}

async function save(hash: string): Promise<void> {
  try {
    saved.value = await saveFocus(hash, point.value, saved.value?.tag ?? "");
    status.value = "Focal point written to photos.csv; the next generate uses it";
    await refresh();
  } catch (error) {
    status.value = error instanceof Error ? error.message : String(error);
    if (error instanceof Refusal && error.status === 409) await load(hash);
  }
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
  const [x, y] = point.value ?? MIDDLE;
  const step = (dx: number, dy: number) => (event: KeyboardEvent) => {
    if (!isLoaded) return;
    const size = event.shiftKey ? 0.1 : 0.01;
    const [left, top] = point.value ?? MIDDLE;
    set([clamp(left + dx * size), clamp(top + dy * size)]);
  };
  const undo = () => {
    if (past.value.length === 0) return;
    point.value = past.value.at(-1) ?? null;
    past.value = past.value.slice(0, -1);
  };
  useKeys({
    ArrowLeft: step(-1, 0),
    ArrowRight: step(1, 0),
    ArrowUp: step(0, -1),
    ArrowDown: step(0, 1),
    u: undo,
    s: () => void (isLoaded && save(hash)),
    Escape: () => history.back(),
    "?": () => {
      isHelpOpen.value = true;
    },
  });
  if (photo === undefined) return <p class="empty">This photo is not in the gallery any more.</p>;
  if (!isLoaded) return <p class="empty">Loading the focal point</p>;
  const drag = (event: PointerEvent) => {
    const area = (event.currentTarget as HTMLElement).getBoundingClientRect();
    set([clamp((event.clientX - area.left) / area.width), clamp((event.clientY - area.top) / area.height)]);
  };
  const example = (ads.value ?? []).find((ad) => ad.photo === photo.name) ?? ads.value?.[0];
  return (
    <section aria-labelledby="focus-title">
      <h1 id="focus-title">
        Focal point <small>{photo.name}</small>
      </h1>
      <div class="toolbar">
        <button type="button" class="primary" onClick={() => void save(hash)}>
          Save <kbd>S</kbd>
        </button>
        <button type="button" onClick={undo} disabled={past.value.length === 0}>
          Undo <kbd>U</kbd>
        </button>
        <button type="button" onClick={() => set(null)}>
          Let the faces decide
        </button>
        <button type="button" onClick={() => go("photos")}>
          Back <kbd>Esc</kbd>
        </button>
        <output>
          {point.value === null
            ? "The faces decide"
            : `${Math.round(x * 100)} % from the left, ${Math.round(y * 100)} % from the top`}
        </output>
      </div>
      <p>Drag the point, or move it with the arrow keys: 1 %, with Shift 10 %.</p>
      <div class="columns">
        <div
          class="drag"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag(event);
          }}
          onPointerMove={(event) => {
            if (event.buttons === 1) drag(event);
          }}
        >
          <PhotoWithFaces photo={photo}>
            <span class="point" style={{ left: `${x * 100}%`, top: `${y * 100}%` }} aria-hidden="true" />
          </PhotoWithFaces>
        </div>
        {example === undefined ? null : (
          <Preview hash={hash} offer={example.offer} x={x} y={y} adHash={example.hash} />
        )}
      </div>
    </section>
  );
}

interface PreviewProps {
  readonly hash: string;
  readonly offer: string;
  readonly adHash: string;
  readonly x: number;
  readonly y: number;
}

const channels = signal<readonly string[]>([]);

function Preview({ hash, offer, adHash, x, y }: PreviewProps) {
  useEffect(() => {
    fetch(`/review/api/ads/${adHash}`)
      .then((response) => response.json())
      .then(({ creatives }: { creatives: { channel: string }[] }) => {
        channels.value = creatives.map((creative) => creative.channel);
        if (!channels.value.includes(channel.value)) channel.value = channels.value[0] ?? "";
      })
      .catch(() => {});
  }, [adHash]);
  if (channel.value === "") return null;
  const query = new URLSearchParams({ offer, channel: channel.value, x: String(x), y: String(y) });
  return (
    <figure>
      <label>
        Channel{" "}
        <select
          value={channel.value}
          onChange={(event) => {
            channel.value = event.currentTarget.value;
          }}
        >
          {channels.value.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
      <img class="preview" src={`/review/preview/${hash}?${query}`} alt="The ad with this focal point" />
    </figure>
  );
}
