/** An optional package, without which this one must compile too: `HnswLibrary` has the types that are used. */
declare module "hnswlib-node";
