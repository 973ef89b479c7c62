import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { EveryCodeRaised } from "./test/codes-reporter.ts";
import { testInsertions } from "./test/insertions.ts";
import { LongestFirst } from "./test/sequencer.ts";

/** What every project needs: worker threads started by the code under test load TypeScript through the same hook. */
const shared = { execArgv: ["--import", "tsx"], pool: "forks" as const, setupFiles: ["test/setup.ts"] };
/**
 * One process for many files: imports, engines and compiled code are shared. A test restores what it changes. Memory of
 * the native libraries comes from two arenas: one a thread grew to gigabytes over many files.
 */
const TOGETHER = { isolate: false, env: { MALLOC_ARENA_MAX: "2" } };
const SLOW = "test/**/*.slow.test.ts";
const PACKAGE = "test/package/**/*.test.ts";

// Which test belongs where: CONTRIBUTING.md, "Tests". `--mode fast` leaves out the slow files.
export default defineConfig(({ mode }) => ({
  test: {
    // More processes than cores: each waits half of its time for threads and processes that its tests started.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    sequence: { sequencer: LongestFirst },
    reporters: ["default", new EveryCodeRaised()],
    coverage: { provider: "v8", include: ["src/**/*.ts"], reporter: ["text-summary", "html"] },
    projects: [
      {
        plugins: [testInsertions()],
        // Generous limits: they end a test that hangs, and a busy machine must not fail one that works.
        test: {
          ...shared,
          ...TOGETHER,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: mode === "fast" ? [PACKAGE, SLOW] : [PACKAGE],
          globalSetup: ["test/scratch-disk.ts", ...(mode === "fast" ? [] : ["test/cluster/template.ts"])],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: { ...shared, name: "package", include: [PACKAGE], testTimeout: 900_000, hookTimeout: 900_000 },
      },
    ],
  },
}));
