import { LookalikeError } from "../../core/index.ts";

export function embedderMismatch(held: string, received: string): LookalikeError {
  return new LookalikeError(
    "ERR_GALLERY_EMBEDDER",
    `Expected the embedder ${held} for the gallery but received ${received}`,
    { hint: "Use the embedder that the gallery was made with, or index into a new folder." },
  );
}
