import { openConsents, privacyFiles } from "../../../src/trust/index.ts";
import { createClient } from "./http.ts";
import { openLoop } from "./load.ts";
import type { BenchWorld } from "./world.ts";

export interface WithdrawalReport {
  readonly trials: number;
  /** Withdrawals after which a look-alike was still answered. */
  readonly late: number;
  /** From the withdrawal's return to the last look-alike that was answered, ms; 0: none was. */
  readonly longest: number;
  /** From the withdrawal's return to the first answer without a look-alike, ms. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Withdraws consents in this process while another serves, under load; then asks for each customer until 20 answers in a
 * row have no look-alike.
 */
export async function measureWithdrawals(
  world: BenchWorld,
  port: number,
  { trials, perSecond }: { readonly trials: number; readonly perSecond: number },
): Promise<WithdrawalReport> {
  const consents = await openConsents(privacyFiles(world.privacy).consents);
  const [client, background] = [createClient(port, 4), createClient(port, 32)];
  let isDone = false;
  const noise = (async () => {
    while (!isDone) {
      await openLoop({
        perSecond,
        seconds: 1,
        send: async (i) => {
          const customer_id = world.ids[(i * 7919) % world.ids.length];
          return (await background.post("/v1/decisions", JSON.stringify({ customer_id }))).status === 200;
        },
      });
    }
  })();
  const isLookalike = async (customer_id: string) => {
    const { body } = await client.post("/v1/decisions", JSON.stringify({ customer_id }));
    return JSON.parse(body).photo?.basis === "lookalike";
  };
  const firsts: number[] = [];
  let [late, longest] = [0, 0];
  // Taken from the end, so that the load mostly asks for others.
  for (const customerId of world.lookalikes.slice(-trials)) {
    if (!(await isLookalike(customerId))) throw new Error(`${customerId} had no look-alike to begin with`);
    consents.withdraw(customerId, { at: new Date() });
    const withdrawnAt = performance.now();
    let [last, first] = [0, 0];
    for (let clean = 0; clean < 20; ) {
      if (await isLookalike(customerId)) {
        last = performance.now() - withdrawnAt;
        clean = 0;
      } else {
        first ||= performance.now() - withdrawnAt;
        clean++;
      }
    }
    if (last > 0) late++;
    longest = Math.max(longest, last);
    firsts.push(first);
  }
  isDone = true;
  await noise;
  client.close();
  background.close();
  consents.close();
  firsts.sort((a, b) => a - b);
  const at = (share: number) => firsts[Math.floor(share * (firsts.length - 1))] ?? Number.NaN;
  return { trials: firsts.length, late, longest, p50: at(0.5), p99: at(0.99) };
}
