/** Lines of one millisecond share the text of their time. */
let last = { at: Number.NaN, text: "" };

/** The present time in ISO 8601. */
export function isoTime(): string {
  const at = Date.now();
  if (at !== last.at) last = { at, text: new Date(at).toISOString() };
  return last.text;
}
