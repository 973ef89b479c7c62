import { describe, expect, it, onTestFinished } from "vitest";
import { openCustomers } from "../../../src/customers/index.ts";
import { column, scratchFolder, write } from "../scratch.ts";

const folder = scratchFolder();

type Row = readonly [from: string, to: string, at: string, maker: string];

/** a talks to b and c every month; b goes from Acme to Bolt in March, a follows in June. */
const MONTHS = [1, 2, 3, 4, 5, 6, 7];
const when = (month: number) => `2026-0${month}-05 10:00:00`;
const rows = MONTHS.flatMap((month): Row[] => {
  const makers = { a: month < 6 ? "Acme" : "Bolt", b: month < 3 ? "Acme" : "Bolt", c: "Acme", x: "Bolt" };
  return (["ab", "ba", "ac", "ca", "bc", "cb", "ax", "xa"] as const).map((pair) => {
    const [from = "a", to = "a"] = pair as unknown as readonly (keyof typeof makers)[];
    return [from, to, when(month), makers[from]];
  });
});

function log(name: string, of: readonly Row[]): string {
  const lines = of.map(([from, to, at, maker]) => `${from},${to},${at},60,${maker}`);
  return write(
    folder,
    name,
    ["caller_id,callee_id,started_at,duration_s,device_manufacturer", ...lines, ""].join("\n"),
  );
}

async function transitions(source: string, people: readonly string[]) {
  const customers = await openCustomers({
    calls: { source },
    network: { people },
    resources: { threads: 1 },
  });
  onTestFinished(() => customers.close());
  const table = await customers.transitions();
  const of = (name: string, row: number) => column(table.features, name)[row];
  const row = (id: string, next: string) =>
    table.customerIds.findIndex(
      (each, i) => each === id && table.next.labels[table.next.codes[i] ?? -1] === next,
    );
  return { table, of, row, reading: customers.network };
}

describe("what friends tell of a purchase", () => {
  it("is what was known before it, weighted by the strength of ties, of those who consent", async () => {
    const { of, row, reading, table } = await transitions(log("calls.csv", rows), ["a", "b", "c"]);
    const bought = row("a", "Bolt");
    // In June b is on Bolt, c on Acme; x does not consent and does not count.
    expect(of("friends", bought)).toBe(2);
    expect(of("friend_share_Bolt", bought)).toBeCloseTo(0.5, 6);
    expect(of("friend_share_Acme", bought)).toBeCloseTo(0.5, 6);
    expect(of("friend_clustering", bought)).toBe(1);
    // b's switch of March is more than 90 days old by 5 June.
    expect(of("friend_switches", bought)).toBe(0);
    const first = row("b", "Bolt");
    expect(of("friend_share_Acme", first)).toBe(1);
    expect(of("friend_switch_Bolt", first)).toBe(0);
    expect(reading?.dropped.noConsent).toBe(14);
    // Nobody who does not consent has such a feature.
    expect(column(table.features, "friends")[table.customerIds.indexOf("x")]).toBeNull();
  });

  it("does not change with what happened at the purchase or after it", async () => {
    const whole = await transitions(log("whole.csv", rows), ["a", "b", "c"]);
    const later = rows.map(([from, to, at, maker]): Row => {
      const isLater = at >= when(6);
      return [from, to, at, isLater && from === "b" ? "Acme" : maker];
    });
    const busy: Row[] = Array.from({ length: 20 }, (_, i) => [
      "a",
      "c",
      `2026-06-${String(6 + i).padStart(2, "0")} 10:00:00`,
      "Bolt",
    ]);
    const other = await transitions(log("later.csv", [...later, ...busy]), ["a", "b", "c"]);
    for (const name of whole.table.features.columns.keys()) {
      if (!name.startsWith("friend")) continue;
      expect(other.of(name, other.row("a", "Bolt")), name).toBe(whole.of(name, whole.row("a", "Bolt")));
    }
  });

  it("counts a switch within 90 days as news", async () => {
    const ofB = (at: string) => (at < when(5) ? "Acme" : "Bolt");
    const recent = rows.map(([from, to, at, maker]): Row => [from, to, at, from === "b" ? ofB(at) : maker]);
    const { of, row } = await transitions(log("recent.csv", recent), ["a", "b", "c"]);
    expect(of("friend_switch_Bolt", row("a", "Bolt"))).toBeCloseTo(0.5, 6);
    expect(of("friend_switches", row("a", "Bolt"))).toBeCloseTo(0.5, 6);
  });

  it("is there for customers at the end of the logs, under the same names", async () => {
    const customers = await openCustomers({
      customers: { source: write(folder, "crm.csv", "customer_id\na\nb\nx\n") },
      calls: { source: log("now.csv", rows) },
      network: { people: ["a", "b", "c"] },
      resources: { threads: 1 },
    });
    onTestFinished(() => customers.close());
    for await (const { table } of await customers.read({ now: new Date() })) {
      expect(column(table, "friends")).toEqual([2, 2, null]);
      expect(column(table, "friend_share_Bolt")[0]).toBeCloseTo(0.5, 6);
      expect(column(table, "friend_switch_Bolt")[1]).toBeCloseTo(0.5, 6);
    }
  });

  it("is not there where nobody asked for the network", async () => {
    const customers = await openCustomers({ calls: { source: log("none.csv", rows) } });
    onTestFinished(() => customers.close());
    expect(customers.network).toBeNull();
    const { features } = await customers.transitions();
    expect([...features.columns.keys()].filter((name) => name.startsWith("friend"))).toEqual([]);
  });
});
