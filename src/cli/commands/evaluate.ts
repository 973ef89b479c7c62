import type { AddCommand } from "../command.ts";
import { addEvaluateFaces } from "./evaluate-faces.ts";
import { addEvaluateOffers } from "./evaluate-offers.ts";
import { addEvaluatePolicy } from "./evaluate-policy.ts";

/** `lookalike evaluate`: one file per sub-command, registered here. */
export const addEvaluate: AddCommand = (program, run) => {
  const evaluate = program.command("evaluate");
  for (const addCommand of [addEvaluateFaces, addEvaluateOffers, addEvaluatePolicy])
    addCommand(evaluate, run);
};
