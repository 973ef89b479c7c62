import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { AuditLog } from "../trust/index.ts";
import { runFiles } from "./run-folder.ts";

/** Output folders of `generate`: those on the command line and those in the audit log. */
export interface KnownRuns {
  readonly outs: readonly string[];
  /** Folders in the log that no longer exist there: moved or deleted. */
  readonly missing: readonly string[];
  /** Other folders with exports of these runs; the user must clear them. */
  readonly exports: readonly string[];
}

/** Lists every run that may contain a person's data, not only folders on the command line. */
export function findKnownRuns(audit: AuditLog, named: readonly string[]): KnownRuns {
  const noted = new Set<string>();
  for (const { detail } of audit.entries({ action: "run.start" })) {
    if (typeof detail.out === "string") noted.add(detail.out);
  }
  const exported = new Set<string>();
  for (const { detail } of audit.entries({ action: "export" })) {
    if (typeof detail.to === "string") exported.add(detail.to);
  }
  const given = named.map((out) => resolve(out));
  const all = [...new Set([...given, ...noted])];
  return {
    outs: all.filter((out) => given.includes(out) || existsSync(out)),
    missing: all.filter((out) => !given.includes(out) && !existsSync(out)),
    exports: [...exported].filter((to) => !all.some((out) => to === runFiles(out).exports) && existsSync(to)),
  };
}
