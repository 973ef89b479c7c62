import {
  type Cell,
  drawChart,
  escapeHtml,
  figure,
  grid,
  type Html,
  intervalChart,
  pageOf,
  paragraph,
  section,
  sentence,
  table,
  tiles,
} from "../../../reports/index.ts";
import { describeContrast } from "../contrasts.ts";
import type { FaceEvaluation } from "../evaluate.ts";
import type { GroupReport, GroupResult, Measured, RefusedPhoto, Share } from "../types.ts";
import { drawDistances, drawRanks, drawReject, drawRoc } from "./curves.ts";
import { count, percent } from "./words.ts";

/** At most so many undetected photos are listed; the JSON has all of them. */
const MOST_LISTED = 60;
/** Groups of fewer pairs do not extend the scale of the others. */
const ENOUGH = 100;

/**
 * Renders an evaluation as one self-contained HTML page with figures, curves and groups. The page contains no photo and
 * no embedding.
 *
 * @example
 * await writeFile("faces.html", renderFaceEvaluation(await evaluateFaces({ folder: "people" }, engine)));
 */
export function renderFaceEvaluation(evaluation: FaceEvaluation): string {
  const { verification, identification, groups, reject, histogram, undetected, refusedPhotos } = evaluation;
  const subtitle = `${count(evaluation.photos)} photos, ${count(verification.pairs)} pairs (${count(verification.same)} of one person), ${describeChoice(evaluation)}; embedder ${evaluation.embedder}.`;
  return pageOf(
    { title: "How well faces are matched", subtitle },
    renderTiles(evaluation),
    section(
      "Curves",
      `A photo without a face makes its pairs wrong and its person missed. The threshold of each of ${verification.folds.length} folds is chosen on the others. Intervals: Wilson for shares, bootstrap over pairs for the curve.`,
      grid(
        drawRoc(verification),
        drawDistances(histogram, verification.threshold),
        ...(identification ? [drawRanks(identification)] : []),
        ...(reject ? [drawReject(reject)] : []),
      ),
    ),
    ...groups.map(renderGroups),
    renderPhotos("Photos without a face found", undetected),
    renderPhotos("Photos that could not be read and count nowhere", refusedPhotos.map(nameRefused)),
  );
}

const CHOICES = { prominent: "most prominent", largest: "largest", central: "most central" } as const;

function describeChoice({ face }: FaceEvaluation): string {
  return `the ${CHOICES[face]} face of each photo`;
}

function renderTiles({ verification, identification, photos, undetected }: FaceEvaluation): Html {
  const { accuracy, accuracyError, threshold, accuracyAt, auc, equalErrorRate, tarAtFar } = verification;
  const rank1 = identification?.rank1;
  return tiles([
    {
      label: "Pairs decided right",
      value: percent(accuracy),
      note: `± ${percent(accuracyError)}, at distance ${threshold.toFixed(3)}`,
    },
    {
      label: `At distance ${accuracyAt.threshold}`,
      value: percent(accuracyAt.value),
      note: range(accuracyAt),
    },
    ...tarAtFar.map((tar) => ({
      label: `Same pairs accepted at a false accept rate of ${percent(tar.far, 1)}`,
      value: percent(tar.value),
      note: range(tar),
    })),
    ...(rank1
      ? [
          {
            label: `Found at rank 1 of ${count(identification.enrolled)}`,
            value: percent(rank1.value),
            note: `${count(identification.probes)} probes`,
          },
        ]
      : []),
    {
      label: "Area under the ROC curve",
      value: auc.value.toFixed(4),
      note: `equal error rate ${percent(equalErrorRate.value)}`,
    },
    {
      label: "Photos with a face found",
      value: percent((photos - undetected.length) / photos),
      note: `${count(undetected.length)} without`,
    },
  ]);
}

function renderGroups({ column, groups, contrasts, threshold, mixedPairs }: GroupReport): Html {
  const judged = groups.flatMap(({ group, accuracy }) =>
    accuracy ? [{ label: group, estimate: accuracy, color: "var(--accent)" }] : [],
  );
  const lows = groups.flatMap(({ accuracy }) => (accuracy && accuracy.of >= ENOUGH ? [accuracy.low] : []));
  const min = Math.max(0, Math.floor((Math.min(0.98, ...lows) - 0.005) * 50) / 50);
  const chart = drawChart(
    { title: "Pairs decided right", height: 40 + 30 * judged.length, width: "full" },
    intervalChart(judged, { min, max: 1, format: (value) => percent(value, 0) }),
  );
  return section(
    `By ${column}`,
    `All groups at the one distance ${threshold.toFixed(3)}. A pair belongs to a group if both people do; ${count(mixedPairs)} pairs across groups are not counted.`,
    judged.length < 2 ? "" : figure(chart, "Dots: shares; lines: 95 % intervals."),
    table(
      [
        column,
        "people",
        "pairs",
        "decided right",
        "same missed",
        "others accepted",
        "rank 1",
        "matched",
        "defaults",
      ],
      groups.map(groupRow),
    ),
    ...contrasts.map((contrast) => paragraph(`${sentence(describeContrast(contrast))}.`, "note")),
  );
}

function groupRow(group: GroupResult): Cell[] {
  const number = (text: string): Cell => ({ text, kind: "number" });
  return [
    { text: group.group, kind: "strong" },
    number(count(group.people)),
    number(count(group.pairs)),
    number(shareText(group.accuracy)),
    number(shareText(group.falseNonMatch)),
    number(shareText(group.falseMatch)),
    number(shareText(group.rank1)),
    number(shareText(group.matched)),
    number(shareText(group.defaults)),
  ];
}

function shareText(share: Share): string {
  return share ? `${percent(share.value)} (${shortRange(share)})` : "-";
}

/** A range without the unit, which the figure beside it has. */
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

function renderPhotos(heading: string, photos: readonly string[]): Html {
  if (photos.length === 0) return "";
  const items = photos.slice(0, MOST_LISTED).map((photo) => `<li>${escapeHtml(photo)}</li>`);
  const rest = photos.length - items.length;
  const more = rest > 0 ? [paragraph(`and ${count(rest)} more`, "note")] : [];
  return section(heading, "", `<ul class="files">${items.join("")}</ul>`, ...more);
}
