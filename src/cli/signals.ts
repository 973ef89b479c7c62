/** How long a command may take to end after the first signal, unless it sets more. */
const GRACE_MS = 1800;

export interface SignalListening {
  /** Gives the command more time to end: a server finishes open requests first. */
  allow(ms: number): void;
  stop(): void;
}

/**
 * Aborts a command on SIGINT and SIGTERM. Work that does not stop in time, such as in a native library, ends
 * with the process, which then exits by SIGINT (130 to a shell). All written files stay valid, and the next
 * run resumes.
 */
export function listenForSignals(
  controller: AbortController,
  stderr: NodeJS.WritableStream,
): SignalListening {
  let graceMs = GRACE_MS;
  const stop = () => {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  };
  let isInterrupted = false;
  const interrupt = () => {
    controller.abort(new Error("interrupted"));
    if (isInterrupted) return;
    isInterrupted = true;
    const timer = setTimeout(() => {
      stderr.write("\nInterrupted. Run the same command again to resume.\n");
      stop();
      process.kill(process.pid, "SIGINT");
    }, graceMs);
    // Keeps running after the command has ended while native work keeps the process alive, and no longer.
    timer.unref();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    stop,
    allow: (ms) => {
      graceMs = ms;
    },
  };
}
