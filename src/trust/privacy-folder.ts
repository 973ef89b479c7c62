import { existsSync } from "node:fs";
import { LookalikeError } from "../core/index.ts";
import { makeFolder, PRIVATE } from "../io/files.ts";
import { type AuditLog, openAudit } from "./audit/log.ts";
import { requireNotMoving } from "./consents/lost.ts";
import { openConsents } from "./consents/registry.ts";
import type { ConsentRegistry } from "./consents/types.ts";
import { privacyFiles } from "./privacy-files.ts";
import type { Vault } from "./vault.ts";

/** The open consent registry and audit log of a privacy folder. */
export interface PrivacyFolder extends Disposable {
  readonly folder: string;
  readonly vault: Vault | null;
  readonly consents: ConsentRegistry;
  readonly audit: AuditLog;
  close(): void;
}

export interface PrivacyFolderOptions {
  /** Encrypts both files; null: no encryption. */
  readonly vault: Vault | null;
  /** The acting user or job, for the audit log. */
  readonly actor: string;
  /** Address of a PostgreSQL database that stores the registry; null (default): the folder stores it. */
  readonly database?: string | null | undefined;
}

/**
 * Opens the registry and the log of a folder and creates them if they are missing.
 *
 * @throws ERR_CONSENTS_REQUIRED the registry was lost, and the errors of `openConsents` and `openAudit`
 */
export async function openPrivacyFolder(
  folder: string,
  { vault, actor, database = null }: PrivacyFolderOptions,
): Promise<PrivacyFolder> {
  const paths = privacyFiles(folder);
  const consents = await openRegistry(folder, { vault, database });
  if (database !== null) await makeFolder(folder, PRIVATE);
  const open = (): AuditLog => {
    try {
      return openAudit(paths.audit, { vault, actor });
    } catch (error) {
      consents.close();
      throw error;
    }
  };
  const audit = open();
  const close = () => {
    audit.close();
    consents.close();
  };
  return { folder, vault, consents, audit, close, [Symbol.dispose]: close };
}

/**
 * Opens only the registry, of a folder or in PostgreSQL.
 *
 * @throws ERR_CONSENTS_REQUIRED the registry was lost, or there are two; and the errors of `openConsents`
 */
export async function openRegistry(
  folder: string,
  { vault, database = null }: Omit<PrivacyFolderOptions, "actor">,
): Promise<ConsentRegistry> {
  const { consents } = privacyFiles(folder);
  requireNotMoving(consents);
  if (database !== null && existsSync(consents)) throw twoRegistries(consents);
  return openConsents(database ?? consents, { vault });
}

function twoRegistries(path: string): LookalikeError {
  return new LookalikeError(
    "ERR_CONSENTS_REQUIRED",
    `Expected one consent registry but found ${path} beside the one in PostgreSQL`,
    { hint: "Move it with `lookalike consent move`. It needs a database that has no registry yet." },
  );
}

/** Whether a folder has a consent registry. */
export function hasRegistry(folder: string): boolean {
  return existsSync(privacyFiles(folder).consents);
}

/** Whether a folder has an audit log. */
export function hasAuditLog(folder: string): boolean {
  return existsSync(privacyFiles(folder).audit);
}
