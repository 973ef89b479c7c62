import { join } from "node:path";
import type { Campaign } from "../../campaign/index.ts";

/** The files that a campaign's decisions depend on, besides the run. */
export function filesOf({ path, inputs, photos, brand }: Campaign): string[] {
  const gallery = ["gallery.db", "gallery.db-wal"].map((name) => join(inputs.gallery, name));
  const tables = [inputs.customers, inputs.calls, inputs.usage].flatMap((input) =>
    input === null ? [] : [input.path],
  );
  return [
    path,
    photos.exclusions,
    inputs.model,
    ...gallery,
    ...tables,
    photos.default,
    ...(brand.logo === null ? [] : [brand.logo]),
  ];
}
