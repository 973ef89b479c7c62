import type { AdView, PhotoView } from "../review/schemas.ts";
import { PhotoWithFaces } from "./boxes.tsx";
import { customers, excludedWords, reasonWords } from "./words.ts";

/** Actions in the history of an ad. */
const DID: Readonly<Record<string, string>> = {
  approve: "approved",
  reject: "requested changes",
  reopen: "reopened the review",
  comment: "commented",
  assign: "assigned it to",
  undo: "undid the last change",
};

/** All channels side by side, the photo with its faces, why customers get the ad, and its history. */
export function Details({ ad, photo }: { readonly ad: AdView; readonly photo: PhotoView | null }) {
  return (
    <div class="ad-body">
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
      <div class="facts">
        {photo === null ? null : (
          <section>
            <h2>Photo</h2>
            <PhotoWithFaces photo={photo} />
            <p>
              {photo.name} · {qualityWords(photo.faces)}
              {photo.release === null ? " · no release" : ` · release ${photo.release.id}`}
            </p>
            {photo.excluded.length === 0 ? null : <p class="warn">{excludedWords(photo.excluded)}</p>}
          </section>
        )}
        <section>
          <h2>Why</h2>
          <dl>
            {Object.entries(ad.reasons).map(([reason, count]) => (
              <div key={reason}>
                <dt>{reasonWords(reason)}</dt>
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
                <strong>{event.actor}</strong> {DID[event.action] ?? event.action}
                {event.assignee === null ? "" : ` ${event.assignee}`}{" "}
                <time dateTime={event.at}>{new Date(event.at).toLocaleString("en-GB")}</time>
                {event.text === null ? null : <q>{event.text}</q>}
              </li>
            ))}
          </ol>
        </section>
      </div>
    </div>
  );
}

function qualityWords(faces: PhotoView["faces"]): string {
  if (faces.length === 0) return "no face";
  const scores = faces.map(({ quality }) => quality?.toFixed(2) ?? "not measured");
  return `face quality ${scores.join(", ")}`;
}

/** Histogram of the distances between customers and photo, in bins of 0.1. */
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
