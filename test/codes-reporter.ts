import type { Reporter, TestModule, Vitest } from "vitest/node";
import { ERROR_CODES } from "../src/core/index.ts";

/**
 * Fails a run of all tests, fast and slow, in which some error code was never raised: each is provoked by a test. A run of
 * some files, or one in which tests were skipped or failed, says nothing about the codes that it did not meet.
 */
export class EveryCodeRaised implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[], _: unknown, reason: string): Promise<void> {
    const vitest = this.#vitest;
    if (vitest === undefined || reason !== "passed" || !(await isWhole(vitest, modules))) return;
    const raised = new Set(modules.flatMap((module) => module.meta().raisedCodes ?? []));
    const missing = ERROR_CODES.filter((code) => !raised.has(code));
    if (missing.length === 0) return;
    vitest.logger.error(`No test provokes ${missing.join(", ")}`);
    if (!modules.some(hasSkipped)) process.exitCode = 1;
  }
}

async function isWhole(vitest: Vitest, modules: readonly TestModule[]): Promise<boolean> {
  if (vitest.config.testNamePattern !== undefined) return false;
  const files = await vitest.globTestSpecifications();
  // Without slow files it is `--mode fast`.
  return files.some(({ moduleId }) => moduleId.endsWith(".slow.test.ts")) && modules.length >= files.length;
}

function hasSkipped({ children }: TestModule): boolean {
  return !children.allTests("skipped").next().done;
}
