import type { GuessedCustomers } from "../../customers/index.ts";
import type { FoundPhotos } from "./find-photos.ts";

/** What a user says about a new campaign; everything else is found or left open. */
export interface DraftAnswers {
  /** Path of the new campaign file, absolute. */
  readonly path: string;
  /** The customers' file, absolute. */
  readonly customers: string;
  readonly name?: string | undefined;
  readonly brand?: string | undefined;
  readonly currency?: string | undefined;
  /** Folder of the photos; default: the folder below the campaign's with the most. */
  readonly photos?: string | undefined;
  readonly defaultPhoto?: string | undefined;
  readonly calls?: string | undefined;
  readonly usage?: string | undefined;
  readonly experiment?: string | undefined;
  /** What is offered; default: the arms of the experiment log. */
  readonly products?: readonly string[] | undefined;
  /** Address that offers lead to. */
  readonly url?: string | undefined;
  /** What a date of consent in the customers' file is worth; default `by_law`. */
  readonly crmConsent?: "accept" | "by_law" | "ignore" | undefined;
  /** Columns that the user names, in place of guesses. */
  readonly columns?: GuessedCustomers["mapping"] | undefined;
}

/** A log, and its columns that have other names than ours. */
export interface DraftTable {
  readonly path: string;
  readonly columns: Readonly<Record<string, string>>;
}

export interface DraftOffer {
  readonly id: string;
  readonly product: string;
  /** What the experiment log calls it, where that is no id. */
  readonly arm: string | null;
}

/** Everything that the text of a campaign file is made of. */
export interface DraftParts {
  readonly answers: DraftAnswers;
  readonly customers: GuessedCustomers;
  readonly photos: FoundPhotos;
  readonly calls: DraftTable | null;
  readonly usage: DraftTable | null;
  readonly experiment: (DraftTable & { readonly control: string | null }) | null;
  readonly offers: readonly DraftOffer[];
}

/** A campaign file that was not written yet. */
export interface CampaignDraft {
  readonly text: string;
  readonly parts: DraftParts;
  /** What only the user can fill in, as sentences. */
  readonly todo: readonly string[];
}
