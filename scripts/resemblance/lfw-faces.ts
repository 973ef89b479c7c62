import { lfw, lfwPerson } from "../bench/faces/data.ts";
import { gatherEvidence, type PhotoEvidence } from "./evidence.ts";

/**
 * The photos that basis and reference are fitted on: 850 of 600 people, drawn once at random. One bit per photo of folds 1
 * to 5, the photos in the order of their names.
 */
const DRAWN =
  "CQwA4ECAxcUAHAMLAEAAAAAAGAAOIIoSABgDcAAAAPAxEgAQmDBg8AAQAwAAFAAAUcQAYBiADSAMHGSAFRJsMAiBAQCwAcSg4R0APARwPwAAgGPYAAAEAAAAJpizC6AhEJIuAEAAAIgHREEQjEE0AAAaApDBGAABEAAAAEZa+OHisREB7w4AAoAGHAAGQEAEDgYAYAQRGwAABATCAICNABMGwgAwMRjNAACAB0CANgMChAEAYAAQBgCAAewDBwAA0NgZJOkRwwcBABgcQJ4BAzAA3AC4AQB/AEQwYsAAAEFkANCMQQDIYAAIxAQQBmAAEzCABUcwAAwPAAwIAwEbA64BgAEAnrEAAAgACGAAAECAAqILwAAwML8GA8AB7IAhEPCAAwOQBUYYA2BgABgcMiBoCAYYOAAAjMEgOIAAQAAAAGAECBgAgADABpxkYA0MCDwAIAYFYAIA2ADACGBgAMBAAAABAGAACEywIwNmAN4AawqBERgAYAADEgaM0TAQjgCDwQsDJkDEAADQAgACADCAAAhwY6gHAJgBAABAAwAEAEiIkwEAYEAEOwCSAMCIwcMBcIDAADAIBiAIYAYAgAaYgWkAAjADA5gfC9gAQAMAADiBzmAADCAObGEA";

export interface LfwFacesOptions {
  readonly cache: string | null;
  readonly jobs: number;
}

/** The drawn people of LFW, each with one or two photos. */
export async function lfwFaces({ cache, jobs }: LfwFacesOptions): Promise<PhotoEvidence[][]> {
  const wild = lfw();
  if (wild === null) throw new Error("../shared/data/lfw is absent");
  const bits = Buffer.from(DRAWN, "base64");
  const isDrawn = (place: number) => (((bits[place >> 3] ?? 0) >> (place & 7)) & 1) === 1;
  const byPerson = new Map<string, string[]>();
  for (const photo of wild.photos.filter((_, place) => isDrawn(place)))
    byPerson.set(lfwPerson(photo), [...(byPerson.get(lfwPerson(photo)) ?? []), photo]);
  const people = [...byPerson.values()];
  const evidence = await gatherEvidence(people.flat(), { name: "lfw", cache, jobs });
  return people.map((photos) => photos.flatMap((photo) => evidence.get(photo) ?? []));
}
