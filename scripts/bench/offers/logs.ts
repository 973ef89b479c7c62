import type { BenchOptions } from "./tools.ts";

export async function benchLogs(_: BenchOptions): Promise<void> {}
