import { createCipheriv } from "node:crypto";
import type { Vault } from "../../trust/index.ts";

/**
 * Protects templates: every embedding is multiplied by one secret orthogonal matrix before it is stored. Distances do not
 * change, so search works as before. Without the key an embedding looks like noise, and embeddings under different keys
 * cannot be compared: a new key makes a stolen gallery useless.
 *
 * The matrix is a product of as many Householder reflections as there are dimensions, in directions drawn from a keyed
 * stream. Every orthogonal matrix is such a product; the inverse applies the reflections in reverse order.
 */
export interface Template {
  protect(embedding: Float32Array): Float32Array;
  /** The inverse, up to rounding. */
  restore(embedding: Float32Array): Float32Array;
}

/** Leaves embeddings as they are. */
export const OPEN_TEMPLATE: Template = {
  protect: (embedding) => embedding,
  restore: (embedding) => embedding,
};

/** Under a key, templates are protected; without one they are open. */
export function templateOf(vault: Vault | null): Template {
  return vault === null ? OPEN_TEMPLATE : createTemplate(vault.derive("template"));
}

/** @param key 32 secret bytes */
export function createTemplate(key: Uint8Array): Template {
  const directionsOf = new Map<number, readonly Float64Array[]>();
  const find = (dimensions: number) => {
    const known = directionsOf.get(dimensions) ?? drawDirections(key, dimensions);
    directionsOf.set(dimensions, known);
    return known;
  };
  return {
    protect: (embedding) => reflectAll(embedding, find(embedding.length)),
    restore: (embedding) => reflectAll(embedding, find(embedding.length).toReversed()),
  };
}

function reflectAll(embedding: Float32Array, directions: readonly Float64Array[]): Float32Array {
  const vector = Float64Array.from(embedding);
  for (const direction of directions) {
    let dot = 0;
    for (let i = 0; i < vector.length; i++) dot += (vector[i] ?? 0) * (direction[i] ?? 0);
    for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) - 2 * dot * (direction[i] ?? 0);
  }
  return Float32Array.from(vector);
}

/** Unit vectors of uniform direction: normal components (Box and Muller), scaled to length 1. */
function drawDirections(key: Uint8Array, dimensions: number): Float64Array[] {
  const uniforms = keyedUniforms(key, 2 * dimensions * dimensions);
  return Array.from({ length: dimensions }, (_, row) => {
    const direction = Float64Array.from({ length: dimensions }, (_, column) => {
      const at = 2 * (row * dimensions + column);
      const radius = Math.sqrt(-2 * Math.log(1 - (uniforms[at] ?? 0)));
      return radius * Math.cos(2 * Math.PI * (uniforms[at + 1] ?? 0));
    });
    const length = Math.hypot(...direction);
    return direction.map((component) => component / length);
  });
}

/** Numbers in [0, 1) of 48 random bits each, from AES-256 in counter mode. */
function keyedUniforms(key: Uint8Array, count: number): Float64Array {
  const stream = createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(6 * count));
  return Float64Array.from({ length: count }, (_, i) => stream.readUIntBE(6 * i, 6) / 2 ** 48);
}
