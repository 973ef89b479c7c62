import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { isLookalikeError } from "../../../core/index.ts";
import { openConsents } from "../../../trust/index.ts";
import { openRecords } from "../store.ts";
import type { RecordBatch } from "../types.ts";
import type { WriteReply, WriteRequest, WriterData } from "./types.ts";

/**
 * Appends on a separate thread, so that waiting for the disk blocks no request. All records that arrive until one
 * transaction ends goes into the next: one wait for the disk serves them all.
 */

const { out, consents, databaseKey } = workerData as WriterData;
const vault = databaseKey === null ? null : { databaseKey };
const port = parentPort;
if (port === null) throw new Error("this module runs as a worker thread");
const records = openRecords(out, { vault });
const registry = consents === null ? null : await openConsents(consents, { vault });
const isErased = (customerId: string) => registry?.isErased(customerId) ?? false;

port.on("message", (first: WriteRequest | "close") => {
  const requests: WriteRequest[] = [];
  for (let message: WriteRequest | "close" | undefined = first; message !== undefined; ) {
    if (message === "close") {
      write(requests);
      records.close();
      registry?.close();
      port.close();
      return;
    }
    requests.push(message);
    message = receiveMessageOnPort(port)?.message as WriteRequest | "close" | undefined;
  }
  write(requests);
});

function write(requests: readonly WriteRequest[]): void {
  if (requests.length === 0) return;
  const batches: readonly RecordBatch[] = requests.map(({ batch }) => batch);
  try {
    const outcomes = records.append(batches, { at: new Date(), isErased });
    requests.forEach(({ id }, i) => {
      const outcome = outcomes[i];
      if (outcome !== undefined) reply({ id, outcome });
    });
  } catch (error) {
    const { code, hint } = isLookalikeError(error) ? error : { code: null, hint: "" };
    const message = error instanceof Error ? error.message : String(error);
    for (const { id } of requests) reply({ id, error: { code, message, hint } });
  }
}

function reply(answer: WriteReply): void {
  port?.postMessage(answer);
}
