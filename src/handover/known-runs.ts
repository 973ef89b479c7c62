import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { AuditLog } from "../trust/index.ts";
import { runFiles } from "./run-folder.ts";

/** Output folders of `generate`: those that are named, and those that the audit log knows of. */
export interface KnownRuns {
  readonly outs: readonly string[];
  /** Noted in the log but no longer where they were: moved, or deleted. */
  readonly missing: readonly string[];
  /** Folders elsewhere that runs were exported to: what stands there is not ours to clear. */
  readonly exports: readonly string[];
}

/** So that what concerns a person is found in every run, and not only in those that somebody thought of. */
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
