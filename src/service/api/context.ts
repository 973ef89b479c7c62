import type { RecordWriter } from "../../handover/index.ts";
import type { AuditLog, ConsentRegistry, Vault } from "../../trust/index.ts";
import type { Desk } from "../decide/desk.ts";
import type { Access } from "./access.ts";
import type { Metrics } from "./metrics.ts";
import type { ErasedAnswer, ReadyAnswer } from "./schemas.ts";

/** What the routes need of the service. */
export interface ApiContext {
  readonly access: Access;
  readonly metrics: Metrics;
  /** The present campaign. @throws ERR_SERVICE_LOADING */
  desk(): Desk;
  readonly writer: RecordWriter;
  readonly consents: ConsentRegistry | null;
  readonly audit: AuditLog | null;
  /** null: files are in clear. */
  readonly vault: Vault | null;
  /** The run's folder, absolute. */
  readonly out: string;
  /** Forgets a customer everywhere. @throws ERR_RUN_BUSY, ERR_STORE_BUSY */
  erase(customerId: string): Promise<ErasedAnswer>;
  status(): ReadyAnswer;
  /** Whether a creative may be given out. */
  mayShowFile(file: string): boolean;
  /** A keyed hash of who sends, where, and the key that the sender chose. */
  onceKey(caller: string, route: string, key: string): string;
  readonly now: () => Date;
}
