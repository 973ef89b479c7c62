import { isLookalikeError } from "../../src/core/index.ts";
import { OPERATIONS, type Operation } from "./operations.ts";

/** Runs one operation in a process of its own: says that it is ready, waits for the word, and reports how it ended. */
const [operation = "index", work = ""] = process.argv.slice(2);
process.send?.("ready");
process.once("message", async () => {
  try {
    await OPERATIONS[operation as Operation](work);
    process.send?.("done");
  } catch (error) {
    process.send?.(isLookalikeError(error) ? error.code : `uncoded: ${String(error)}`);
  }
  process.disconnect();
});
