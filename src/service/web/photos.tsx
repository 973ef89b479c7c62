import type { PhotoView } from "../review/schemas.ts";
import { BulkButtons, createActions } from "./actions.tsx";
import { exclude, include, photos } from "./api.tsx";
import { Badge } from "./badge.tsx";
import { question } from "./dialog.tsx";
import { createList, isOpen, ListPage } from "./list.tsx";
import { go } from "./route.tsx";
import { customers, excludedWords } from "./words.ts";

/** The page of the inventory: faces, tags, releases and their ends, files with equal content. */

const list = createList<PhotoView>(photos, [
  ["all", "All", () => true],
  ["open", "To review", isOpen],
  ["no_face", "No face", ({ faces }) => faces.length === 0],
  ["ended", "Release ended", ({ release }) => isEnded(release)],
  ["duplicates", "Duplicates", ({ paths }) => paths.length > 1],
  ["excluded", "Excluded", (photo) => photo.excluded.length > 0],
]);

function isEnded(release: PhotoView["release"]): boolean {
  if (release === null) return false;
  return release.withdrawn !== null || (release.expires !== null && Date.parse(release.expires) < Date.now());
}

/** Such as `R-17, ends 2027-01-31`. */
function releaseWords(release: NonNullable<PhotoView["release"]>): string {
  const { id, expires, withdrawn } = release;
  if (withdrawn !== null) return `${id}, withdrawn ${withdrawn.slice(0, 10)}`;
  if (expires === null) return id;
  return `${id}, ${isEnded(release) ? "ended" : "ends"} ${expires.slice(0, 10)}`;
}

const actions = createActions("photos", "photos", list);

function toggle(photo: PhotoView): void {
  if (photo.excluded.length > 0) {
    void include(photo.hash, null);
    return;
  }
  question.value = {
    title: `Exclude ${photo.name}`,
    label: "Reason for excluding the photo",
    button: "Exclude",
    onText: (reason) => void exclude(photo.hash, null, reason),
  };
}

const edit = ({ hash }: PhotoView) => go("focus", hash);

export function Photos() {
  const { onCurrent } = list;
  const current = list.shown.value[list.index.value];
  const isExcluded = current !== undefined && current.excluded.length > 0;
  const buttons = [
    ["a", "Approve", actions.approve],
    ["r", "Request changes", actions.reject],
    ["u", "Undo", actions.undo],
    ["c", "Comment", actions.comment],
    ["n", "Assign", actions.assign],
    ["e", "Focal point", edit],
    ["x", isExcluded ? "Include again" : "Exclude", toggle],
  ] as const;
  return (
    <ListPage
      list={list}
      title="Photos"
      noun="photos"
      keys={{
        ...Object.fromEntries(buttons.map(([key, , action]) => [key, onCurrent(action)])),
        a: onCurrent(actions.approve, 1),
        Escape: () => go("inbox"),
      }}
      onOpen={edit}
      draw={(photo) => <Card photo={photo} />}
    >
      <BulkButtons actions={actions} isEmpty={current === undefined} />
      <fieldset class="filters">
        <legend class="hidden">{current === undefined ? "No photo" : `Selected: ${current.name}`}</legend>
        {buttons.map(([key, label, action]) => (
          <button key={key} type="button" onClick={onCurrent(action)} disabled={current === undefined}>
            {label} <kbd>{key.toUpperCase()}</kbd>
          </button>
        ))}
      </fieldset>
    </ListPage>
  );
}

function Card({ photo }: { readonly photo: PhotoView }) {
  const { faces, tags, release, paths, excluded, reach } = photo;
  const words = [
    faces.length === 0 ? "no face" : `${faces.length} ${faces.length === 1 ? "face" : "faces"}`,
    paths.length > 1 ? `${paths.length} files` : "",
    excluded.length > 0 ? excludedWords(excluded) : "",
    customers(reach),
  ].filter(Boolean);
  return (
    <div class="card-body">
      <img src={photo.thumb} alt="" loading="lazy" width="240" height="190" />
      <strong>{photo.name}</strong>
      <span>{tags.join(", ") || "no tags"}</span>
      <span class={isEnded(release) || excluded.length > 0 ? "marks warn" : "marks"}>
        {words.join(" · ")}
        {release === null ? "" : ` · ${releaseWords(release)}`}
      </span>
      <Badge standing={photo.standing} />
    </div>
  );
}
