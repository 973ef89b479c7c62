import type { Vault } from "../vault.ts";
import type { AuditSink, JournalEntry } from "./types.ts";

export interface JournalOptions {
  /** Name of the journal; an encrypted line can be opened only with this name. */
  readonly name: string;
  readonly vault: Vault | null;
  readonly actor: string;
  readonly now: () => Date;
  /** The pseudonym of a customer. */
  readonly subjectOf: (customerId: string) => string | null;
  /** Appends text to a file that no other process writes. */
  readonly write: (line: string) => void;
}

/**
 * A journal of one process in JSON Lines, for processes that cannot share the file of the audit log. It
 * contains people only as the log's pseudonyms. `AuditLog.absorb` appends its entries to the chain.
 */
export function createAuditJournal(options: JournalOptions): AuditSink {
  const { name, vault, actor, now, subjectOf, write } = options;
  let lines = 0;
  return {
    append(action, { customerId, detail = {} } = {}) {
      const subject = customerId === undefined ? null : subjectOf(customerId);
      const entry: JournalEntry = { at: now().toISOString(), actor, action, subject, detail };
      const text = JSON.stringify(entry);
      write(`${vault?.sealText(text, placeOf(name, lines)) ?? text}\n`);
      lines++;
    },
  };
}

/**
 * The entries of a journal. A last line without a line end is ignored: its process was killed before it
 * acted.
 *
 * @throws ERR_KEY_WRONG a line was changed or is encrypted with another key
 */
export function readAuditJournal(
  text: string,
  { name, vault }: Pick<JournalOptions, "name" | "vault">,
): JournalEntry[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line, index) => JSON.parse(vault?.openText(line, placeOf(name, index)) ?? line) as JournalEntry);
}

function placeOf(name: string, line: number): string {
  return `audit journal ${name} line ${line}`;
}
