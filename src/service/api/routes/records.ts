import { z } from "zod";
import { invalidOption } from "../../../core/index.ts";
import type { ExposureRecord, OutcomeRecord, RecordBatch } from "../../../handover/index.ts";
import type { ApiContext } from "../context.ts";
import type { Http } from "../http.ts";
import * as schemas from "../schemas.ts";
import { onceOf, reusedKey } from "./decisions.ts";

const tags = ["records"];
const security = [{ key: [] }];
const headers = z.object({ "idempotency-key": z.string().min(1).max(200).optional() });
const response = { 200: schemas.accepted, 400: schemas.problem, 422: schemas.problem };

/** Routes that store what customers saw and did. An answer of 200 means that the records are on disk. */
export function addRecords(app: Http, context: ApiContext): void {
  const onRequest = context.access.needs("outcome");
  const keep = async (batch: RecordBatch, counts: Counts): Promise<schemas.AcceptedAnswer> => {
    const { status, erased } = await context.writer.append(batch);
    if (status === "conflict") throw reusedKey();
    const repeated = status === "repeated";
    const accepted = counts.known - erased;
    if (!repeated) context.metrics.record(counts.kind, accepted);
    return { accepted, erased, unknown: counts.unknown, repeated };
  };

  app.post(
    "/v1/outcomes",
    {
      onRequest,
      schema: {
        tags,
        security,
        summary: "What customers did after they were shown an ad, or nothing",
        headers,
        body: schemas.outcomesRequest,
        response,
      },
    },
    async (request) => {
      const { body } = request;
      const rows = "outcomes" in body ? body.outcomes : [body];
      const outcomes = rows.flatMap((row): OutcomeRecord[] => {
        const about = subjectOf(context, row);
        return about === null ? [] : [{ ...about, converted: row.converted, value: row.value }];
      });
      const counts = {
        kind: "outcomes",
        known: outcomes.length,
        unknown: rows.length - outcomes.length,
      } as const;
      return keep({ once: onceOf(context, request, body), outcomes }, counts);
    },
  );

  app.post(
    "/v1/exposures",
    {
      onRequest,
      schema: {
        tags,
        security,
        summary: "Ads that customers saw; a decision is not an exposure",
        headers,
        body: schemas.exposuresRequest,
        response,
      },
    },
    async (request) => {
      const { body } = request;
      const rows = "exposures" in body ? body.exposures : [body];
      const exposures = rows.flatMap((row): ExposureRecord[] => {
        const about = subjectOf(context, row);
        return about === null ? [] : [{ ...about, channel: row.channel }];
      });
      const counts = {
        kind: "exposures",
        known: exposures.length,
        unknown: rows.length - exposures.length,
      } as const;
      return keep({ once: onceOf(context, request, body), exposures }, counts);
    },
  );
}

interface Counts {
  readonly kind: "outcomes" | "exposures";
  readonly known: number;
  readonly unknown: number;
}

interface Subject {
  readonly customer_id?: string | undefined;
  readonly decision?: string | undefined;
  readonly at?: string | undefined;
}

/** A time further ahead than this is a wrong date; smaller differences are clock skew. */
const CLOCK_SKEW_MS = 10 * 60_000;

function subjectOf(context: ApiContext, { customer_id, decision, at }: Subject) {
  const now = context.now();
  const moment = at === undefined ? now : new Date(at);
  if (moment.getTime() > now.getTime() + CLOCK_SKEW_MS) throw invalidOption("a past moment", "at", at);
  const customerId = customer_id ?? context.responder().customerOf(decision ?? "");
  return customerId === null ? null : { customerId, at: moment };
}
