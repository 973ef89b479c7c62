import type { AdWarning, Brand, Channel, CopyExtras } from "../ads/index.ts";
import type { ExperimentDesign, PersonalPolicy } from "../experiments/index.ts";
import type { WeightChanges } from "../faces/index.ts";
import type { AppearanceFilter } from "../gallery/index.ts";
import type { ApprovalPolicy } from "../handover/index.ts";
import type { Algorithm, LinearAlgorithm, OfferPolicy } from "../learning/index.ts";
import type { OfferTerms } from "../offers/index.ts";
import type { RowReport } from "../tables/index.ts";
import type { CrmConsent } from "../trust/index.ts";
import type { CampaignInputs } from "./types-inputs.ts";

/** A checked `campaign.yaml`: every path absolute, every default filled in. */
export interface Campaign {
  /** Absolute path of the file and of its folder. */
  readonly path: string;
  readonly folder: string;
  /** SHA-256 of the file's text. */
  readonly hash: string;
  readonly name: string;
  /** Code of the currency of margins and costs, for display; no effect on the choice. */
  readonly currency: string;
  /** ISO 639-1 code of the texts' language; null: words break only at soft hyphens. */
  readonly language: string | null;
  /** Templates: for all channels, and for single channels by id. */
  readonly templates: { readonly all: string | null; readonly byChannel: Readonly<Record<string, string>> };
  readonly brand: Brand;
  readonly inputs: CampaignInputs;
  readonly offers: readonly CampaignOffer[];
  readonly channels: readonly Channel[];
  readonly photos: CampaignPhotos;
  readonly policy: CampaignPolicy;
  readonly privacy: CampaignPrivacy;
  /** The design of the campaign's experiment. */
  readonly experiment: CampaignExperiment;
}

/** The design, and the source of behaviour from before the campaign. */
export interface CampaignExperiment extends ExperimentDesign {
  /** A column of the customers' file, or of a file of its own; null: none. */
  readonly pre: { readonly column: string; readonly path: string | null } | null;
  /** How the shares of the arms are learned from `inputs.results`; null: they do not change. */
  readonly learn: CampaignLearning | null;
  /** The learned policy whose shares depend on the customer's columns; null: all have the same shares. */
  readonly policy: PersonalPolicy | null;
}

/** How the shares of arms are learned. */
interface CampaignLearning {
  readonly algorithm: Algorithm | LinearAlgorithm;
  readonly uniform: number;
  /** Columns of the customers, for the linear algorithms; empty for the others. */
  readonly features: readonly string[];
}

/** The rules for personal data. */
export interface CampaignPrivacy {
  /** The file has a privacy section; without one, the registry is used once it exists. */
  readonly isDeclared: boolean;
  /** The folder with `consents.db` and `audit.db`; absolute. */
  readonly folder: string;
  /** Address of the PostgreSQL that has the registry instead of `consents.db`; null: the folder has it. */
  readonly database: string | null;
  readonly crmConsent: CrmConsent;
  /** Law for customers without a known one; null: the record's own, otherwise the strictest. */
  readonly jurisdiction: string | null;
  readonly jurisdictionColumn: string | null;
  /** Younger customers' faces are never computed; at least 18. */
  readonly minimumAge: number;
  /** null: `age`, if there is such a column. */
  readonly ageColumn: string | null;
  /** SQL predicate over the customer's columns: the faces of these customers are never computed. */
  readonly exclude: string | null;
  readonly retention: RetentionDays;
}

/** Days that a class of data is kept; null: until it is erased. */
export interface RetentionDays {
  /** Decisions, from the end of their run. */
  readonly decisions: number | null;
  /** Creatives that no decision uses any more. */
  readonly creatives: number | null;
  /** Consents, from their end. */
  readonly consents: number | null;
  /** Photos of the gallery, from the end of their release. */
  readonly releases: number | null;
  /** Entries of the audit log. */
  readonly audit: number | null;
}

/** The texts of an offer's ad. */
interface OfferWords {
  readonly headline: string;
  readonly body: string;
  readonly cta: string;
  /** Small print, a short headline and other texts for single channels, with placeholders. */
  readonly extras: CopyExtras;
}

export interface CampaignOffer extends OfferTerms, OfferWords {
  /** Variants of the texts by the name of their arm in the layer `copy`; absent: none. */
  readonly variants?: Readonly<Record<string, OfferWords>> | undefined;
  readonly url: string;
  /** The price for the customer, required by catalogue feeds; null: not set. */
  readonly price: number | null;
  /** Most customers who are shown this offer; null: no limit. */
  readonly budget: number | null;
  /** SQL predicate over the customer's columns; null: all customers. */
  readonly eligible: string | null;
  /** The offer's arm in the experiment log. */
  readonly arm: string;
  /** Tags that a photo needs for this offer, all of them. */
  readonly photoTags: readonly string[];
}

export interface CampaignPhotos {
  /** Shown if no photo of the inventory is near enough to the customer; absolute. */
  readonly default: string;
  /** The side of photos next to text; null: chosen by the layout. */
  readonly side: "left" | "right" | null;
  /** ISO 3166 code that releases are checked for; null: releases for any territory are valid. */
  readonly territory: string | null;
  /** Medium that releases are checked for, such as online; null: releases for any medium are valid. */
  readonly media: string | null;
  /** File of the photos that reviewers have excluded, which may not exist; absolute. */
  readonly exclusions: string;
}

type AmbiguousPortrait = "largest" | "refuse";

/** Thresholds; code that measures does not use them. */
export interface CampaignPolicy {
  readonly similarity: {
    /** Farther matches are not look-alikes. */
    readonly maxDistance: number;
    /** Nearer matches are rejected as probably the same person; 0 allows them. */
    readonly minDistance: number;
  };
  readonly quality: {
    /** Least distance between the eyes of a portrait's face, px of the original. */
    readonly minInterocularPx: number;
    /** Least detector confidence of a portrait's face. */
    readonly minScore: number;
    /** Least quality score (`FaceQuality.score`) of a portrait's face. */
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
  /** Filter of the inventory's faces that may be shown. */
  readonly appearance: AppearanceFilter;
  readonly resemblance: ResemblancePolicy;
  /** Whether photos need a valid release of their own; a default photo without people needs none. */
  readonly requireRelease: boolean;
  readonly ambiguousPortrait: AmbiguousPortrait;
  /** Share of customers who are shown nothing, as the control group, in [0, 1). */
  readonly holdout: number;
  /** Most that all shown offers together may cost, in the campaign's currency; null: no limit. */
  readonly maxSpend: number | null;
  /** Whether offers are chosen per customer: if it was shown to increase profit (auto), always, or never. */
  readonly offers: OfferPolicy;
  readonly seed: number;
  /** Whether ads must be approved by a person before they are exported or served. */
  readonly approval: ApprovalPolicy;
}

/** How the photo that resembles a customer is chosen. */
export interface ResemblancePolicy {
  /** A metric learned by `lookalike metric fit`; absolute path, null: the default one. */
  readonly metric: string | null;
  /** Weights of parts in place of the default's or the metric's. */
  readonly weights: WeightChanges;
  /** Only photos between these quantiles of the customer's own distances to the inventory; [0, 1]: all. */
  readonly band: readonly [from: number, to: number];
  /** The distances that the quantiles refer to: the inventory's, or those of a population in the package. */
  readonly bandOf: "inventory" | "people";
  /** Absolute bounds of resemblance. */
  readonly min: number;
  readonly max: number;
  /** Only faces of the customer's own apparent gender, which is an estimate. */
  readonly sameGender: boolean;
  /** Only faces whose apparent age differs by at most this many years. */
  readonly maxAgeGap: number;
}

/** The current counts of a run; complete when its decisions have been read to the end. */
export interface GenerateReport {
  readonly decisions: number;
  /** Customers who are decided for, left out, or rejected. At the end of a run as many as `total`. */
  readonly done: number;
  /** Customers to decide for, as far as is known before their rows are read. */
  readonly total: number;
  /** Decisions reused from an interrupted run. */
  readonly resumed: number;
  /** Customers who are shown a photo that resembles them. */
  readonly lookalikes: number;
  /** Of them, those whose photo was chosen by distance: the portrait and the gallery have no part of resemblance in common. */
  readonly byDistance: number;
  /** Customers who are shown the default photo, by reason. */
  readonly defaults: ReadonlyMap<string, number>;
  /** Customers per offer, including `none`. */
  readonly offers: ReadonlyMap<string, number>;
  readonly heldOut: number;
  /** Customers who are shown nothing, because the default photo is their own picture. */
  readonly ownDefaults: number;
  /** Customers who were erased and are left out. */
  readonly erased: number;
  /** Distinct ads, each with one creative per channel. */
  readonly ads: number;
  /** Points for a person to check, each once. */
  readonly warnings: readonly AdWarning[];
  /** The report on the rows of the customers' file. */
  readonly rows: RowReport;
  /** Offers without data in the model, which are never shown. */
  readonly unjudgedOffers: readonly string[];
  /** Requested ids that are not in the customers' file. */
  readonly unknownCustomers: readonly string[];
}
