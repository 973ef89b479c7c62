import type { DatabaseResources } from "../../io/duckdb/index.ts";
import type { TableSource } from "../../tables/index.ts";
import type { OwnMakers } from "../logs/makers.ts";
import type { CallMapping, MessageMapping } from "../logs/tables.ts";
import type { KeptMonths } from "./kept.ts";

export interface NetworkOptions {
  readonly calls?: { readonly source: TableSource; readonly mapping?: CallMapping | undefined } | undefined;
  readonly messages?:
    | { readonly source: TableSource; readonly mapping?: MessageMapping | undefined }
    | undefined;
  /**
   * Everyone who consents to the purpose `network` at this moment, in canonical form. A tie exists between two of these
   * alone: events of anyone else are dropped while they are read.
   */
  readonly people: Iterable<string>;
  /** Only events from this moment on. */
  readonly from?: Date | undefined;
  /** Only events before this moment: ties as they were then. */
  readonly before?: Date | undefined;
  /** Ties count only where both have called or written; default true. */
  readonly isMutual?: boolean | undefined;
  /**
   * A folder where months that are over are kept, so that the next call reads only what is new. With a vault they are
   * sealed.
   */
  readonly kept?: KeptMonths | undefined;
  /** Names of makers in the logs and what they are called here; as in `openCustomers`. */
  readonly manufacturers?: OwnMakers | undefined;
  /** What seconds in the logs' time columns count from; default 1970-01-01. */
  readonly logStart?: Date | undefined;
  readonly resources?: DatabaseResources | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of the logs' events. Dropped ones are counted and nothing else of them is kept. */
export interface NetworkReading {
  readonly read: number;
  readonly used: number;
  readonly dropped: {
    /** One of the two does not consent. */
    readonly noConsent: number;
    /** Of people with themselves: voicemail mostly. */
    readonly self: number;
    /** With a short code or a service number. */
    readonly service: number;
    /** Before or after the window. */
    readonly outside: number;
    /** Without a sender, a recipient or a time that can be read, or years from all others. */
    readonly unreadable: number;
  };
  /** People left out for having more than `MOST_CONTACTS` contacts. */
  readonly hubs: number;
  /** People who consent. */
  readonly people: number;
}

/** A tie of two people, as one of them sees it. */
export interface Tie {
  readonly contact: string;
  /** Above 0; comparable between the ties of one person. */
  readonly strength: number;
  /** Of all strength of this person's ties, in (0, 1]. */
  readonly share: number;
  /** Days with a call or a message, halved every 30 days. */
  readonly days: number;
  readonly calls: number;
  readonly messages: number;
  readonly seconds: number;
  /** The smaller of the two directions, in calls and messages. */
  readonly leastDirection: number;
  /** Contacts that both have, of those that either has; in [0, 1]. */
  readonly overlap: number;
}
