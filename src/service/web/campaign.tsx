import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ResultsView } from "../review/schemas.ts";
import { campaign, readResults, status } from "./api.tsx";
import { isHelpOpen } from "./dialog.tsx";
import { useKeys } from "./keys.tsx";
import { newest } from "./order.ts";
import { go } from "./route.tsx";
import { reasonWords } from "./words.ts";

/** undefined: under way; null: the run is too large to read them here. */
const results = signal<ResultsView | null | undefined>(undefined);
const loadResults = newest(readResults, (found) => {
  results.value = found;
});

/** The effect of `policy.approval`. */
const APPROVALS: Readonly<Record<string, string>> = {
  none: "not required",
  warn: "not required, unapproved ads are counted",
  required: "required",
};

/** The page of the run's counts (states, offers, reasons, arms) and of the results. */
export function Campaign() {
  const outcomes = campaign.value?.outcomes ?? 0;
  useEffect(() => {
    if (outcomes === 0) return;
    loadResults().catch((error: Error) => {
      status.value = error.message;
    });
  }, [outcomes]);
  useKeys({
    Escape: () => go("inbox"),
    "?": () => {
      isHelpOpen.value = true;
    },
  });
  const view = campaign.value;
  if (view === null) return <p>Loading</p>;
  return (
    <section aria-labelledby="campaign-title">
      <h1 id="campaign-title">{view.name}</h1>
      <p>
        {view.customers.toLocaleString("en")} customers, {view.ads.toLocaleString("en")} distinct ads.
        Approval: {APPROVALS[view.approval] ?? view.approval}. {view.exposures.toLocaleString("en")} exposures
        and {view.outcomes.toLocaleString("en")} outcomes reported.
      </p>
      {outcomes === 0 ? null : <Results view={results.value} />}
      <div class="columns">
        <Counts title="Ads by state" counts={view.states} />
        <Counts title="Customers by offer" counts={view.offers} />
        <Counts title="Why this photo" counts={view.reasons} />
        {Object.entries(view.arms).map(([layer, counts]) => (
          <Counts key={layer} title={`Experiment: ${layer}`} counts={counts} />
        ))}
      </div>
    </section>
  );
}

function Results({ view }: { readonly view: ResultsView | null | undefined }) {
  return (
    <section aria-labelledby="results-title">
      <h2 id="results-title">Results so far</h2>
      {view == null ? (
        <p class="soft">
          {view === null ? "Read the results of this large run with `lookalike results`." : "Loading"}
        </p>
      ) : (
        <Comparisons view={view} />
      )}
    </section>
  );
}

function Comparisons({ view }: { readonly view: ResultsView }) {
  return (
    <>
      <p>
        <strong>{view.headline}</strong>
      </p>
      <p>{view.sentences.join(" ")}</p>
      {view.comparisons.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it can be scrolled by keyboard
        <section class="scroll" aria-label="Comparisons" tabIndex={0}>
          <table>
            <caption>Comparisons</caption>
            <thead>
              <tr>
                <th scope="col">Question</th>
                <th scope="col">Measured by</th>
                <th scope="col">Difference</th>
                <th scope="col">Verdict</th>
              </tr>
            </thead>
            <tbody>
              {view.comparisons.map(({ question, metric, effect, conclusion }) => (
                <tr key={`${question} ${metric}`}>
                  <th scope="row">{question}</th>
                  <td>{metric}</td>
                  <td>{effect}</td>
                  <td>{conclusion}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function Counts({
  title,
  counts,
}: {
  readonly title: string;
  readonly counts: Readonly<Record<string, number>>;
}) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <table class="counts">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Count</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(counts)
          .toSorted(([, a], [, b]) => b - a)
          .map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{reasonWords(name)}</th>
              <td>{count.toLocaleString("en")}</td>
              <td>{total === 0 ? "" : `${((100 * count) / total).toFixed(1)} %`}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
