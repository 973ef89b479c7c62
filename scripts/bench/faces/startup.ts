import { runModule, SAMPLE } from "./child.ts";

/** (d) From the start of a process to the faces of its first photo: the median of five, the first one left out. */
export async function measureStartUp(): Promise<readonly Record<string, string>[]> {
  const rows = [];
  for (const [what, module] of [
    ["lookalike", "start-ours.mjs"],
    ["face-api on WASM", "start-peer.mjs"],
  ] as const) {
    const times: number[] = [];
    for (let round = 0; round < 6; round++) {
      const { output, ms } = await runModule(module, [SAMPLE]);
      if (!(Number(output) >= 1)) throw new Error(`${what} found no face`);
      if (round > 0) times.push(ms);
    }
    rows.push({ what, "first face, ms": (times.toSorted((a, b) => a - b)[2] ?? 0).toFixed(0) });
  }
  return rows;
}
