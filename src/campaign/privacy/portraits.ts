import type { FaceEngine, PhotoOutcome } from "../../faces/index.ts";
import type { DefaultReason } from "../types-choice.ts";
import type { PortraitRequest, PrivacyGate } from "./gate.ts";

/** Portraits described ahead of their customers. Take each in order, once; call `close()` at the end. */
export interface Portraits {
  take(request: PortraitRequest): Promise<PhotoOutcome<string> | DefaultReason>;
  close(): Promise<void>;
}

/**
 * Opens portraits in order, each only if the gate allows it at that moment, and returns the result only
 * if the gate still allows it: a withdrawal applies to the next portrait, not to the next batch.
 */
export function describePortraits(
  requests: readonly PortraitRequest[],
  {
    engine,
    gate,
    signal,
  }: { engine: FaceEngine; gate: Pick<PrivacyGate, "refusal" | "note">; signal: AbortSignal | undefined },
): Portraits {
  const refusals = new Map<PortraitRequest, DefaultReason>();
  const opened: PortraitRequest[] = [];
  function* allowed(): Generator<string> {
    for (const request of requests) {
      const refusal = gate.refusal(request) ?? (request.photo === null ? "no_photo" : null);
      if (refusal !== null || request.photo === null) {
        refusals.set(request, refusal ?? "no_photo");
        continue;
      }
      gate.note(request);
      opened.push(request);
      yield request.photo;
    }
  }
  const outcomes = engine.describeAll(allowed(), { signal })[Symbol.asyncIterator]();
  let held: { readonly request: PortraitRequest | undefined; readonly outcome: PhotoOutcome<string> } | null =
    null;
  return {
    async take(request) {
      if (held === null && !refusals.has(request)) {
        const next = await outcomes.next();
        if (next.done !== true) held = { request: opened.shift(), outcome: next.value };
      }
      if (held?.request === request) {
        const { outcome } = held;
        held = null;
        return gate.refusal(request) ?? outcome;
      }
      // The engine skipped this portrait: a later one was returned, or none is left.
      const refusal = refusals.get(request);
      if (refusal === undefined) throw new RangeError("a portrait was taken out of order");
      return refusal;
    },
    close: async () => void (await outcomes.return?.()),
  };
}
