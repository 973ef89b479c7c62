import type { OpenCampaign } from "../../campaign/index.ts";
import type { RecordWriter, RunRecords } from "../../handover/index.ts";
import type { NameDecision } from "../decide/token.ts";

/** A campaign as `openCampaign` opens it; `close()` closes all of it. */
export type ServiceCampaign = Pick<
  OpenCampaign,
  "campaign" | "vault" | "consents" | "audit" | "gallery" | "engine" | "model" | "close"
>;

export interface ReloadingOptions {
  /** Opens the campaign with the present contents of its files. */
  readonly open: () => Promise<ServiceCampaign>;
  /** The campaign that is open already. */
  readonly opened: ServiceCampaign;
  /** Layout of the ads; default `panel`. */
  readonly template: string | undefined;
  /** Folder of the run, absolute. */
  readonly out: string;
  readonly nameOf: NameDecision;
  readonly records: RunRecords;
  readonly writer: RecordWriter;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
  readonly onReload: (result: "done" | "failed", error: unknown) => void;
}
