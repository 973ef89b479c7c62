import { connect, type Socket } from "node:net";

/** An answer as far as the load needs it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Requests over connections that stay open; the lean client leaves the processor to the server. */
export interface Client {
  post(path: string, body: string, headers?: string): Promise<Answer>;
  close(): void;
}

interface Waiting {
  readonly bytes: string;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** @param connections requests beyond so many wait for a free one */
export function createClient(port: number, connections: number): Client {
  const waiting: Waiting[] = [];
  const idle: Connection[] = Array.from({ length: connections }, () => openConnection(port, release));
  let isClosed = false;
  function release(connection: Connection): void {
    if (isClosed) return;
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else connection.send(next);
  }
  return {
    post(path, body, headers = "") {
      const bytes =
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
      return new Promise((resolve, reject) => {
        if (isClosed) return reject(new Error("closed"));
        const request = { bytes, resolve, reject };
        const connection = idle.pop();
        if (connection === undefined) waiting.push(request);
        else connection.send(request);
      });
    },
    close() {
      isClosed = true;
      for (const connection of idle) connection.close();
      for (const { reject } of waiting.splice(0)) reject(new Error("closed"));
    },
  };
}

interface Connection {
  send(request: Waiting): void;
  close(): void;
}

function openConnection(port: number, onFree: (connection: Connection) => void): Connection {
  let socket: Socket | null = null;
  let current: Waiting | null = null;
  let chunks: Buffer[] = [];
  const end = (error: Error) => {
    socket = null;
    const asked = current;
    current = null;
    chunks = [];
    asked?.reject(error);
    if (asked !== null) onFree(connection);
  };
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    const answer = parse(Buffer.concat(chunks));
    if (answer === null) return;
    const asked = current;
    current = null;
    chunks = [];
    asked?.resolve(answer);
    onFree(connection);
  };
  const connection: Connection = {
    send(request) {
      current = request;
      if (socket === null || socket.destroyed) {
        socket = connect(port, "127.0.0.1");
        socket.setNoDelay(true);
        socket.on("data", onData);
        socket.on("error", end);
        socket.on("close", () => end(new Error("the connection was closed")));
      }
      socket.write(request.bytes);
    },
    close: () => void socket?.destroy(),
  };
  return connection;
}

function parse(bytes: Buffer): Answer | null {
  const head = bytes.indexOf("\r\n\r\n");
  if (head < 0) return null;
  const text = bytes.toString("latin1", 0, head);
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  if (bytes.length < head + 4 + length) return null;
  return { status: Number(text.slice(9, 12)), body: bytes.toString("utf8", head + 4, head + 4 + length) };
}
