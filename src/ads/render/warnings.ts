import type { Planned } from "../layout/plan.ts";
import type { LeadFlaw } from "../layout/scene.ts";
import type { AdPhoto, AdWarning, Channel } from "../types.ts";
import type { Encoded } from "./encode.ts";

/** Lower qualities are visible. */
const LEAST_QUALITY = 60;

/** People who stand or sit do not rotate their heads by more. */
const ON_SIDE_DEGREES = 45;

const FLAWS: Readonly<Record<LeadFlaw, string>> = {
  small: "it is smaller than a fifth of the shorter side",
  large: "it is larger than 45 % of the shorter side",
  outgrown: "a larger face shows",
  equalled: "another face is about as large",
  headless: "a body shows without its head",
  severed: "the photo's edge cuts a face",
};

function describeFlaw(flaw: LeadFlaw): string {
  return FLAWS[flaw];
}

/** Problems of a finished creative that a person should check. */
export function warningsOf(
  { plan, copy, shortened }: Planned,
  channel: Channel,
  {
    encoded,
    isLogoOnPlate,
    isLogoEmpty,
    photo: { turn = 0, rollDegrees = 0 },
  }: {
    readonly encoded: Encoded;
    readonly isLogoOnPlate: boolean;
    readonly isLogoEmpty: boolean;
    readonly photo: Pick<AdPhoto, "turn" | "rollDegrees">;
  },
): AdWarning[] {
  const { slot, from } = plan.arrangement;
  const { target, cutHeads, flaws } = plan.crop;
  const isFramed = target.width < slot.width - 2 || target.height < slot.height - 2;
  const found: [AdWarning["code"], boolean, string][] = [
    ["copy_shortened", shortened, `The text was shortened to "${copy.headline}" / "${copy.body}".`],
    ["head_cut", cutHeads > 0, `${cutHeads} of the other heads are cut by the frame.`],
    ["photo_padded", isFramed, "The photo does not fill its area, so it is framed."],
    [
      "photo_turned",
      turn !== 0,
      `The photo's file lies on its side: it is rotated clockwise by ${turn} degrees here.`,
    ],
    [
      "photo_on_side",
      Math.abs(rollDegrees) > ON_SIDE_DEGREES,
      `The head is rotated by ${Math.round(rollDegrees)} degrees, and which side is up is not certain: turn the file.`,
    ],
    ["face_not_leading", flaws.length > 0, `The face does not lead: ${flaws.map(describeFlaw).join(", ")}.`],
    ["template_replaced", from !== undefined, `The photo does not suit the template here: drawn as ${from}.`],
    [
      "logo_on_plate",
      isLogoOnPlate,
      "The logo has too little contrast with its background, so it is on a plate. Set brand.logo_mono to a logo in one colour.",
    ],
    [
      "logo_empty",
      isLogoEmpty,
      "The file of brand.logo shows nothing: the brand's name is shown instead. Use a file with visible shapes.",
    ],
    [
      "quality_lowered",
      encoded.quality < LEAST_QUALITY,
      `Quality ${encoded.quality} was needed to meet the weight limit.`,
    ],
  ];
  return found
    .filter(([, applies]) => applies)
    .map(([code, , message]) => ({ code, channel: channel.id, message }));
}
