import { computed, signal } from "@preact/signals";
import type { PhotoView } from "../review/schemas.ts";
import { act, exclude, include, photos } from "./api.tsx";
import { Badge } from "./badge.tsx";
import { isHelpOpen, question } from "./dialog.tsx";
import { Grid } from "./grid.tsx";
import { useKeys } from "./keys.tsx";
import { go } from "./route.tsx";

/** The inventory: faces, tags, releases and their ends, files of equal content. */

type Filter = "all" | "no_face" | "ended" | "duplicates" | "excluded";
const FILTERS: readonly (readonly [Filter, string])[] = [
  ["all", "All"],
  ["no_face", "No face"],
  ["ended", "Release ended"],
  ["duplicates", "Duplicates"],
  ["excluded", "Excluded"],
];
const filter = signal<Filter>("all");
const active = signal(0);

const TESTS: Readonly<Record<Filter, (photo: PhotoView) => boolean>> = {
  all: () => true,
  no_face: ({ faces }) => faces.length === 0,
  ended: ({ release }) => isEnded(release),
  duplicates: ({ paths }) => paths.length > 1,
  excluded: (photo) => photo.excluded.length > 0,
};

function isEnded(release: PhotoView["release"]): boolean {
  if (release === null) return false;
  return release.withdrawn !== null || (release.expires !== null && Date.parse(release.expires) < Date.now());
}

const shown = computed(() => (photos.value ?? []).filter(TESTS[filter.value]));

function toggle(photo: PhotoView): void {
  if (photo.excluded.length > 0) {
    void include(photo.hash);
    return;
  }
  question.value = {
    title: `Exclude ${photo.name}`,
    label: "Reason for excluding the photo",
    button: "Exclude",
    onText: (reason) => void exclude(photo.hash, null, reason),
  };
}

export function Photos() {
  const items = shown.value;
  const index = Math.min(active.value, Math.max(0, items.length - 1));
  const current = items[index];
  const move = (step: number) => {
    active.value = Math.min(items.length - 1, Math.max(0, index + step));
  };
  const onCurrent = (action: (photo: PhotoView) => void) => () => {
    if (current !== undefined) action(current);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    a: onCurrent(({ hash }) => void act("photos", { action: "approve", hashes: [hash] })),
    u: onCurrent(({ hash }) => void act("photos", { action: "undo", hashes: [hash] })),
    r: onCurrent(({ hash, name }) => {
      question.value = {
        title: `Request changes of ${name}`,
        label: "What must change?",
        button: "Request changes",
        onText: (text) => void act("photos", { action: "reject", hashes: [hash], text }),
      };
    }),
    x: onCurrent(toggle),
    e: onCurrent(({ hash }) => go("focus", hash)),
    Enter: onCurrent(({ hash }) => go("focus", hash)),
    Escape: () => go("inbox"),
    "?": () => {
      isHelpOpen.value = true;
    },
  });
  return (
    <section class="inbox" aria-labelledby="photos-title">
      <h1 id="photos-title">
        Photos <small>{items.length}</small>
      </h1>
      <div class="toolbar">
        <fieldset class="filters">
          <legend class="hidden">Show</legend>
          {FILTERS.map(([value, label]) => (
            <button
              key={value}
              type="button"
              aria-pressed={filter.value === value}
              onClick={() => {
                filter.value = value;
                active.value = 0;
              }}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <button type="button" onClick={onCurrent(toggle)} disabled={current === undefined}>
          {current !== undefined && current.excluded.length > 0 ? "Include again" : "Exclude"} <kbd>X</kbd>
        </button>
      </div>
      {items.length === 0 ? (
        <p class="empty">Nothing to show with this filter.</p>
      ) : (
        <Grid
          items={items}
          keyOf={({ hash }) => hash}
          label="Photos"
          active={index}
          onActive={(next) => {
            active.value = next;
          }}
          onOpen={({ hash }) => go("focus", hash)}
          draw={(photo) => <Card photo={photo} />}
        />
      )}
    </section>
  );
}

function Card({ photo }: { readonly photo: PhotoView }) {
  const { faces, tags, release, paths, excluded, reach } = photo;
  const words = [
    faces.length === 0 ? "no face" : `${faces.length} faces`,
    paths.length > 1 ? `${paths.length} files` : "",
    excluded.length > 0
      ? `excluded: ${excluded.map((id) => (id === "*" ? "all offers" : id)).join(", ")}`
      : "",
    `${reach.toLocaleString("en")} customers`,
  ].filter(Boolean);
  return (
    <div class="card-body">
      <img src={photo.thumb} alt="" loading="lazy" width="240" height="190" />
      <strong>{photo.name}</strong>
      <span>{tags.join(", ") || "no tags"}</span>
      <span class={isEnded(release) || excluded.length > 0 ? "marks warn" : "marks"}>
        {words.join(" · ")}
        {release === null ? "" : ` · ${release.id}${isEnded(release) ? " ended" : ""}`}
      </span>
      <Badge standing={photo.standing} />
    </div>
  );
}
