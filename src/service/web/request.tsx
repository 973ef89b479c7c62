import { signal } from "@preact/signals";
import type { Me } from "../review/schemas.ts";

/** One request to the server, with the session of the page. */

export const me = signal<Me | null>(null);
export const isSignedOut = signal(false);

export class Refusal extends Error {
  /** 0: there was no answer. */
  readonly status: number;
  constructor(code: number, message: string) {
    super(message);
    this.status = code;
  }
}

interface Sending {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @throws Refusal an answer other than 2xx, or none */
export async function ask<T>(method: string, path: string, { body, headers = {} }: Sending = {}): Promise<T> {
  const all: Record<string, string> = { ...headers, "x-csrf-token": me.value?.csrf ?? "" };
  if (body !== undefined) all["content-type"] = "application/json";
  const text = body === undefined ? null : JSON.stringify(body);
  const response = await fetch(`/review/api/${path}`, { method, headers: all, body: text }).catch(() => {
    throw new Refusal(0, "The server does not answer. Check that it is running, then try again.");
  });
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => ({}))) as { message?: string; hint?: string };
  if (response.status === 401) isSignedOut.value = true;
  throw new Refusal(response.status, [problem.message, problem.hint].filter(Boolean).join(". "));
}
