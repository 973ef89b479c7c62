import { campaign } from "./api.tsx";
import { isHelpOpen } from "./dialog.tsx";
import { useKeys } from "./keys.tsx";
import { go } from "./route.tsx";

/** Counts of the run: states, offers, reasons, arms. */
export function Campaign() {
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
        Approval: {view.approval}. {view.exposures.toLocaleString("en")} exposures and{" "}
        {view.outcomes.toLocaleString("en")} outcomes reported
        {view.outcomes > 0 ? "; `lookalike results` reads them." : "."}
      </p>
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

function Counts({
  title,
  counts,
}: {
  readonly title: string;
  readonly counts: Readonly<Record<string, number>>;
}) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">count</th>
          <th scope="col">share</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(counts)
          .toSorted(([, a], [, b]) => b - a)
          .map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{name.replaceAll("_", " ")}</th>
              <td>{count.toLocaleString("en")}</td>
              <td>{total === 0 ? "" : `${((100 * count) / total).toFixed(1)} %`}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
