import type { FaceEngine, PhotoOutcome } from "../../faces/index.ts";
import type { DefaultReason } from "../types-choice.ts";
import type { PrivacyGate, Sitter } from "./gate.ts";

/** Portraits described some way ahead of their customers. Take each in order, once; `close()` in the end. */
export interface Portraits {
  take(sitter: Sitter): Promise<PhotoOutcome<string> | DefaultReason>;
  close(): Promise<void>;
}

/**
 * Opens portraits in order, each only if the gate allows it at that moment, and returns the result only
 * if the gate still allows it: a withdrawal applies to the next portrait, not to the next batch.
 */
export function describePortraits(
  sitters: readonly Sitter[],
  {
    engine,
    gate,
    signal,
  }: { engine: FaceEngine; gate: Pick<PrivacyGate, "refusal" | "note">; signal: AbortSignal | undefined },
): Portraits {
  const refusals = new Map<Sitter, DefaultReason>();
  const opened: Sitter[] = [];
  function* allowed(): Generator<string> {
    for (const sitter of sitters) {
      const refusal = gate.refusal(sitter) ?? (sitter.photo === null ? "no_photo" : null);
      if (refusal !== null || sitter.photo === null) {
        refusals.set(sitter, refusal ?? "no_photo");
        continue;
      }
      gate.note(sitter);
      opened.push(sitter);
      yield sitter.photo;
    }
  }
  const outcomes = engine.describeAll(allowed(), { signal })[Symbol.asyncIterator]();
  let held: { readonly sitter: Sitter | undefined; readonly outcome: PhotoOutcome<string> } | null = null;
  return {
    async take(sitter) {
      if (held === null && !refusals.has(sitter)) {
        const next = await outcomes.next();
        if (next.done !== true) held = { sitter: opened.shift(), outcome: next.value };
      }
      if (held?.sitter === sitter) {
        const { outcome } = held;
        held = null;
        return gate.refusal(sitter) ?? outcome;
      }
      // The engine passed this one by: a later portrait has come out, or none is left.
      const refusal = refusals.get(sitter);
      if (refusal === undefined) throw new RangeError("a portrait was taken out of order");
      return refusal;
    },
    close: async () => void (await outcomes.return?.()),
  };
}
