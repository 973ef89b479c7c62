import { existsSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { type RunManifest, readManifest, runFiles, type StoppedCustomers } from "../../handover/index.ts";
import { isPostgresUrl } from "../../io/postgres/index.ts";
import {
  type ConsentRegistry,
  openConsents,
  privacyFiles,
  REGISTRY_NAME,
  requireNotLost,
  type Vault,
} from "../../trust/index.ts";

/** The consents that an export checks again. */
export interface RunConsents {
  readonly registry: ConsentRegistry;
  readonly stopped: StoppedCustomers;
  close(): void;
}

/**
 * The registry from the command line, otherwise the run's; null: the campaign has none yet.
 *
 * @throws ERR_CONSENTS_REQUIRED, ERR_RUN_UNREADABLE, and the errors of `openConsents`
 */
export async function openRunConsents(
  flags: { readonly out: string; readonly privacy?: string | undefined },
  vault: Vault | null,
): Promise<RunConsents | null> {
  const { consents } = await readManifest(flags.out);
  const file =
    flags.privacy === undefined
      ? placeOf(flags.out, consents)
      : privacyFiles(resolve(flags.privacy)).consents;
  if (file === undefined) {
    throw new LookalikeError(
      "ERR_CONSENTS_REQUIRED",
      `Expected the path of the consent registry in ${runFiles(flags.out).manifest} but found none`,
      { hint: `Generate again, or pass the folder of ${REGISTRY_NAME} with --privacy.` },
    );
  }
  const isThere = isPostgresUrl(file) || existsSync(file);
  if (flags.privacy === undefined && !isThere && (await isNoneYet(file, consents?.id, vault))) return null;
  // Opening would create an empty one without withdrawals.
  if (!isThere) {
    throw new LookalikeError(
      "ERR_CONSENTS_REQUIRED",
      `Expected the consent registry at ${file} but found none`,
      {
        hint: `Pass the folder of ${REGISTRY_NAME} with --privacy.`,
      },
    );
  }
  const registry = await openConsents(file, { vault });
  const copy =
    flags.privacy === undefined ? await openCopy(copyPlace(flags.out, consents), registry, vault) : null;
  const close = () => {
    copy?.close();
    registry.close();
  };
  if (consents?.id != null && consents.id !== registry.id) {
    close();
    throw new LookalikeError(
      "ERR_CONSENTS_REQUIRED",
      `Expected the consent registry that the run used but received another at ${file}`,
      {
        hint: "Restore it from a backup: another registry does not contain its withdrawals. To use another registry on purpose, generate again into another folder.",
      },
    );
  }
  const crmConsent = consents?.crmConsent;
  const stopped: StoppedCustomers = (ids, uses) => {
    const options = { at: new Date(), crmConsent, uses };
    const own = registry.stopped(ids, options);
    return copy === null ? own : new Map([...copy.stopped(ids, options), ...own]);
  };
  return { registry, stopped, close };
}

/** The registry's path; of a campaign folder that was moved, the present one. */
function placeOf(out: string, consents: RunManifest["consents"]): string | undefined {
  const moved = copyPlace(out, consents);
  if (moved === null || consents == null || existsSync(consents.file)) return consents?.file;
  return existsSync(moved) ? moved : consents.file;
}

/** Where the registry is if the campaign's folder was moved or copied together with the run; null: unknown. */
function copyPlace(out: string, consents: RunManifest["consents"]): string | null {
  return consents?.fromRun === undefined ? null : resolve(out, consents.fromRun);
}

/**
 * The registry of a campaign folder that was copied: withdrawals in either of the two count. null: the folder was not
 * copied.
 */
async function openCopy(
  file: string | null,
  { path, id }: ConsentRegistry,
  vault: Vault | null,
): Promise<ConsentRegistry | null> {
  if (file === null || !existsSync(file)) return null;
  if (isPostgresUrl(path) || realpathSync(file) === realpathSync(path)) return null;
  const copy = await openConsents(file, { vault });
  if (copy.id === id) return copy;
  copy.close();
  return null;
}

/** Whether the campaign's folder exists, and had no registry before the run or since. */
async function isNoneYet(file: string, id: string | null | undefined, vault: Vault | null): Promise<boolean> {
  if (id !== null || !existsSync(dirname(dirname(file)))) return false;
  requireNotLost(file, vault);
  return true;
}
