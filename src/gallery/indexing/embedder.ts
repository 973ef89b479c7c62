import { LookalikeError } from "../../core/index.ts";

export function embedderMismatch(own: string, received: string): LookalikeError {
  return new LookalikeError(
    "ERR_GALLERY_EMBEDDER",
    `Expected the embedder ${own} for the gallery but received ${received}`,
    { hint: "Use the gallery's embedder, or index into a new folder." },
  );
}
