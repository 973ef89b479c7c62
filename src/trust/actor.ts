import { userInfo } from "node:os";

/** The acting person or job, for the audit log: `LOOKALIKE_ACTOR`, else the user of the process. */
export function actorOf(env: Readonly<Record<string, string | undefined>>): string {
  if (env.LOOKALIKE_ACTOR) return env.LOOKALIKE_ACTOR;
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
