import { escapeHtml } from "../../../reports/index.ts";
import type { FaceEvaluation } from "../evaluate.ts";
import type { GroupReport, GroupResult, Measured, RefusedPhoto, Share } from "../types.ts";
import { drawDistances, drawRanks, drawReject, drawRoc } from "./curves.ts";
import { count, percent } from "./html.ts";
import { STYLE } from "./style.ts";

/** Undetected photos are listed up to here; the JSON has them all. */
const MOST_LISTED = 60;
/** Groups of fewer pairs do not stretch the scale of the others. */
const ENOUGH = 100;

/** One self-contained HTML page: figures, curves, groups. No photo and no embedding is in it. */
export function renderFaceEvaluation(evaluation: FaceEvaluation): string {
  const { verification, identification, groups, reject, histogram, undetected, refusedPhotos } = evaluation;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>How well faces are matched</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>How well faces are matched</h1>
<p class="faint">${count(evaluation.photos)} photos, ${count(verification.pairs)} pairs (${count(verification.same)} of one person), ${describeChoice(evaluation)}; embedder ${escapeHtml(evaluation.embedder)}.</p>
${renderTiles(evaluation)}
<div class="charts">
${drawRoc(verification)}
${drawDistances(histogram, verification.threshold)}
${identification ? drawRanks(identification) : ""}
${reject ? drawReject(reject) : ""}
</div>
<p class="note">Intervals hold the true figure in 95 of 100 cases (Wilson for shares, bootstrap over pairs for the curve). A photo without a face makes its pairs wrong and its person missed. The threshold of each of ${verification.folds.length} folds is chosen on the others.</p>
${groups.map(renderGroups).join("\n")}
${renderPhotos("Photos without a face found", undetected)}
${renderPhotos("Photos that could not be read and count nowhere", refusedPhotos.map(nameRefused))}
</main></body>
</html>
`;
}

const CHOICES = { prominent: "most prominent", largest: "largest", central: "most central" } as const;

function describeChoice({ face }: FaceEvaluation): string {
  return `the ${CHOICES[face]} face of each photo`;
}

function renderTiles({ verification, identification, photos, undetected }: FaceEvaluation): string {
  const { accuracy, accuracyError, threshold, accuracyAt, auc, equalErrorRate, tarAtFar } = verification;
  const tiles = [
    [
      percent(accuracy),
      `pairs decided right, ±&nbsp;${percent(accuracyError)}, at distance ${threshold.toFixed(3)}`,
    ],
    [percent(accuracyAt.value), `at the fixed distance ${accuracyAt.threshold} (${range(accuracyAt)})`],
    ...tarAtFar.map((tar) => [
      percent(tar.value),
      `same people accepted where ${percent(tar.far, 1)} of others are (${range(tar)})`,
    ]),
    ...(identification?.rank1
      ? [
          [
            percent(identification.rank1.value),
            `found at rank 1 of ${count(identification.enrolled)}, ${count(identification.probes)} probes`,
          ],
        ]
      : []),
    [auc.value.toFixed(4), `area under the ROC curve; equal error rate ${percent(equalErrorRate.value)}`],
    [
      percent((photos - undetected.length) / photos),
      `of photos with a face found; ${count(undetected.length)} without`,
    ],
  ];
  const html = tiles.map(([figure, text]) => `<div class="tile"><b>${figure}</b><span>${text}</span></div>`);
  return `<section class="tiles">${html.join("")}</section>`;
}

function renderGroups({ column, groups, threshold, mixedPairs }: GroupReport): string {
  const lows = groups.flatMap(({ accuracy }) => (accuracy && accuracy.of >= ENOUGH ? [accuracy.low] : []));
  const from = Math.max(0, Math.floor((Math.min(0.98, ...lows) - 0.005) * 50) / 50);
  const rows = groups.map((group) => renderGroup(group, from));
  return `<section><h2>By ${escapeHtml(column)}</h2><div class="scroll"><table>
<thead><tr><th scope="col">${escapeHtml(column)}</th><th scope="col">people</th><th scope="col">pairs</th><th scope="col">decided right</th><th scope="col">${percent(from, 0)} to 100 %</th><th scope="col">same missed</th><th scope="col">others accepted</th><th scope="col">rank 1</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>
<p class="note">All groups at the one distance ${threshold.toFixed(3)}. A pair counts where both people are of the group; ${count(mixedPairs)} pairs across groups count for none.</p></section>`;
}

function renderGroup(group: GroupResult, from: number): string {
  const cells = [
    count(group.people),
    count(group.pairs),
    cell(group.accuracy),
    whisker(group.accuracy, from),
    cell(group.falseNonMatch),
    cell(group.falseMatch),
    cell(group.rank1),
  ];
  return `<tr><th scope="row">${escapeHtml(group.group)}</th>${cells.map((html) => `<td>${html}</td>`).join("")}</tr>`;
}

function cell(share: Share): string {
  return share ? `${percent(share.value)}<span class="interval">${shortRange(share)}</span>` : "-";
}

/** A dot with its interval, from the column's lower end to 100 %. */
function whisker(share: Share, from: number): string {
  if (!share) return "";
  const at = (value: number) => (4 + (142 * Math.max(0, value - from)) / (1 - from)).toFixed(1);
  return `<svg viewBox="0 0 150 16" aria-hidden="true"><path class="grid" d="M4 8H146"/><path class="whisker" d="M${at(share.low)} 8H${at(share.high)}"/><circle class="dot" cx="${at(share.value)}" cy="8" r="4"/></svg>`;
}

/** Beside a figure that has the unit. */
function shortRange({ low, high }: Measured): string {
  const short = (value: number) => (100 * value).toFixed(value < 0.01 || value > 0.99 ? 2 : 1);
  return `${short(low)} to ${short(high)}`;
}

function range({ low, high }: Measured): string {
  return `${percent(low)} to ${percent(high)}`;
}

function nameRefused({ photo, error }: RefusedPhoto): string {
  return `${photo} (${error.code})`;
}

function renderPhotos(heading: string, photos: readonly string[]): string {
  if (photos.length === 0) return "";
  const items = photos.slice(0, MOST_LISTED).map((photo) => `<li>${escapeHtml(photo)}</li>`);
  const rest = photos.length - items.length;
  const more = rest > 0 ? `<p class="note">and ${count(rest)} more</p>` : "";
  return `<section><h2>${heading}</h2><ul class="photos">${items.join("")}</ul>${more}</section>`;
}
