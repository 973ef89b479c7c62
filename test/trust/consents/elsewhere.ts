import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { built } from "../../built.ts";

/** Opens a registry in another process, withdraws a customer's consents and closes it. */
export async function withdrawElsewhere(path: string, id: string): Promise<void> {
  const door = pathToFileURL(await built("trust/index.js")).href;
  const code = `const { openConsents } = await import(${JSON.stringify(door)});
    const registry = await openConsents(${JSON.stringify(path)});
    registry.withdraw(${JSON.stringify(id)}, { at: new Date("2026-06-01T00:00:00Z") });
    registry.close();`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
}
