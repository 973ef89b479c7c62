/** The order of requests and of their answers, which need not arrive in the order of the requests. */

/**
 * Requests that load the same thing. An answer, or an error, counts only if no later request was sent.
 *
 * @param show receives the answer that counts
 */
export function newest<Args extends readonly unknown[], Answer>(
  ask: (...args: Args) => Promise<Answer>,
  show: (answer: Answer) => void,
): (...args: Args) => Promise<void> {
  let sent = 0;
  return async (...args) => {
    sent++;
    const own = sent;
    try {
      const answer = await ask(...args);
      if (own === sent) show(answer);
    } catch (error) {
      if (own === sent) throw error;
    }
  };
}

/** Runs one piece of work at a time, in the order of the calls; work that fails does not stop the next one. */
export function inOrder(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const own = last.then(work);
    last = own.catch(() => {});
    return own;
  };
}

interface Row {
  readonly hash: string;
  /** `seq`: number of the last event. */
  readonly standing: { readonly seq: number };
}

type Standings<R extends Row> = Readonly<Record<string, R["standing"]>>;

/** Rows with the standings that are later than their own; the same array if there are none. */
export function withLater<R extends Row>(rows: readonly R[], standings: Standings<R>): readonly R[] {
  const isLater = ({ hash, standing }: R) => (standings[hash]?.seq ?? -1) > standing.seq;
  if (!rows.some(isLater)) return rows;
  return rows.map((row) => (isLater(row) ? { ...row, standing: standings[row.hash] } : row));
}

/** Loaded rows. Actions can be answered while the rows are under way: standings of the shown rows may be later. */
export function withLaterOf<R extends Row>(shown: readonly R[] | null, loaded: readonly R[]): readonly R[] {
  const standings = (shown ?? []).map(({ hash, standing }) => [hash, standing] as const);
  return withLater(loaded, Object.fromEntries(standings));
}
