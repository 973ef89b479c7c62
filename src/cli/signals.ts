/** How long a command may take to end after the first signal. */
const GRACE_MS = 1800;

/**
 * Aborts a command on SIGINT and SIGTERM. What does not stop in time, such as a native library in the middle of a picture,
 * ends with the process, which then dies of SIGINT (130 to a shell): whatever was written stays whole, and the next run
 * resumes.
 *
 * @returns ends the listening
 */
export function listenForSignals(controller: AbortController, stderr: NodeJS.WritableStream): () => void {
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
    }, GRACE_MS);
    // Waits on after the command has ended, while something native still keeps the process, and no longer.
    timer.unref();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return stop;
}
