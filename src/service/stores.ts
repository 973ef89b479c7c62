import { type LookalikeError, wrongUse } from "../core/index.ts";
import {
  openRecords,
  type RecordWriter,
  type RunRecords,
  readManifest,
  startWriter,
} from "../handover/index.ts";
import { type AccessKeys, openAccessKeys, privacyFiles } from "../trust/index.ts";
import type { ServiceCampaign } from "./load/options.ts";

/** What is open for as long as the service runs. */
export interface Stores {
  /**
   * The campaign as it was at the start. Withdrawals, erasures and the review pages use it: it has connections of its
   * own, which a reload of the campaign does not close.
   */
  readonly lasting: ServiceCampaign;
  readonly keys: AccessKeys;
  /** Whether callers need a key even if there is none. */
  readonly needsKeys: boolean;
  readonly records: RunRecords;
  readonly writer: RecordWriter;
  close(): Promise<void>;
}

export interface StoresOptions {
  readonly open: () => Promise<ServiceCampaign>;
  readonly out: string;
  readonly host: string;
  readonly requireKeys: boolean;
}

/**
 * @throws ERR_RUN_UNREADABLE `out` contains no finished run; ERR_OPTION_INVALID keys are required and there are none; and
 * what opening the campaign throws
 */
export async function openStores({ open, out, host, requireKeys }: StoresOptions): Promise<Stores> {
  await readManifest(out);
  const lasting = await open();
  const { campaign, vault, consents } = lasting;
  let keys: AccessKeys | null = null;
  try {
    const { access } = privacyFiles(campaign.privacy.folder);
    keys = openAccessKeys(access, { vault });
    const needsKeys = requireKeys || !isLoopback(host);
    if (needsKeys && keys.isEmpty()) throw noKeys(host);
    const records = openRecords(out, { vault });
    const databaseKey = vault?.databaseKey ?? null;
    const writer = startWriter({ out, consents: consents?.path ?? null, databaseKey });
    return {
      ...{ lasting, keys, needsKeys, records, writer },
      async close() {
        await lasting.close();
        await writer.close();
        records.close();
        keys?.close();
      },
    };
  } catch (error) {
    keys?.close();
    await lasting.close();
    throw error;
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

function noKeys(host: string): LookalikeError {
  return wrongUse(
    `at least one key to serve on ${host}`,
    "none",
    "Create one first: lookalike token create --campaign campaign.yaml --scope decide",
  );
}
