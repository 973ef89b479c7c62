import { type AxisOptions, curveChart, drawChart, figure, type Html } from "../../../reports/index.ts";
import type { DistanceHistogram } from "../histogram.ts";
import type { IdentificationReport, RejectCurve, VerificationReport } from "../types.ts";
import { count, percent } from "./words.ts";

/** A curve of more points than this is thinned: the picture has no more px. */
const MOST_POINTS = 400;
const LOWEST_FAR = 1e-4;
const HEIGHT = 290;
const ONE = "var(--accent)";
const TWO = "var(--second)";

export function drawRoc({ roc, tarAtFar, pairs, same }: VerificationReport): Html {
  // One false accept among all different pairs is the lowest measurable rate.
  const lowest = Math.max(LOWEST_FAR, 10 ** Math.floor(Math.log10(1 / (pairs - same))));
  const visible = roc.filter(({ far }) => far >= lowest);
  const before = roc.findLast(({ far }) => far < lowest) ?? { far: 0, tar: 0 };
  const points = [{ ...before, far: lowest }, ...visible, { far: 1, tar: visible.at(-1)?.tar ?? 0 }];
  const shown = thin(points);
  const [mark] = tarAtFar;
  return figure(
    drawChart(
      { title: "Verification", height: HEIGHT },
      curveChart({
        curves: [{ x: shown.map(({ far }) => far), y: shown.map(({ tar }) => tar), color: ONE }],
        x: {
          name: "different people accepted (false accept rate)",
          kind: "log",
          min: lowest,
          max: 1,
          format: (value) => `${Number((100 * value).toPrecision(1))} %`,
        },
        y: shares("same people accepted", floorOf(points[0]?.tar ?? 0)),
        upright: mark && {
          x: mark.far,
          label: `${percent(mark.value, 1)} at ${percent(mark.far, 1)}`,
          at: "bottom",
        },
      }),
    ),
    "Receiver operating characteristic: true accepts by false accepts, on a logarithmic axis.",
  );
}

export function drawDistances({ binWidth, same, different }: DistanceHistogram, threshold: number): Html {
  const curveOf = (counts: readonly number[], color: string) => {
    const total = counts.reduce((sum, value) => sum + value, 0) || 1;
    const shown = [...counts, 0];
    return {
      x: shown.map((_, i) => (i + 0.5) * binWidth),
      y: shown.map((value) => value / total),
      color,
      area: true,
    };
  };
  return figure(
    drawChart(
      { title: "Distances", height: HEIGHT },
      curveChart({
        curves: [curveOf(same, ONE), curveOf(different, TWO)],
        x: {
          name: "distance of embeddings",
          min: 0,
          format: (value) => String(Number(value.toPrecision(3))),
        },
        y: { name: "share of pairs", format: (value) => percent(value, 1) },
        upright: { x: threshold, label: `threshold ${threshold.toFixed(2)}` },
      }),
    ),
    "Share of pairs by distance: pairs of one person on the left, of different people on the right.",
  );
}

export function drawRanks({ cmc, probes, enrolled }: IdentificationReport): Html {
  const ranks = cmc.slice(0, 20);
  return figure(
    drawChart(
      { title: "Identification", height: HEIGHT },
      curveChart({
        curves: [{ x: ranks.map((_, i) => i + 1), y: ranks, color: ONE }],
        x: {
          name: `rank among ${count(enrolled)} people`,
          min: 1,
          max: Math.max(2, ranks.length),
          format: String,
        },
        y: shares("probes found up to this rank", floorOf(ranks[0] ?? 0)),
      }),
    ),
    `Cumulative match characteristic of ${count(probes)} probes among ${count(enrolled)} people.`,
  );
}

export function drawReject({ points, threshold, remaining }: RejectCurve): Html {
  const useful = points.filter(({ rejected }) => rejected <= 0.5);
  const perfect = perfectScore(points[0]?.falseNonMatch ?? 0);
  return figure(
    drawChart(
      { title: "Quality", height: HEIGHT },
      curveChart({
        curves: [
          {
            x: useful.map(({ rejected }) => rejected),
            y: useful.map(({ falseNonMatch }) => falseNonMatch),
            color: ONE,
          },
          { x: perfect.map(([x]) => x), y: perfect.map(([, y]) => y), color: TWO, dashed: true },
        ],
        x: {
          name: "same pairs rejected, lowest quality first",
          min: 0,
          max: 0.5,
          format: (value) => percent(value, 0),
        },
        y: { name: "same people missed", format: (value) => percent(value, 1) },
      }),
    ),
    `Error versus reject at distance ${threshold.toFixed(2)}, by quality (solid) and by a perfect score (dashed). ${percent(remaining, 0)} of the error remain on average over the first 20 %.`,
  );
}

/** The curve of a perfect quality score, which rejects all errors first. */
function perfectScore(start: number): [number, number][] {
  const at = (rejected: number): [number, number] => [
    rejected,
    Math.max(0, (start - rejected) / (1 - rejected)),
  ];
  return [...Array.from({ length: 20 }, (_, i) => at((start * i) / 20)), at(start), at(0.5)];
}

/** The axis starts at a round share below the first, at most 90 %. */
function floorOf(share: number): number {
  return Math.min(0.9, Math.floor(share * 10) / 10);
}

function shares(name: string, min: number): AxisOptions {
  return { name, min, max: 1, format: (value) => percent(value, 0) };
}

function thin<T>(points: readonly T[]): T[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
