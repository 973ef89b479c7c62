import type { ExperimentTable } from "../statistics/index.ts";
import type { TableSource } from "../tables/index.ts";
import type { ExperimentOptions } from "./experiment/options.ts";
import { type CustomersOptions, openCustomers } from "./open.ts";
import type { CustomerReadOptions } from "./read.ts";
import type { CustomerReader } from "./types.ts";

/**
 * Reads one CRM file without logs. The file is closed after the last batch, or when the loop ends early.
 *
 * @throws as `openCustomers`
 *
 * @example
 * const reader = await readCustomers({ customers: { source: "customers.csv" }, now: new Date() });
 * for await (const batch of reader) console.log(batch.rows);
 */
export async function readCustomers(
  options: CustomersOptions & CustomerReadOptions,
): Promise<CustomerReader> {
  const customers = await openCustomers(options);
  try {
    const reader = await customers.read(options);
    return {
      rows: reader.rows,
      features: reader.features,
      hasIds: reader.hasIds,
      get report() {
        return reader.report;
      },
      async *[Symbol.asyncIterator]() {
        try {
          yield* reader;
        } finally {
          await customers.close();
        }
      },
    };
  } catch (error) {
    await customers.close();
    throw error;
  }
}

/**
 * Reads the log of a past campaign into memory: 8 bytes per number and 4 per category, for each row and column.
 *
 * @throws as `openCustomers`, ERR_ARM_EMPTY
 *
 * @example
 * const experiment = await readExperiment("experiment.csv");
 * const { model } = await trainOffers({ experiment }, { createdAt: new Date() });
 */
export async function readExperiment(
  source: TableSource,
  options: ExperimentOptions & Omit<CustomersOptions, "experiment"> = {},
): Promise<ExperimentTable> {
  const customers = await openCustomers({ ...options, experiment: { ...options, source } });
  try {
    return await customers.experiment();
  } finally {
    await customers.close();
  }
}
