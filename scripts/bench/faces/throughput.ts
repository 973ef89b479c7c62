import { type IndexedParts, runIndex, runPeer } from "./child.ts";

export interface ThroughputRow {
  readonly what: string;
  readonly "photos/s": string;
  /** Milliseconds of processor time per photo, all threads and processes together. */
  readonly "processor, ms": string;
  readonly "times one process": string;
  readonly "times one per core": string;
}

/** Elapsed time and processor time of one variant in one round, seconds. */
interface Timing {
  readonly seconds: number;
  readonly processor: number;
}

type Peer = Awaited<ReturnType<typeof runPeer>>;

/**
 * (a) Photos a second and processor time per photo: our index command's work against the peer's, in one process and in one per
 * core. Machines are shared and their speed drifts, so every variant runs in each of several rounds, and the ratios are medians
 * of the ratios within a round.
 *
 * @param onProgress called with one line after each run
 */
export async function measureThroughput(
  photos: readonly string[],
  cores: number,
  { rounds, onProgress }: { readonly rounds: number; readonly onProgress: (line: string) => void },
): Promise<{ readonly rows: readonly ThroughputRow[]; readonly peer: Peer }> {
  const ours = (jobs: number, parts: IndexedParts) => async () => {
    const run = await runIndex(photos, jobs, parts);
    if (run.indexed !== photos.length)
      throw new Error(`${run.indexed} of ${photos.length} photos were indexed`);
    return run;
  };
  let peer: Peer | undefined;
  const theirs = (processes: number, attributes: boolean) => async () => {
    const run = await runPeer(photos, { processes, attributes });
    peer ??= run;
    return run;
  };
  const one = "face-api on WASM, one process";
  const perCore = `face-api on WASM, ${cores} processes`;
  const variants: readonly (readonly [what: string, run: () => Promise<Timing>])[] = [
    [one, theirs(1, false)],
    [perCore, theirs(cores, false)],
    [`${one}, with age, gender and expressions`, theirs(1, true)],
    ["lookalike index --jobs 1", ours(1, {})],
    [`lookalike index --jobs ${cores}`, ours(cores, {})],
    [`lookalike index --jobs ${cores} --no-look`, ours(cores, { look: false })],
    [
      `lookalike index --jobs ${cores} --no-look --no-attributes`,
      ours(cores, { look: false, attributes: false }),
    ],
  ];
  const times = new Map(variants.map(([what]) => [what, [] as Timing[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [what, run] of variants) {
      const { seconds, processor } = await run();
      times.get(what)?.push({ seconds, processor });
      onProgress(`round ${round + 1} of ${rounds}: ${what}, ${seconds.toFixed(1)} s`);
    }
  }
  const against = (what: string, own: readonly Timing[]) => {
    const other = times.get(what) ?? [];
    return median(own.map(({ seconds }, round) => (other[round]?.seconds ?? Number.NaN) / seconds)).toFixed(
      1,
    );
  };
  const rows = [...times].map(([what, own]) => ({
    what,
    "photos/s": (photos.length / median(own.map(({ seconds }) => seconds))).toFixed(1),
    "processor, ms": ((1000 * median(own.map(({ processor }) => processor))) / photos.length).toFixed(0),
    "times one process": against(one, own),
    "times one per core": against(perCore, own),
  }));
  return { rows, peer: peer as Peer };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}
