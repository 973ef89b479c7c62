import { randomUUID } from "node:crypto";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import {
  type AuditLog,
  type AuditSink,
  createAuditJournal,
  readAuditJournal,
  type Vault,
} from "../../trust/index.ts";
import type { Journals } from "../ledger/journals.ts";
import type { ShardInput } from "./input.ts";

/**
 * A worker's audit entries, in a journal that only this worker writes: the audit log is a SQLite file, which is
 * not safe in a folder that several machines share. `merge` appends the journals to the log, including those
 * of discarded attempts.
 */
export interface WorkerJournal extends AuditSink {
  /** Sets the customers that the next entries may be about. */
  about(inputs: readonly ShardInput[]): void;
  close(): void;
}

export interface JournalPlaces {
  readonly files: SharedFiles;
  readonly journals: Journals;
}

export interface WorkerJournalOptions {
  readonly runId: string;
  readonly vault: Vault | null;
  readonly actor: string;
  readonly now: () => Date;
}

/**
 * A file of the shared files, which is created with the first entry, or rows of the database if the store has no files
 * that can be appended to.
 *
 * @throws ERR_POSTGRES_UNREACHABLE
 */
export async function openWorkerJournal(
  { files, journals }: JournalPlaces,
  { runId, ...options }: WorkerJournalOptions,
): Promise<WorkerJournal> {
  const name = `${folderOf(runId)}/${randomUUID()}.jsonl`;
  const { appendTo } = files;
  let file = appendTo === null ? await journals.open(runId, name) : null;
  let subjects = new Map<string, string>();
  const journal = createAuditJournal({
    ...options,
    name,
    subjectOf: (customerId) => subjects.get(customerId) ?? null,
    write: (line) => {
      file ??= appendTo?.(name) ?? null;
      file?.append(line);
    },
  });
  return {
    append: journal.append,
    about(inputs) {
      const pairs = inputs.flatMap(({ ids, subjects: own }) =>
        ids.flatMap((id, row): [string, string][] => {
          const subject = own[row] ?? null;
          return subject === null ? [] : [[id, subject]];
        }),
      );
      subjects = new Map(pairs);
    },
    close: () => file?.close(),
  };
}

/** Appends the workers' entries of a run to the audit log. A run that is merged again adds nothing. */
export async function absorbJournals(
  { files, journals }: JournalPlaces,
  { runId, vault, audit }: { readonly runId: string; readonly vault: Vault | null; readonly audit: AuditLog },
): Promise<number> {
  let count = 0;
  const names = await files.list(folderOf(runId));
  for (const name of names.filter((each) => JOURNAL.test(each))) {
    const text = (await files.read(name)).toString("utf8");
    count += audit.absorb(name, readAuditJournal(text, { name, vault }));
  }
  for (const [name, text] of await journals.read(runId)) {
    count += audit.absorb(name, readAuditJournal(text, { name, vault }));
  }
  return count;
}

/** Other files, such as those that network file systems and file managers leave, are no journals. */
const JOURNAL = /\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.jsonl$/;

function folderOf(runId: string): string {
  return `${runId}/audit`;
}
