import { openConsents } from "../../../src/trust/index.ts";

/** Withdraws in a process of its own, and ends. */
const [path = "", id = ""] = process.argv.slice(2);
const registry = await openConsents(path);
registry.withdraw(id, { at: new Date("2026-06-01T00:00:00Z") });
registry.close();
