import { LookalikeError } from "../core/index.ts";
import type { Vault } from "../trust/index.ts";

/**
 * Rejects a machine without the key of the plan: the shared files could not be read, or would be written in clear.
 *
 * @param keyId of the plan; null: it had no key
 * @throws ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export function requireKey(keyId: string | null, vault: Vault | null): void {
  if ((vault?.keyId ?? null) === keyId) return;
  const code = vault === null ? "ERR_KEY_REQUIRED" : "ERR_KEY_WRONG";
  throw new LookalikeError(code, "Expected the key that the run was planned with", {
    hint: "Pass --key-file, or set LOOKALIKE_KEY_FILE or LOOKALIKE_KEY, as for `cluster plan`.",
  });
}
