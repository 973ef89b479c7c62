/** A function to minimise: returns its value at `x` and writes its gradient. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** Default 300. */
  readonly maxIterations?: number | undefined;
  /** Stops when an iteration lowers the value by less than this share of it; default 1e-7. */
  readonly tolerance?: number | undefined;
}

const MEMORY = 10;

/**
 * L-BFGS: a quasi-Newton method that stores the last ten steps instead of a matrix of second derivatives,
 * with a backtracking line search (Armijo). For smooth convex functions.
 *
 * Source: Liu and Nocedal 1989, "On the limited memory BFGS method for large scale optimization"; two-loop
 * recursion as in Nocedal and Wright 2006, algorithm 7.4.
 *
 * @param start not changed
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { maxIterations = 300, tolerance = 1e-7 }: MinimiseOptions = {},
): Float64Array {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  const steps: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const direction = twoLoops(gradient, steps);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      steps.length = 0;
      for (let i = 0; i < x.length; i++) direction[i] = -(gradient[i] as number);
      slope = -dot(gradient, gradient);
      if (slope === 0) return x;
    }
    // Without curvature information, the first step has at most length one.
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    let next = x;
    let nextGradient = gradient;
    let nextValue = value;
    for (let halving = 0; halving < 40; halving++, length /= 2) {
      const trial = Float64Array.from(x, (xi, i) => xi + length * (direction[i] as number));
      const trialGradient = new Float64Array(x.length);
      const trialValue = objective(trial, trialGradient);
      if (trialValue > value + 1e-4 * length * slope) continue;
      next = trial;
      nextGradient = trialGradient;
      nextValue = trialValue;
      break;
    }
    if (next === x) return x;
    remember(steps, { x, gradient }, { x: next, gradient: nextGradient });
    const gained = value - nextValue;
    x = next;
    gradient = nextGradient;
    value = nextValue;
    if (gained <= tolerance * Math.max(1, Math.abs(value))) return x;
  }
  return x;
}

interface Point {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
}

function remember(
  steps: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
  from: Point,
  to: Point,
): void {
  const s = to.x.map((value, i) => value - (from.x[i] as number));
  const y = to.gradient.map((value, i) => value - (from.gradient[i] as number));
  const curvature = dot(s, y);
  if (curvature <= 1e-12 * dot(y, y)) return;
  steps.push({ s, y, rho: 1 / curvature });
  if (steps.length > MEMORY) steps.shift();
}

function twoLoops(
  gradient: Float64Array,
  steps: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (const { s, y, rho } of steps.toReversed()) {
    const alpha = rho * dot(s, q);
    alphas.unshift(alpha);
    addScaled(q, y, -alpha);
  }
  const last = steps.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) * scale;
  }
  for (const [i, { s, y, rho }] of steps.entries()) {
    addScaled(q, s, (alphas[i] as number) - rho * dot(y, q));
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addScaled(to: Float64Array, from: Float64Array, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + scale * (from[i] as number);
}
