import type { AssignedArm, Decision } from "../../handover/index.ts";
import type { CustomerPlan } from "./decide.ts";

/** Adds the assignment to a decision; returns it unchanged if nothing was randomised. */
export function withAssignment(decision: Decision, plan: CustomerPlan): Decision {
  const { layers } = plan;
  if (layers === undefined) return decision;
  const face = plan.status === "offer" ? plan.choice.face : undefined;
  return {
    ...decision,
    assignment: {
      experiment: layers.experiment,
      holdout: armOf(layers.holdout),
      offer: layers.offer && { ...armOf(layers.offer), offer_propensity: layers.offer.offerPropensity },
      face: face === undefined ? null : armOf(face.assigned),
      // Only if they are drawn, which most runs do not do.
      ...(layers.creative.copy && { copy: armOf(layers.creative.copy) }),
      ...(layers.creative.template && { template: armOf(layers.creative.template) }),
      would_be: {
        offer: layers.wouldBe.offerId,
        uplift: layers.wouldBe.uplift,
        explorable: layers.wouldBe.explorable,
        photo: face?.lookalike.photo.path ?? null,
        distance: face?.lookalike.distance ?? null,
        resemblance: face?.lookalike.resemblance ?? null,
      },
    },
  };
}

function armOf({ arm, propensity, eligible }: AssignedArm): AssignedArm {
  return { arm, propensity, eligible };
}
