import type { FaceAssignment } from "../experiments/index.ts";
import type { GalleryPhoto, Match } from "../gallery/index.ts";

/** Why a customer is shown the default photo. */
export type DefaultReason =
  | "no_consent"
  | "consent_unreadable"
  | "consent_in_future"
  | "consent_expired"
  | "consent_withdrawn"
  | "consent_insufficient"
  | "minor"
  | "age_unknown"
  | "excluded_from_matching"
  | "no_photo"
  | "photo_unreadable"
  | "no_face"
  | "face_too_small"
  | "face_unclear"
  | "ambiguous"
  | "too_dissimilar"
  | "too_similar"
  | "no_releasable_photo";

/**
 * Why a look-alike is shown: it has the most resemblance; the most of those whose face leads an ad in every
 * channel; or the most although its face cannot lead, because none of the next matches leads.
 */
type MatchReason = "nearest" | "nearest_that_leads" | "nearest_cannot_lead";

/** The result of the search. */
export type LookalikeChoice =
  | {
      readonly status: "matched";
      readonly match: Match;
      /** Reason; default `nearest`. */
      readonly reason?: MatchReason | undefined;
      readonly face?: FaceLayer | undefined;
    }
  | { readonly status: "default"; readonly reason: DefaultReason; readonly face?: undefined };

/** The photo that is shown. */
export type PhotoChoice =
  | LookalikeChoice
  | { readonly status: "default"; readonly reason: "drawn"; readonly face: FaceLayer }
  | {
      /** Drawn at random instead of the look-alike. */
      readonly status: "drawn";
      readonly photo: GalleryPhoto;
      /** Index into `photo.faces` of the face that leads. */
      readonly faceIndex: number;
      /** Distance from the customer's face; null: not measured. */
      readonly distance: number | null;
      readonly face: FaceLayer;
      /** Permit of the arm `influencer`. */
      readonly network?: NetworkPhoto["network"] | undefined;
    };

/** A photo that was chosen by a contact. */
export interface NetworkPhoto {
  readonly photo: GalleryPhoto;
  readonly faceIndex: number;
  readonly network: {
    readonly permit: string;
    /** Whether both people still consent at this moment. */
    readonly isPermitted: () => boolean;
  };
}

/** The face layer of a customer with a look-alike, with that look-alike. */
interface FaceLayer {
  readonly assigned: FaceAssignment;
  readonly lookalike: Match;
}
