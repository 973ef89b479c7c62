import { describe, expect, it, onTestFinished } from "vitest";
import { simulateNetwork } from "../../../scripts/simulate/network.ts";
import { openNetwork } from "../../../src/customers/network/open.ts";
import { failure, scratchFolder, write } from "../scratch.ts";
import { callLog, talk } from "./world.ts";

const folder = scratchFolder();

async function measure(name: string, contagion: number) {
  const world = simulateNetwork({ people: 200, months: 24, seed: 4, contagion, homophily: 0.6 });
  const source = write(folder, `${name}.csv`, world.calls);
  const network = await openNetwork({ calls: { source }, people: world.ids });
  onTestFinished(() => network.close());
  return { world, network, influence: await network.influence() };
}

describe("influence", () => {
  it("is found where people follow each other, and names the planted influencer more often than the strongest tie", async () => {
    const { world, network, influence } = await measure("contagion", 0.6);
    expect(influence.contagion).toMatchObject({ isFound: true });
    expect(influence.contagion.close).toBeGreaterThan(influence.contagion.expected);
    const found = await influence.of(world.ids);
    const strongest = await network.database.all(
      "SELECT p.id, arg_max(q.id, x.strength) AS contact FROM network_arcs x JOIN network_people p ON p.n = x.i JOIN network_people q ON q.n = x.j GROUP BY p.id",
    );
    const truth = new Map(world.ids.map((id, i) => [id, world.ids[world.influencer[i] ?? -1]]));
    const tie = strongest.filter(({ id, contact }) => truth.get(String(id)) === contact).length;
    const ours = [...found].filter(([id, [first]]) => truth.get(id) === first?.contact).length;
    expect(ours).toBeGreaterThan(1.2 * tie);
    const [someone = ""] = found.keys();
    expect(await influence.of([someone, "nobody"])).toEqual(new Map([[someone, found.get(someone)]]));
    for (const contacts of found.values()) {
      for (const { rank, share } of contacts) {
        expect(rank).toBeGreaterThanOrEqual(0);
        expect(rank).toBeLessThanOrEqual(1);
        expect(share).toBeGreaterThan(0);
      }
    }
  }, 120_000);

  it("is nobody's where friends only like the same", async () => {
    const { world, influence } = await measure("homophily", 0);
    expect(influence.contagion.pairs).toBeGreaterThan(50);
    expect(influence.contagion.isFound).toBe(false);
    expect((await influence.of(world.ids)).size).toBe(0);
  }, 120_000);

  it("needs a log with handsets", async () => {
    const source = callLog(folder, "plain.csv", talk("a", "b", 0));
    const network = await openNetwork({ calls: { source }, people: ["a", "b"] });
    onTestFinished(() => network.close());
    expect((await failure(network.influence())).code).toBe("ERR_TRANSITIONS_EMPTY");
  });
});
