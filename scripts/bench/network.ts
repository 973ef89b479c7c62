import { parseArgs } from "node:util";
import { benchExponents } from "./network/exponents.ts";
import { benchFriends } from "./network/friends.ts";
import { benchInfluence } from "./network/influence.ts";
import { benchNext } from "./network/next.ts";
import { benchScale } from "./network/scale.ts";
import { benchTopContact } from "./network/top-contact.ts";

/**
 * What ties, features and influence are worth, and what they cost. Real data where they are here: calls and messages
 * in ../shared/data/calls, and `--friends edges.txt` of cem-sirin/mplexaa (datasets/cns/Dataset).
 */
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    friends: { type: "string" },
    calls: { type: "string", default: "1000000" },
    memory: { type: "string", default: "4096" },
    seeds: { type: "string" },
    people: { type: "string", default: "2000" },
  },
});

const seeds = (values.seeds ?? "1,2,3").split(",").map(Number);
const people = Number(values.people);

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  top: benchTopContact,
  exponents: async () => benchExponents(),
  friends: () => benchFriends(values.friends),
  influence: () => benchInfluence(people, seeds),
  next: () => benchNext(people, seeds),
  scale: () => benchScale(Number(values.calls), Number(values.memory)),
};

for (const [name, run] of Object.entries(PARTS)) {
  if (values.only === undefined || values.only === name) await run();
}
