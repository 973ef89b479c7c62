import type { GuessedCustomers } from "../../customers/index.ts";
import type { FoundPhotos } from "./find-photos.ts";

/** The user's answers about a new campaign; everything else is detected or left open. */
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
  /** Names of the products; default: the arms of the experiment log. */
  readonly products?: readonly string[] | undefined;
  /** Landing page of the offers. */
  readonly url?: string | undefined;
  /** How a date of consent in the customers' file counts; default `by_law`. */
  readonly crmConsent?: "accept" | "by_law" | "ignore" | undefined;
  /** Columns given by the user, instead of guesses. */
  readonly columns?: GuessedCustomers["mapping"] | undefined;
}

/** A log, and its columns with other names than the roles. */
export interface DraftTable {
  readonly path: string;
  readonly columns: Readonly<Record<string, string>>;
}

export interface DraftOffer {
  readonly id: string;
  readonly product: string;
  /** The product's arm in the experiment log, if that is not a valid id. */
  readonly arm: string | null;
}

/** The values that the text of a campaign file is made of. */
export interface DraftParts {
  readonly answers: DraftAnswers;
  readonly customers: GuessedCustomers;
  readonly photos: FoundPhotos;
  readonly calls: DraftTable | null;
  readonly usage: DraftTable | null;
  readonly experiment: (DraftTable & { readonly control: string | null }) | null;
  readonly offers: readonly DraftOffer[];
}

/** A campaign file that is not written yet. */
export interface CampaignDraft {
  readonly text: string;
  readonly parts: DraftParts;
  /** Parts that only the user can fill in, as sentences. */
  readonly todo: readonly string[];
}
