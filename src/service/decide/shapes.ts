import type { RunIndex, Shape } from "./run-index.ts";

/** Files of ads that were approved; a file that no ad of the run has may not be given out. */
export function fileRule(
  { shapes }: RunIndex,
  defaults: ReadonlyMap<string, Shape>,
  mayShow: (shape: Shape) => boolean,
): (file: string) => boolean {
  const shapeOf = new Map<string, Shape>();
  for (const shape of [...shapes, ...defaults.values()]) {
    for (const { file } of shape.creatives) shapeOf.set(file, shape);
  }
  return (file) => {
    const shape = shapeOf.get(file);
    return shape !== undefined && mayShow(shape);
  };
}

/** The ad of the offer that most customers get; null: no offer has one. */
export function fallbackOf({ offers }: RunIndex, defaults: ReadonlyMap<string, Shape>): Shape | null {
  const [most] = [...defaults].toSorted(([a], [b]) => (offers.get(b) ?? 0) - (offers.get(a) ?? 0));
  return most?.[1] ?? null;
}
