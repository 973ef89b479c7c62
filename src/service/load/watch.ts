import { stat } from "node:fs/promises";

/** Notices changed files by their size and time; files that appear or disappear are changes too. */
export interface Watch {
  close(): void;
}

export interface WatchOptions<Part extends string> {
  /** Files and folders by the part that depends on them. Called at each check: a changed campaign can name other files. */
  readonly files: () => Readonly<Record<Part, readonly string[]>>;
  /** Called with the changed parts once no file changed between two checks; never concurrently. */
  readonly onChange: (parts: ReadonlySet<Part>) => Promise<void>;
  /** Default 500. */
  readonly everyMs?: number | undefined;
}

export async function watchFiles<Part extends string>(options: WatchOptions<Part>): Promise<Watch> {
  const { files, onChange, everyMs = 500 } = options;
  let taken = await look(files());
  let before = taken;
  let isBusy = false;
  const check = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      const now = await look(files());
      const isSettled = [...now].every(([part, state]) => before.get(part) === state);
      before = now;
      const changed = [...now].filter(([part, state]) => taken.get(part) !== state).map(([part]) => part);
      if (!isSettled || changed.length === 0) return;
      taken = now;
      await onChange(new Set(changed as Part[]));
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void check(), everyMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

async function look(files: Readonly<Record<string, readonly string[]>>): Promise<Map<string, string>> {
  const states = Object.entries(files).map(async ([part, paths]) => {
    const each = await Promise.all(paths.map(stateOf));
    return [part, each.join("\n")] as const;
  });
  return new Map(await Promise.all(states));
}

async function stateOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? `${path} missing` : `${path} ${found.size} ${found.mtimeMs} ${found.ino}`;
}
