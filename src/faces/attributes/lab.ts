/** CIE L*a*b* of interleaved 8-bit sRGB under D65 (IEC 61966-2-1, CIE 15): L in [0, 100], a and b about -100 to 100. */
export function toLab(data: Uint8Array): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const r = LINEAR[data[i] as number] as number;
    const g = LINEAR[data[i + 1] as number] as number;
    const b = LINEAR[data[i + 2] as number] as number;
    const x = cubeRoot((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    const y = cubeRoot(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
    const z = cubeRoot((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
    out[i] = 116 * y - 16;
    out[i + 1] = 500 * (x - y);
    out[i + 2] = 200 * (y - z);
  }
  return out;
}

const LINEAR = Float64Array.from({ length: 256 }, (_, value) => {
  const level = value / 255;
  return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
});

function cubeRoot(t: number): number {
  return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
}
