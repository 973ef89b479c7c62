import { join } from "node:path";

/** File names of a privacy folder, for messages. */
export const REGISTRY_NAME = "consents.db";
export const AUDIT_NAME = "audit.db";

export interface PrivacyFiles {
  readonly consents: string;
  readonly audit: string;
  /** The hashed keys of the service. */
  readonly access: string;
  /** Folder with the stored months of ties. */
  readonly network: string;
}

/** Paths of the parts of a privacy folder. Only this function spells their names. */
export function privacyFiles(folder: string): PrivacyFiles {
  return {
    consents: join(folder, REGISTRY_NAME),
    audit: join(folder, AUDIT_NAME),
    access: join(folder, "access.db"),
    network: join(folder, "network"),
  };
}
