import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AdView } from "../review/schemas.ts";
import { ads, exclude, readAd, status } from "./api.tsx";
import { Badge, customers } from "./badge.tsx";
import { PhotoWithFaces } from "./boxes.tsx";
import { isHelpOpen, question } from "./dialog.tsx";
import { approve, assign, comment, inbox, reject, undo } from "./inbox.tsx";
import { useKeys } from "./keys.tsx";
import { go } from "./route.tsx";

/** One ad: all channels side by side, its photo, and why customers see it. */

const view = signal<AdView | null>(null);

export function Ad({ hash }: { readonly hash: string }) {
  const row = (ads.value ?? []).find((ad) => ad.hash === hash);
  const items = inbox.shown.value;
  const index = items.findIndex((ad) => ad.hash === hash);
  useEffect(() => {
    readAd(hash).then(
      (found) => {
        view.value = found;
      },
      (error: Error) => {
        status.value = error.message;
      },
    );
  }, [hash, row?.standing.seq]);
  const move = (step: number) => {
    const next = items[index + step];
    if (next === undefined) return;
    inbox.select(index + step);
    go("ad", next.hash);
  };
  const found = view.value?.hash === hash ? view.value : null;
  const photo = found?.photo_view ?? null;
  const onRow = (action: (ad: NonNullable<typeof row>) => void) => () => {
    if (row !== undefined) action(row);
  };
  const edit = () => {
    if (photo !== null) go("focus", `${photo.hash}`);
  };
  const excludeHere = () => {
    if (photo === null || row === undefined) return;
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
    a: onRow(approve),
    r: onRow(reject),
    u: onRow(undo),
    c: onRow(comment),
    e: edit,
    x: excludeHere,
    Escape: () => go("inbox"),
    "?": () => {
      isHelpOpen.value = true;
    },
  });
  if (row === undefined) return <p class="empty">This ad is not in the run any more.</p>;
  return (
    <section aria-labelledby="ad-title" class="ad">
      <h1 id="ad-title">
        {row.headline} <small>{row.offer}</small>
      </h1>
      <div class="toolbar">
        <Badge standing={row.standing} />
        <button type="button" class="primary" onClick={onRow(approve)}>
          Approve <kbd>A</kbd>
        </button>
        <button type="button" onClick={onRow(reject)}>
          Request changes <kbd>R</kbd>
        </button>
        <button type="button" onClick={onRow(undo)}>
          Undo <kbd>U</kbd>
        </button>
        <button type="button" onClick={onRow(comment)}>
          Comment <kbd>C</kbd>
        </button>
        <button type="button" onClick={onRow(assign)}>
          Assign
        </button>
        <button type="button" onClick={edit} disabled={photo === null}>
          Focal point <kbd>E</kbd>
        </button>
        <button type="button" onClick={excludeHere} disabled={photo === null}>
          Exclude <kbd>X</kbd>
        </button>
        <button type="button" onClick={() => move(1)} disabled={index < 0 || index >= items.length - 1}>
          Next <kbd>J</kbd>
        </button>
      </div>
      {found === null ? <p>Loading</p> : <Details ad={found} />}
    </section>
  );
}

function Details({ ad }: { readonly ad: AdView }) {
  return (
    <>
      <div class="channels">
        {ad.creatives.map(({ channel, url, width, height, bytes, alt }) => (
          <figure key={channel}>
            <img src={url} alt={alt} width={width} height={height} />
            <figcaption>
              {channel} · {width} × {height} · {Math.ceil(bytes / 1000)} kB
            </figcaption>
          </figure>
        ))}
      </div>
      <div class="columns">
        {ad.photo_view === null ? null : (
          <section>
            <h2>Photo</h2>
            <PhotoWithFaces photo={ad.photo_view} />
            <p>
              {ad.photo_view.name} ·{" "}
              {ad.photo_view.faces
                .map(({ quality }) => `quality ${quality?.toFixed(2) ?? "not measured"}`)
                .join(", ") || "no face"}
              {ad.photo_view.release === null
                ? " · no release noted"
                : ` · release ${ad.photo_view.release.id}`}
            </p>
          </section>
        )}
        <section>
          <h2>Why</h2>
          <dl>
            {Object.entries(ad.reasons).map(([reason, count]) => (
              <div key={reason}>
                <dt>{reason.replaceAll("_", " ")}</dt>
                <dd>{customers(count)}</dd>
              </div>
            ))}
          </dl>
          <Histogram counts={ad.distances} />
          {ad.notes.length === 0 ? null : (
            <>
              <h3>Warnings</h3>
              <ul>
                {ad.notes.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </>
          )}
        </section>
        <section>
          <h2>History</h2>
          {ad.history.length === 0 ? <p>No review yet.</p> : null}
          <ol class="history">
            {ad.history.map((event) => (
              <li key={event.at + event.action}>
                <strong>{event.actor}</strong> {event.action}
                {event.assignee === null ? "" : ` to ${event.assignee}`}{" "}
                <time dateTime={event.at}>{new Date(event.at).toLocaleString("en-GB")}</time>
                {event.text === null ? null : <q>{event.text}</q>}
              </li>
            ))}
          </ol>
        </section>
      </div>
    </>
  );
}

/** How near the look-alikes are, in tenths of distance. */
function Histogram({ counts }: { readonly counts: readonly number[] }) {
  const most = Math.max(...counts);
  if (most === 0) return null;
  const last = counts.findLastIndex((count) => count > 0);
  const words = counts
    .map((count, i) => (count > 0 ? `${count} at ${(i / 10).toFixed(1)}` : ""))
    .filter(Boolean)
    .join(", ");
  return (
    <figure class="histogram">
      <svg viewBox={`0 0 ${(last + 1) * 20} 60`} role="img" aria-label={`Distances of faces: ${words}`}>
        {counts.slice(0, last + 1).map((count, i) => (
          <rect
            key={`bin ${i / 10}`}
            x={i * 20 + 1}
            y={60 - (58 * count) / most}
            width={18}
            height={(58 * count) / most}
          />
        ))}
      </svg>
      <figcaption>Distance of the faces, 0 to {((last + 1) / 10).toFixed(1)}</figcaption>
    </figure>
  );
}
