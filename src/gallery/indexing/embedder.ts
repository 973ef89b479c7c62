import { LookalikeError } from "../../core/index.ts";

export function embedderMismatch(held: string, received: string): LookalikeError {
  return new LookalikeError(
    "ERR_GALLERY_EMBEDDER",
    `Expected the embedder ${held} for the gallery but received ${received}`,
    { hint: "Use the gallery's embedder, or index into a new folder." },
  );
}
