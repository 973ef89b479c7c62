import { type DistanceHistogram, niceStep } from "../histogram.ts";
import type { IdentificationReport, RejectCurve, VerificationReport } from "../types.ts";
import { type Axis, type Chart, drawChart } from "./chart.ts";
import { count, percent } from "./html.ts";

/** A curve of more points than this is thinned: the picture has no more px. */
const MOST_POINTS = 400;
const LOWEST_FAR = 1e-4;

export function drawRoc({ roc, tarAtFar, pairs, same }: VerificationReport): string {
  // One false accept among all different pairs is the lowest rate there is to see.
  const lowest = Math.max(LOWEST_FAR, 10 ** Math.floor(Math.log10(1 / (pairs - same))));
  const visible = roc.filter(({ far }) => far >= lowest);
  const before = roc.findLast(({ far }) => far < lowest) ?? { far: 0, tar: 0 };
  const points = [{ ...before, far: lowest }, ...visible, { far: 1, tar: visible.at(-1)?.tar ?? 0 }];
  const floor = Math.min(0.9, Math.floor((points[0]?.tar ?? 0) * 10) / 10);
  const decades = Math.round(-Math.log10(lowest));
  return drawChart({
    title: "Verification",
    description: "Receiver operating characteristic: true accepts by false accepts, logarithmic",
    x: {
      label: "different people accepted (false accept rate)",
      from: lowest,
      to: 1,
      scale: "log",
      ticks: Array.from({ length: decades + 1 }, (_, i) => 10 ** (i - decades)),
      format: (value) => `${Number((100 * value).toPrecision(1))} %`,
    },
    y: shares("same people accepted", floor, 1),
    series: [{ name: "ROC", style: "one", points: thin(points).map(({ far, tar }) => [far, tar]) }],
    mark: tarAtFar[0] && {
      x: tarAtFar[0].far,
      label: `${percent(tarAtFar[0].value, 1)} at ${percent(tarAtFar[0].far, 1)}`,
      at: "bottom",
    },
  });
}

export function drawDistances({ binWidth, same, different }: DistanceHistogram, threshold: number): string {
  const normalise = (counts: readonly number[]): (readonly [number, number])[] => {
    const total = counts.reduce((sum, value) => sum + value, 0) || 1;
    return [...counts, 0].map((value, i) => [(i + 0.5) * binWidth, value / total] as const);
  };
  const [one, two] = [normalise(same), normalise(different)];
  const top = Math.max(...[...one, ...two].map(([, y]) => y));
  const reach = Math.max(same.length, different.length) * binWidth;
  const step = niceStep(reach / 8);
  const end = Math.ceil(reach / step) * step;
  return drawChart({
    title: "Distances",
    description: "Share of same and different pairs by the distance of their embeddings",
    x: {
      label: "distance of embeddings",
      from: 0,
      to: end,
      ticks: Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step),
      format: (value) => String(Number(value.toPrecision(3))),
    },
    y: {
      label: "share of pairs",
      from: 0,
      to: top,
      ticks: [0, top / 2, top],
      format: (value) => percent(value, 1),
    },
    series: [
      { name: "same person", style: "one", area: true, points: one },
      { name: "different people", style: "two", area: true, points: two },
    ],
    mark: { x: threshold, label: `threshold ${threshold.toFixed(2)}`, at: "top" },
  });
}

export function drawRanks({ cmc, probes, enrolled }: IdentificationReport): string {
  const ranks = cmc.slice(0, 20);
  const floor = Math.min(0.9, Math.floor((ranks[0] ?? 0) * 10) / 10);
  return drawChart({
    title: "Identification",
    description: `Cumulative match characteristic of ${probes} probes among ${enrolled} people`,
    x: {
      label: `rank among ${count(enrolled)} people`,
      from: 1,
      to: Math.max(2, ranks.length),
      ticks: [1, 5, 10, 15, 20].filter((tick) => tick <= Math.max(2, ranks.length)),
      format: String,
    },
    y: shares("probes found up to this rank", floor, 1),
    series: [{ name: "CMC", style: "one", points: ranks.map((share, i) => [i + 1, share]) }],
  });
}

export function drawReject({ points, threshold, remaining }: RejectCurve): string {
  const useful = points.filter(({ rejected }) => rejected <= 0.5);
  const top = Math.max(...useful.map(({ falseNonMatch }) => falseNonMatch));
  const start = points[0]?.falseNonMatch ?? 0;
  return drawChart({
    title: "Quality",
    description: `Error versus reject at distance ${threshold.toFixed(2)}; ${percent(remaining, 0)} of the error remain on average over the first 20 %`,
    x: {
      label: "same pairs left out, worst quality first",
      from: 0,
      to: 0.5,
      ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5],
      format: (value) => percent(value, 0),
    },
    y: {
      label: "same people missed",
      from: 0,
      to: top,
      ticks: [0, top / 2, top],
      format: (value) => percent(value, 1),
    },
    series: [
      {
        name: "by quality",
        style: "one",
        points: useful.map((point) => [point.rejected, point.falseNonMatch]),
      },
      { name: "a perfect score", style: "two", points: perfect(start) },
    ],
  } satisfies Chart);
}

/** A quality score that knows every miss leaves them out first. */
function perfect(start: number): [number, number][] {
  const at = (rejected: number): [number, number] => [
    rejected,
    Math.max(0, (start - rejected) / (1 - rejected)),
  ];
  return [...Array.from({ length: 20 }, (_, i) => at((start * i) / 20)), at(start), at(0.5)];
}

function shares(label: string, from: number, to: number): Axis {
  const steps = to - from <= 0.11 ? 5 : Math.round((to - from) * 10);
  return {
    label,
    from,
    to,
    ticks: Array.from({ length: steps + 1 }, (_, i) => from + ((to - from) * i) / steps),
    format: (value) => percent(value, 0),
  };
}

function thin<T>(points: readonly T[]): T[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
