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
   * All people who consent to the purpose `network` at this moment, ids in canonical form. Ties exist only
   * between them: events with anyone else are dropped while they are read.
   */
  readonly people: Iterable<string>;
  /** Only events from this moment on. */
  readonly from?: Date | undefined;
  /** Only events before this moment: ties as they were then. */
  readonly before?: Date | undefined;
  /** Only ties with events in both directions count; default true. */
  readonly isMutual?: boolean | undefined;
  /**
   * A folder where months that are over are kept, so that the next call reads only new ones. With a vault
   * they are encrypted.
   */
  readonly kept?: KeptMonths | undefined;
  /** Maps names of makers in the logs to the names used here; as in `openCustomers`. */
  readonly manufacturers?: OwnMakers | undefined;
  /** The zero point of numeric times in the logs; default 1970-01-01. */
  readonly logStart?: Date | undefined;
  readonly resources?: DatabaseResources | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Counts of the logs' events. Of dropped events nothing else is kept. */
export interface NetworkReading {
  readonly read: number;
  readonly used: number;
  readonly dropped: {
    /** One of the two people does not consent. */
    readonly noConsent: number;
    /** Calls of a person to their own number, mostly voicemail. */
    readonly self: number;
    /** With a short code or a service number. */
    readonly service: number;
    /** Before or after the window. */
    readonly outside: number;
    /** Without a sender, a recipient or a readable time, or years away from all others. */
    readonly unreadable: number;
  };
  /** People left out because they have more than `MOST_CONTACTS` contacts. */
  readonly hubs: number;
  /** People who consent. */
  readonly people: number;
}

/** A tie of two people, seen from one of them. */
export interface Tie {
  readonly contact: string;
  /** Above 0; comparable between the ties of one person. */
  readonly strength: number;
  /** Share of this person's total strength, in (0, 1]. */
  readonly share: number;
  /** Days with a call or a message; their weight halves every 30 days. */
  readonly days: number;
  readonly calls: number;
  readonly messages: number;
  readonly seconds: number;
  /** The smaller of the two directions, in calls and messages. */
  readonly leastDirection: number;
  /** Contacts that both have, divided by those that either has; in [0, 1]. */
  readonly overlap: number;
}
