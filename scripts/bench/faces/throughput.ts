import { runIndex, runPeer } from "./child.ts";

export interface ThroughputRow {
  readonly what: string;
  readonly "photos/s": string;
  readonly "times the peer": string;
}

/** (a) Photos a second: our index command's work against the peer's descriptors, one process and one per core. */
export async function measureThroughput(
  photos: readonly string[],
  cores: number,
): Promise<{ readonly rows: readonly ThroughputRow[]; readonly peer: Awaited<ReturnType<typeof runPeer>> }> {
  const one = await runPeer(photos, { processes: 1 });
  const perCore = await runPeer(photos, { processes: cores });
  const ours = [];
  for (const jobs of [1, cores]) {
    const { seconds, indexed } = await runIndex(photos, jobs);
    if (indexed !== photos.length) throw new Error(`${indexed} of ${photos.length} photos were indexed`);
    ours.push({ what: `lookalike index, --jobs ${jobs}`, seconds });
  }
  const rows = [
    { what: "face-api on WASM, one process", seconds: one.seconds },
    { what: `face-api on WASM, ${cores} processes`, seconds: perCore.seconds },
    ...ours,
  ].map(({ what, seconds }) => ({
    what,
    "photos/s": (photos.length / seconds).toFixed(2),
    "times the peer": `${(one.seconds / seconds).toFixed(1)} (per core: ${(perCore.seconds / seconds).toFixed(1)})`,
  }));
  return { rows, peer: one };
}
