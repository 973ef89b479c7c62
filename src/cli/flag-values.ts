import { InvalidArgumentError } from "commander";

// What the texts of flags mean. A text without that meaning is refused before the command runs.

/** Parses a whole number of 1 or more. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Expected a whole number of 1 or more.");
  return Number(text);
}

/** Parses a port number; 0 means any free port. */
export function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError("Expected a port from 0 to 65535.");
  return port;
}

/** Parses a number. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("Expected a number.");
  return value;
}

/** Parses names between commas: without empty ones, and each one once. */
export function names(text: string): readonly string[] {
  const all = text.split(",").map((name) => name.trim());
  return [...new Set(all.filter(Boolean))];
}
