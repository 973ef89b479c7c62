import { openCluster, work } from "../../src/cluster/index.ts";
import { isLookalikeError } from "../../src/core/index.ts";
import { AT } from "../../test/campaign/fixture.ts";
import { createFakeEngine } from "../../test/gallery/fake-engine.ts";

/** A worker in a process of its own, for faults. Its clock is wrong by the given hours. */
const [url = "", runId = "", name = "", hours = "0", data = ""] = process.argv.slice(2);
const cluster = await openCluster(url);
try {
  await work(cluster, {
    name,
    runId,
    data,
    engine: createFakeEngine({ onDecode: () => new Promise((resolve) => setTimeout(resolve, 5)) }),
    untilDone: true,
    pollMs: 100,
    patienceMs: 120_000,
    now: () => new Date(AT.getTime() + Number(hours) * 3_600_000),
  });
} catch (error) {
  if (!isLookalikeError(error)) throw error;
  console.error(`${name}: ${error.code}`);
  process.exitCode = 2;
} finally {
  await cluster.close();
}
