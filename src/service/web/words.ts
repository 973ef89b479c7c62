/** Words for counts, reasons and exclusions. */

export function customers(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "customer" : "customers"}`;
}

/** @param excluded offers, or `*` for all */
export function excludedWords(excluded: readonly string[]): string {
  return `excluded: ${excluded.map((id) => (id === "*" ? "all offers" : id)).join(", ")}`;
}

const REASONS: Readonly<Record<string, string>> = {
  nearest: "most alike",
  nearest_that_leads: "most alike of the faces that can lead an ad",
  nearest_cannot_lead: "most alike, but cannot lead an ad",
  drawn: "drawn at random",
  no_photo: "no portrait",
  photo_unreadable: "portrait unreadable",
  no_face: "no face in the portrait",
  face_too_small: "face in the portrait too small",
  face_unclear: "face in the portrait unclear",
  ambiguous: "several faces in the portrait",
  too_dissimilar: "no photo alike enough",
  too_similar: "the customer's own photo",
  no_releasable_photo: "no photo with a valid release",
  none: "no offer",
};

/** Why a customer gets a photo, or another value of a decision. */
export function reasonWords(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll("_", " ");
}
