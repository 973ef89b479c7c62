import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/**
 * An id that is equal for all processes of a machine, those in containers included, and different on every
 * other machine: the boot id of the Linux kernel, which changes at each boot; elsewhere the host name.
 */
export function machineId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return hostname();
  }
}
