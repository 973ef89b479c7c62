import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** The metrics of `/metrics`; no label contains a customer. The adapter of prom-client. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  request(route: string, method: string, status: number, seconds: number): void;
  decision(source: "run" | "computed", status: "ad" | "none", reason: string): void;
  record(kind: "outcomes" | "exposures", count: number): void;
  shed(): void;
  reload(result: "done" | "failed"): void;
  /** Mean delay of the event loop since the last call, ms. */
  takeLag(): number;
  close(): void;
}

export interface MetricSources {
  readonly pending: () => number;
  readonly decisions: () => number;
}

export function createMetrics({ pending, decisions }: MetricSources): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register, prefix: "lookalike_" });
  const registers = [register];
  const requests = new Histogram({
    name: "lookalike_http_request_seconds",
    help: "Time from the head of a request to the end of its answer",
    labelNames: ["route", "method", "status"],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5],
    registers,
  });
  const answered = createTally(["source", "status", "reason"]);
  new Counter({
    name: "lookalike_decisions_total",
    help: "Decisions returned, by source",
    labelNames: ["source", "status", "reason"],
    registers,
    collect() {
      for (const [labels, count] of answered.take()) this.inc(labels, count);
    },
  });
  const records = new Counter({
    name: "lookalike_records_total",
    help: "Outcomes and exposures on disk",
    labelNames: ["kind"],
    registers,
  });
  const sheds = new Counter({ name: "lookalike_shed_total", help: "Requests answered with 503", registers });
  const reloads = new Counter({
    name: "lookalike_reloads_total",
    help: "Changes on disk that were loaded or rejected",
    labelNames: ["result"],
    registers,
  });
  new Gauge({
    name: "lookalike_pending",
    help: "Customers whose portrait or picture is waiting in the background",
    registers,
    collect() {
      this.set(pending());
    },
  });
  new Gauge({
    name: "lookalike_run_decisions",
    help: "Decisions of the finished run that are served",
    registers,
    collect() {
      this.set(decisions());
    },
  });
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  return {
    contentType: register.contentType,
    render: () => register.metrics(),
    request: (route, method, status, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    decision: (source, status, reason) => answered.add(`${source}\n${status}\n${reason}`),
    record: (kind, count) => records.inc({ kind }, count),
    shed: () => sheds.inc(),
    reload: (result) => reloads.inc({ result }),
    takeLag() {
      const milliseconds = lag.mean / 1e6 - 10;
      lag.reset();
      return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
    },
    close() {
      lag.disable();
      register.clear();
    },
  };
}

/** Counts between two collections: a counter of the library costs more per request. */
function createTally(names: readonly string[]) {
  const counts = new Map<string, number>();
  return {
    /** @param values of the labels, separated by line breaks */
    add: (values: string) => void counts.set(values, (counts.get(values) ?? 0) + 1),
    take() {
      const taken = [...counts].map(([values, count]) => {
        const each = values.split("\n");
        return [Object.fromEntries(names.map((name, i) => [name, each[i] ?? ""])), count] as const;
      });
      counts.clear();
      return taken;
    },
  };
}
