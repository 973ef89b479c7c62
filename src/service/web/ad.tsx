import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AdView } from "../review/schemas.ts";
import { ads, exclude, include, photos, readAd, status } from "./api.tsx";
import { Badge } from "./badge.tsx";
import { Details } from "./details.tsx";
import { isHelpOpen, question } from "./dialog.tsx";
import { actions, inbox } from "./inbox.tsx";
import { useKeys } from "./keys.tsx";
import { newest } from "./order.ts";
import { go } from "./route.tsx";

/** The page of one ad, with everything that a reviewer can do to it. */

const view = signal<AdView | null>(null);
const load = newest(readAd, (found) => {
  view.value = found;
});

export function Ad({ hash }: { readonly hash: string }) {
  const row = (ads.value ?? []).find((ad) => ad.hash === hash);
  const items = inbox.shown.value;
  const index = items.findIndex((ad) => ad.hash === hash);
  const seq = row?.standing.seq;
  useEffect(() => {
    load(hash).catch((error: Error) => {
      status.value = error.message;
    });
  }, [hash, seq]);
  const move = (step: number) => {
    const next = items[index + step];
    if (next === undefined) return;
    inbox.select(index + step);
    go("ad", next.hash);
  };
  const found = view.value?.hash === hash ? view.value : null;
  // The photos' list shows a change of exclusions, which is no event of the ad.
  const photo = (photos.value ?? []).find((each) => each.hash === found?.photo_view?.hash) ?? null;
  const onRow = (action: (ad: NonNullable<typeof row>) => void) => () => {
    if (row !== undefined) action(row);
  };
  const edit = () => {
    if (photo !== null) go("focus", photo.hash);
  };
  const isExcluded = photo !== null && row !== undefined && photo.excluded.includes(row.offer);
  const toggle = () => {
    if (photo === null || row === undefined) return;
    if (isExcluded) return void include(photo.hash, row.offer);
    question.value = {
      title: `Exclude ${photo.name} from ${row.offer}`,
      label: "Why?",
      button: "Exclude",
      onText: (reason) => void exclude(photo.hash, row.offer, reason),
    };
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowRight: () => move(1),
    ArrowLeft: () => move(-1),
    a: onRow(actions.approve),
    r: onRow(actions.reject),
    u: onRow(actions.undo),
    c: onRow(actions.comment),
    n: onRow(actions.assign),
    e: edit,
    x: toggle,
    Escape: () => go("inbox"),
    "?": () => {
      isHelpOpen.value = true;
    },
  });
  if (row === undefined) return <p class="empty">The run no longer contains this ad.</p>;
  return (
    <section aria-labelledby="ad-title" class="ad">
      <h1 id="ad-title">
        {row.headline} <small>{row.offer}</small>
      </h1>
      <div class="toolbar">
        <Badge standing={row.standing} />
        <button type="button" class="primary" onClick={onRow(actions.approve)}>
          Approve <kbd>A</kbd>
        </button>
        <button type="button" onClick={onRow(actions.reject)}>
          Request changes <kbd>R</kbd>
        </button>
        <button type="button" onClick={onRow(actions.undo)}>
          Undo <kbd>U</kbd>
        </button>
        <button type="button" onClick={onRow(actions.comment)}>
          Comment <kbd>C</kbd>
        </button>
        <button type="button" onClick={onRow(actions.assign)}>
          Assign <kbd>N</kbd>
        </button>
        <button type="button" onClick={edit} disabled={photo === null}>
          Focal point <kbd>E</kbd>
        </button>
        <button type="button" onClick={toggle} disabled={photo === null}>
          {isExcluded ? "Include again" : "Exclude"} <kbd>X</kbd>
        </button>
        <button type="button" onClick={() => move(-1)} disabled={index <= 0}>
          Previous <kbd>K</kbd>
        </button>
        <button type="button" onClick={() => move(1)} disabled={index < 0 || index >= items.length - 1}>
          Next <kbd>J</kbd>
        </button>
      </div>
      {found === null ? <p>Loading</p> : <Details ad={found} photo={photo} />}
    </section>
  );
}
