import { LookalikeError } from "../core/index.ts";
import { reason } from "../io/files.ts";

/** The state of stdout while a command runs. */
export interface StdoutWatch {
  /** Why it can no longer be written; null: it can. */
  failure(): LookalikeError | null;
  /**
   * Waits until all is written.
   *
   * @throws ERR_OUTPUT_UNWRITABLE
   */
  flush(): Promise<void>;
}

/**
 * Ends a command cleanly if the reader of stdout has closed it (`| head`) or the disk is full. The command is
 * aborted as by Ctrl-C, so that the next run resumes it.
 */
export function watchStdout(stdout: NodeJS.WritableStream, controller: AbortController): StdoutWatch {
  let failure: LookalikeError | null = null;
  stdout.on("error", (cause: NodeJS.ErrnoException) => {
    const why = cause.code === "EPIPE" ? "its reader has closed it" : reason(cause);
    failure ??= new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write to stdout: ${why}`, {
      hint: "Run the same command again to resume; write stdout to a disk with free space.",
      cause,
    });
    controller.abort(failure);
  });
  return {
    failure: () => failure,
    async flush() {
      await new Promise<void>((resolve) => {
        if (stdout.write("", () => resolve()) === undefined) resolve();
      });
      if (failure !== null) throw failure;
    },
  };
}
