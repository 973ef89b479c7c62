import type { AdWarning, Brand, Channel, CopyExtras } from "../ads/index.ts";
import type { ExperimentDesign } from "../experiments/index.ts";
import type { WeightChanges } from "../faces/index.ts";
import type { AppearanceFilter } from "../gallery/index.ts";
import type { ApprovalPolicy } from "../handover/index.ts";
import type { Algorithm, OfferPolicy } from "../learning/index.ts";
import type { OfferTerms } from "../offers/index.ts";
import type { RowReport } from "../tables/index.ts";
import type { CrmConsent } from "../trust/index.ts";
import type { CampaignInputs } from "./types-inputs.ts";

/** A checked `campaign.yaml`: every path absolute, every default filled in, nothing left to doubt. */
export interface Campaign {
  /** Absolute path of the file and of its folder. */
  readonly path: string;
  readonly folder: string;
  /** SHA-256 of the file's text. */
  readonly hash: string;
  readonly name: string;
  /** Code of the units that margins and costs are given in, for people; no effect on the choice. */
  readonly currency: string;
  /** ISO 639-1 code of the texts' language; null: words break only at soft hyphens. */
  readonly language: string | null;
  /** How ads are laid out: for all channels, and for single ones by their id. */
  readonly templates: { readonly all: string | null; readonly byChannel: Readonly<Record<string, string>> };
  readonly brand: Brand;
  readonly inputs: CampaignInputs;
  readonly offers: readonly CampaignOffer[];
  readonly channels: readonly Channel[];
  readonly photos: CampaignPhotos;
  readonly policy: CampaignPolicy;
  readonly privacy: CampaignPrivacy;
  /** What is randomised so that the campaign can be measured. */
  readonly experiment: CampaignExperiment;
}

/** The design, and where behaviour from before the campaign is found. */
export interface CampaignExperiment extends ExperimentDesign {
  /** A column of the customers' file, or of a file of its own; null: none. */
  readonly pre: { readonly column: string; readonly path: string | null } | null;
  /** How the shares of the arms are learned from `inputs.results`; null: they stay as they are. */
  readonly learn: { readonly algorithm: Algorithm; readonly uniform: number } | null;
}

/** The rules for personal data. */
export interface CampaignPrivacy {
  /** The file has such a section; where not, the registry counts all the same once it is there. */
  readonly isDeclared: boolean;
  /** The folder with `consents.db` and `audit.db`; absolute. */
  readonly folder: string;
  /** Address of the PostgreSQL that keeps the registry in place of `consents.db`; null: the folder does. */
  readonly database: string | null;
  readonly crmConsent: CrmConsent;
  /** Law for customers without a known one; null: the record's own, otherwise the strictest. */
  readonly jurisdiction: string | null;
  readonly jurisdictionColumn: string | null;
  /** Younger customers' faces are never computed; at least 18. */
  readonly minimumAge: number;
  /** null: `age`, where there is such a column. */
  readonly ageColumn: string | null;
  /** SQL predicate over the customer's columns: the faces of these customers are never computed. */
  readonly exclude: string | null;
  readonly retention: RetentionDays;
}

/** Days that a class of data is kept; null: until it is erased. */
export interface RetentionDays {
  /** Decisions, from the end of their run. */
  readonly decisions: number | null;
  /** Creatives that no decision names any more. */
  readonly creatives: number | null;
  /** Consents, from their end. */
  readonly consents: number | null;
  /** Photos of the gallery, from the end of their release. */
  readonly releases: number | null;
  /** Entries of the audit log. */
  readonly audit: number | null;
}

/** What an offer's ad says. */
export interface OfferWords {
  readonly headline: string;
  readonly body: string;
  readonly cta: string;
  /** Small print, a short headline and other words for single channels; placeholders are filled in as elsewhere. */
  readonly extras: CopyExtras;
}

export interface CampaignOffer extends OfferTerms, OfferWords {
  /** Other words by the name of their arm in the layer `copy`; absent: none. */
  readonly variants?: Readonly<Record<string, OfferWords>> | undefined;
  readonly url: string;
  /** What the customer pays, required by catalogue feeds; null: not set. */
  readonly price: number | null;
  /** The most customers that are shown this offer; null: no limit. */
  readonly budget: number | null;
  /** SQL predicate over the customer's columns; null: everyone. */
  readonly eligible: string | null;
  /** What the experiment log calls the offer. */
  readonly arm: string;
  /** Tags that a photo must all have to carry this offer. */
  readonly photoTags: readonly string[];
}

export interface CampaignPhotos {
  /** Shown where no photo of the inventory is near enough to the customer; absolute. */
  readonly default: string;
  /** The side that photos have beside text; null: as the layout finds best. */
  readonly side: "left" | "right" | null;
  /** ISO 3166 code that releases are checked for; null: releases of every territory are good. */
  readonly territory: string | null;
  /** Medium that releases are checked for, such as online; null: releases for any medium are good. */
  readonly media: string | null;
  /** File of the photos that people have excluded, whether it is there or not; absolute. */
  readonly exclusions: string;
}

export type AmbiguousPortrait = "largest" | "refuse";

/** Thresholds; code that measures does not use them. */
export interface CampaignPolicy {
  readonly similarity: {
    /** Farther matches are no look-alikes. */
    readonly maxDistance: number;
    /** Nearer matches are refused as probably the very same person; 0 allows them. */
    readonly minDistance: number;
  };
  readonly quality: {
    /** A portrait's face needs eyes at least this far apart, px of the original. */
    readonly minInterocularPx: number;
    /** and a detector's confidence of at least this, */
    readonly minScore: number;
    /** and a quality score (`FaceQuality.score`) of at least this. */
    readonly minQuality: number;
  };
  /** Faces of the inventory below these values are not matched. */
  readonly inventory: {
    readonly minInterocularPx: number;
    readonly minQuality: number;
    /** Faces with darker eyes are not matched: `FaceQuality.eyeLight`. */
    readonly minEyeLight: number;
    /** Heads turned to the side by more degrees are not matched. */
    readonly maxYawDegrees: number;
    /** Faces lower than this do not lead in a channel, px of the photo, by the channel's id. */
    readonly minFacePx: Readonly<Record<string, number>>;
  };
  /** Which of the inventory's faces may be shown at all. */
  readonly appearance: AppearanceFilter;
  readonly resemblance: ResemblancePolicy;
  /** Only photos with a valid release of their own are shown; a default photo without people needs none. */
  readonly requireRelease: boolean;
  readonly ambiguousPortrait: AmbiguousPortrait;
  /** Share of customers who are shown nothing so that the campaign can be measured, in [0, 1). */
  readonly holdout: number;
  /** The most that all shown offers together may cost, in the campaign's currency; null: no limit. */
  readonly maxSpend: number | null;
  /** Whether offers are chosen per customer: where that could be shown to pay (auto), always, or never. */
  readonly offers: OfferPolicy;
  readonly seed: number;
  /** Whether ads must be approved by a person before they are exported or served. */
  readonly approval: ApprovalPolicy;
}

/** How the photo that resembles a customer is chosen. */
export interface ResemblancePolicy {
  /** A metric that `lookalike metric fit` learned; absolute path, null: the default one. */
  readonly metric: string | null;
  /** How much parts count in place of the default's or the metric's weights. */
  readonly weights: WeightChanges;
  /** Only photos between these quantiles of the customer's own distances to the inventory; [0, 1]: all. */
  readonly band: readonly [from: number, to: number];
  /** Whose distances the quantiles are of: the inventory's, or those of a population that ships with the package. */
  readonly bandOf: "inventory" | "people";
  /** Absolute bounds of resemblance. */
  readonly min: number;
  readonly max: number;
  /** Only faces of the customer's own apparent gender, an estimate. */
  readonly sameGender: boolean;
  /** Only faces whose apparent age differs by at most this many years. */
  readonly maxAgeGap: number;
}

/** What a run has done so far; complete when its decisions have been read to the end. */
export interface GenerateReport {
  readonly decisions: number;
  /** Customers who are settled: decided for, left out, or refused. At the end of a run as many as `total`. */
  readonly done: number;
  /** Customers to decide for, as far as is known before their rows are read. */
  readonly total: number;
  /** Decisions taken over from an interrupted run. */
  readonly resumed: number;
  /** Customers who are shown a photo that resembles them. */
  readonly lookalikes: number;
  /** Customers who are shown the default photo, by reason. */
  readonly defaults: ReadonlyMap<string, number>;
  /** Customers per offer, `none` among them. */
  readonly offers: ReadonlyMap<string, number>;
  readonly heldOut: number;
  /** Customers who were erased: left out altogether. */
  readonly erased: number;
  /** Distinct ads, each with one creative per channel. */
  readonly ads: number;
  /** What a person should look at, each once. */
  readonly warnings: readonly AdWarning[];
  /** Rows of the customers' file that were refused. */
  readonly rows: RowReport;
  /** Offers without data in the model, which are never shown. */
  readonly unjudgedOffers: readonly string[];
  /** Asked for by id and not in the customers' file. */
  readonly unknownCustomers: readonly string[];
}
