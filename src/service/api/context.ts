import type { RecordWriter } from "../../handover/index.ts";
import type { AuditLog, ConsentRegistry, Vault } from "../../trust/index.ts";
import type { Responder } from "../decide/responder.ts";
import type { Access } from "./access.ts";
import type { Metrics } from "./metrics.ts";
import type { ErasedAnswer, ReadyAnswer } from "./schemas.ts";

/** What routes use of the service. */
export interface ApiContext {
  readonly access: Access;
  readonly metrics: Metrics;
  /** Answers for the current campaign. @throws ERR_SERVICE_LOADING */
  responder(): Responder;
  readonly writer: RecordWriter;
  readonly consents: ConsentRegistry | null;
  readonly audit: AuditLog | null;
  /** null: files are not encrypted. */
  readonly vault: Vault | null;
  /** The run's folder, absolute. */
  readonly out: string;
  /** Erases a customer from all files. @throws ERR_CONSENTS_REQUIRED, ERR_RUN_BUSY, ERR_STORE_BUSY */
  erase(customerId: string): Promise<ErasedAnswer>;
  status(): ReadyAnswer;
  /** Whether a creative may be given out. */
  mayShowFile(file: string): boolean;
  /** A keyed hash of the caller, the route and the caller's Idempotency-Key. */
  onceKey(caller: string, route: string, key: string): string;
  readonly now: () => Date;
}
