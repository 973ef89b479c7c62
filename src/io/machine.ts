import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/**
 * What is the same for all processes of a machine, those in containers too, and different on every other: the boot id of
 * the Linux kernel, which changes when the machine starts again; elsewhere the host's name.
 */
export function machineId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return hostname();
  }
}
