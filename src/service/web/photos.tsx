import type { PhotoView } from "../review/schemas.ts";
import { act, exclude, include, photos } from "./api.tsx";
import { Badge, customers } from "./badge.tsx";
import { question } from "./dialog.tsx";
import { createList, ListPage } from "./list.tsx";
import { go } from "./route.tsx";

/** The page of the inventory: faces, tags, releases and their ends, files with equal content. */

const list = createList<PhotoView>(photos, [
  ["all", "All", () => true],
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

function reject({ hash, name }: PhotoView): void {
  question.value = {
    title: `Request changes of ${name}`,
    label: "What must change?",
    button: "Request changes",
    onText: (text) => void act("photos", { action: "reject", hashes: [hash], text }),
  };
}

export function Photos() {
  const current = list.shown.value[list.index.value];
  const onCurrent = (action: (photo: PhotoView) => void) => () => {
    if (current !== undefined) action(current);
  };
  const edit = ({ hash }: PhotoView) => go("focus", hash);
  return (
    <ListPage
      list={list}
      title="Photos"
      noun="photos"
      keys={{
        a: onCurrent(({ hash }) => void act("photos", { action: "approve", hashes: [hash] })),
        u: onCurrent(({ hash }) => void act("photos", { action: "undo", hashes: [hash] })),
        r: onCurrent(reject),
        x: onCurrent(toggle),
        e: onCurrent(edit),
        Escape: () => go("inbox"),
      }}
      onOpen={edit}
      draw={(photo) => <Card photo={photo} />}
    >
      <button type="button" onClick={onCurrent(toggle)} disabled={current === undefined}>
        {current !== undefined && current.excluded.length > 0 ? "Include again" : "Exclude"} <kbd>X</kbd>
      </button>
    </ListPage>
  );
}

function Card({ photo }: { readonly photo: PhotoView }) {
  const { faces, tags, release, paths, excluded, reach } = photo;
  const words = [
    faces.length === 0 ? "no face" : `${faces.length} ${faces.length === 1 ? "face" : "faces"}`,
    paths.length > 1 ? `${paths.length} files` : "",
    excluded.length > 0
      ? `excluded: ${excluded.map((id) => (id === "*" ? "all offers" : id)).join(", ")}`
      : "",
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
