import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Seconds by file on two quiet cores; those of a second or two are not listed. They order files and fail none. */
const seconds: Readonly<Record<string, number>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "seconds.json"), "utf8"),
);

/**
 * The longest files first: what is left at the end is short, so that no core waits long for the other. A process serves
 * the files of one project, so projects are not mixed.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => secondsOf(b) - secondsOf(a));
  }
}

function secondsOf({ moduleId, project }: TestSpecification): number {
  if (project.name === "package") return Number.MAX_VALUE;
  const file = relative(import.meta.dirname, moduleId)
    .split(sep)
    .join("/");
  return seconds[file] ?? (file.endsWith(".slow.test.ts") ? 2 : 1);
}
