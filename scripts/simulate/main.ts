import { parseArgs } from "node:util";
import { simulateTelco } from "./telco.ts";
import { writeTelco } from "./write.ts";

/** `npx tsx scripts/simulate/main.ts --out folder [--customers 2000] [--months 24] [--seed 1] [--format csv|parquet]` */
const { values } = parseArgs({
  options: {
    out: { type: "string" },
    customers: { type: "string", default: "2000" },
    months: { type: "string", default: "24" },
    calls: { type: "string", default: "6" },
    seed: { type: "string", default: "1" },
    format: { type: "string", default: "csv" },
  },
});

if (values.out === undefined || (values.format !== "csv" && values.format !== "parquet")) {
  process.stderr.write("Expected --out <folder> and --format csv or parquet\n");
  process.exitCode = 2;
} else {
  const telco = simulateTelco({
    customers: Number(values.customers),
    months: Number(values.months),
    callsPerMonth: Number(values.calls),
    seed: Number(values.seed),
  });
  const paths = await writeTelco(telco, values.out, values.format);
  for (const path of Object.values(paths)) process.stderr.write(`${path}\n`);
}
