import type { FaceAssignment } from "../experiments/index.ts";
import type { GalleryPhoto, Match } from "../gallery/index.ts";

/** Why a customer sees the default photo. */
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
 * Why a look-alike is shown: it is the most alike; the most alike of those whose face leads an ad in every channel; or the
 * most alike where none of the next ones leads.
 */
export type MatchReason = "nearest" | "nearest_that_leads" | "nearest_cannot_lead";

/** What the search comes to. */
export type LookalikeChoice =
  | {
      readonly status: "matched";
      readonly match: Match;
      /** Default `nearest`. */
      readonly reason?: MatchReason | undefined;
      readonly face?: FaceLayer | undefined;
    }
  | { readonly status: "default"; readonly reason: DefaultReason; readonly face?: undefined };

/** What is shown. */
export type PhotoChoice =
  | LookalikeChoice
  | { readonly status: "default"; readonly reason: "drawn"; readonly face: FaceLayer }
  | {
      /** Drawn at random instead of the look-alike. */
      readonly status: "drawn";
      readonly photo: GalleryPhoto;
      /** Index into `photo.faces` of the face that leads. */
      readonly faceIndex: number;
      /** From the customer's face; null: not measured. */
      readonly distance: number | null;
      readonly face: FaceLayer;
      /** Of the arm `influencer`. */
      readonly network?: NetworkPhoto["network"] | undefined;
    };

/** A photo that a contact had a part in. */
export interface NetworkPhoto {
  readonly photo: GalleryPhoto;
  readonly faceIndex: number;
  readonly network: {
    readonly permit: string;
    /** Whether both people still consent at this moment. */
    readonly holds: () => boolean;
  };
}

/** The face layer of a customer with a look-alike, and that look-alike. */
export interface FaceLayer {
  readonly assigned: FaceAssignment;
  readonly lookalike: Match;
}
