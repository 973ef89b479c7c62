/** Numbers and reasons as people read them. */

const REASONS: Readonly<Record<string, string>> = {
  no_consent: "No consent to face matching",
  consent_unreadable: "Consent has no date",
  consent_in_future: "Consent begins later",
  consent_expired: "Consent has ended",
  consent_withdrawn: "Consent was withdrawn",
  consent_insufficient: "Consent falls short of the law",
  minor: "Under age",
  age_unknown: "Age not known",
  excluded_from_matching: "Excluded by a rule of the campaign",
  no_photo: "No portrait on file",
  photo_unreadable: "Portrait could not be read",
  no_face: "No face found in the portrait",
  face_too_small: "Face in the portrait is too small",
  face_unclear: "Face in the portrait is not seen clearly",
  ambiguous: "Several people in the portrait",
  too_dissimilar: "No photo resembles enough",
  too_similar: "Only photos that resemble too much",
  no_releasable_photo: "No photo with a valid release",
  drawn: "Drawn at random instead of the look-alike",
  inventory_photo_unreadable: "Matched photo could not be read",
};

export function reasonText(reason: string): string {
  return REASONS[reason] ?? sentence(reason.replaceAll("_", " "));
}

const WARNINGS: Readonly<Record<string, string>> = {
  copy_shortened: "Text shortened to fit",
  head_cut: "A head at the side is cut by the frame",
  photo_enlarged: "Photo enlarged past its resolution",
  quality_lowered: "Quality lowered to meet the weight limit",
};

export function warningText(code: string): string {
  return WARNINGS[code] ?? sentence(code.replaceAll("_", " "));
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function count(number: number): string {
  return number.toLocaleString("en-GB");
}

export function countOf(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A share of 1, in percent; never 0 % or 100 % for what is not. */
export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0\u00a0%";
  const percent = (100 * part) / whole;
  if (percent < 1) return "<\u00a01\u00a0%";
  if (part < whole && percent > 99) return ">\u00a099\u00a0%";
  return `${Math.round(percent)}\u00a0%`;
}

export function signed(value: number, digits: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}

export function day(iso: string): string {
  return new Date(iso).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}

/** To the minute, in UTC. */
export function moment(iso: string): string {
  return `${day(iso)}, ${new Date(iso).toISOString().slice(11, 16)} UTC`;
}
