/** How long a command may take to end after the first signal, unless it asks for more. */
const GRACE_MS = 1800;

export interface SignalListening {
  /** Gives the command more time to end: a server answers what is under way first. */
  allow(ms: number): void;
  stop(): void;
}

/**
 * Aborts a command on SIGINT and SIGTERM. What does not stop in time, such as a native library in the middle of a picture,
 * ends with the process, which then dies of SIGINT (130 to a shell): whatever was written stays whole, and the next run
 * resumes.
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
    // Waits on after the command has ended, while something native still keeps the process, and no longer.
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
