import { z } from "zod";

/** Types of values in a campaign file. */

export const text = (what: string, max = 500) =>
  z
    .string(what)
    .refine((value) => value.trim() !== "", "text that is not empty")
    .max(max, `at most ${max} characters`);

export const id = z
  .string("an id")
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "1 to 64 letters, digits, dots, dashes or underscores");

export const number = (what: string, min: number, max: number) =>
  z.number(what).min(min, what).max(max, what);

export const path = (what: string) => text(what, 4096).refine((value) => !value.includes("\0"), what);

export const color = z
  .string("a hex colour such as '#0b5fff'")
  .regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, "a hex colour such as '#0b5fff'");

export const webAddress = z
  .string("a web address that starts with https:// or http://")
  .refine(isWebAddress, "a web address that starts with https:// or http://");

function isWebAddress(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}
