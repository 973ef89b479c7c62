import { describe, expect, it } from "vitest";
import { prominence } from "../../../src/faces/description/prominence.ts";

const PHOTO = { width: 400, height: 300 };
const centred = (x: number, y: number, side: number) => ({
  x: x - side / 2,
  y: y - side / 2,
  width: side,
  height: side,
});

describe("prominence", () => {
  it("of two faces in one place is the larger one's", () => {
    expect(prominence(centred(200, 150, 100), PHOTO)).toBeGreaterThan(
      prominence(centred(200, 150, 90), PHOTO),
    );
  });

  it("puts the subject in the middle before a somewhat larger bystander at the border", () => {
    const subject = prominence(centred(200, 150, 100), PHOTO);
    expect(subject).toBeGreaterThan(prominence(centred(340, 240, 120), PHOTO));
    // Not before a face that fills a side of the picture.
    expect(subject).toBeLessThan(prominence(centred(290, 150, 180), PHOTO));
  });

  it("does not depend on the photo's scale, and is 1 where the face is the photo", () => {
    const box = centred(120, 90, 60);
    const twice = { x: 2 * box.x, y: 2 * box.y, width: 120, height: 120 };
    expect(prominence(twice, { width: 800, height: 600 })).toBeCloseTo(prominence(box, PHOTO), 12);
    expect(prominence({ x: 0, y: 0, ...PHOTO }, PHOTO)).toBe(1);
  });
});
