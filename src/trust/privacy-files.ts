import { join } from "node:path";

/** Names of the files of a privacy folder, for messages. */
export const REGISTRY_NAME = "consents.db";
export const AUDIT_NAME = "audit.db";

export interface PrivacyFiles {
  readonly consents: string;
  readonly audit: string;
  /** Keys of the service, hashed. */
  readonly access: string;
  /** Folder of the months of ties that are kept. */
  readonly network: string;
}

/** Where the parts of a privacy folder are: the one place that spells their names. */
export function privacyFiles(folder: string): PrivacyFiles {
  return {
    consents: join(folder, REGISTRY_NAME),
    audit: join(folder, AUDIT_NAME),
    access: join(folder, "access.db"),
    network: join(folder, "network"),
  };
}
