import { join } from "node:path";

/** Names of the files of a privacy folder, for messages. */
export const REGISTRY_NAME = "consents.db";
export const AUDIT_NAME = "audit.db";

/** Where the parts of a privacy folder are: the one place that spells their names. */
export function privacyFiles(folder: string): { readonly consents: string; readonly audit: string } {
  return { consents: join(folder, REGISTRY_NAME), audit: join(folder, AUDIT_NAME) };
}
