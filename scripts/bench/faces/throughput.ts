import { type IndexedParts, runIndex, runPeer } from "./child.ts";

export interface ThroughputRow {
  readonly what: string;
  readonly "photos/s": string;
  readonly "times one process": string;
  readonly "times one per core": string;
}

type Peer = Awaited<ReturnType<typeof runPeer>>;

/**
 * (a) Photos a second: our index command's work against the peer's, in one process and in one per core. Machines are
 * shared and their speed drifts, so every variant runs in each of several rounds, and what counts is the median of the
 * ratios within a round.
 */
export async function measureThroughput(
  photos: readonly string[],
  cores: number,
  rounds: number,
): Promise<{ readonly rows: readonly ThroughputRow[]; readonly peer: Peer }> {
  const ours = (jobs: number, parts: IndexedParts) => async () => {
    const { seconds, indexed } = await runIndex(photos, jobs, parts);
    if (indexed !== photos.length) throw new Error(`${indexed} of ${photos.length} photos were indexed`);
    return seconds;
  };
  let peer: Peer | undefined;
  const theirs = (processes: number, attributes: boolean) => async () => {
    const run = await runPeer(photos, { processes, attributes });
    peer ??= run;
    return run.seconds;
  };
  const one = "face-api on WASM, one process";
  const perCore = `face-api on WASM, ${cores} processes`;
  const variants: readonly (readonly [what: string, run: () => Promise<number>])[] = [
    [one, theirs(1, false)],
    [perCore, theirs(cores, false)],
    [`${one}, with age, gender and expressions`, theirs(1, true)],
    ["lookalike index --jobs 1", ours(1, {})],
    [`lookalike index --jobs ${cores}`, ours(cores, {})],
    [`lookalike index --jobs ${cores} --no-attributes`, ours(cores, { attributes: false })],
    [`lookalike index --jobs ${cores} --no-look`, ours(cores, { look: false })],
  ];
  const times = new Map(variants.map(([what]) => [what, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [what, run] of variants) times.get(what)?.push(await run());
  }
  const against = (what: string, own: readonly number[]) => {
    const other = times.get(what) ?? [];
    return median(own.map((seconds, round) => (other[round] ?? Number.NaN) / seconds)).toFixed(1);
  };
  const rows = [...times].map(([what, own]) => ({
    what,
    "photos/s": (photos.length / median(own)).toFixed(1),
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
