import { computed, signal } from "@preact/signals";
import type { AdRow } from "../review/schemas.ts";
import { act, ads } from "./api.tsx";
import { Badge } from "./badge.tsx";
import { isHelpOpen, question } from "./dialog.tsx";
import { Grid } from "./grid.tsx";
import { useKeys } from "./keys.tsx";
import { go } from "./route.tsx";

/** The distinct ads of the run, the most risky first. */

type Filter = "open" | "all" | "approved" | "changes_requested" | "warnings" | "new_face";

const FILTERS: readonly (readonly [Filter, string])[] = [
  ["open", "To review"],
  ["warnings", "With warnings"],
  ["new_face", "New faces"],
  ["approved", "Approved"],
  ["changes_requested", "Changes requested"],
  ["all", "All"],
];

const filter = signal<Filter>("open");
const offer = signal("");
export const active = signal(0);

const TESTS: Readonly<Record<Filter, (ad: AdRow) => boolean>> = {
  open: ({ standing }) => standing.state === "draft" || standing.state === "in_review",
  all: () => true,
  approved: ({ standing }) => standing.state === "approved",
  changes_requested: ({ standing }) => standing.state === "changes_requested",
  warnings: ({ warnings }) => warnings > 0,
  new_face: (ad) => ad.new_face,
};

/** An item that was just decided stays where it is until the filter is chosen again, so that the next key is undo. */
const kept = signal<ReadonlySet<string>>(new Set());

export const shown = computed(() =>
  (ads.value ?? []).filter(
    (ad) =>
      (kept.value.has(ad.hash) || TESTS[filter.value](ad)) &&
      (offer.value === "" || ad.offer === offer.value),
  ),
);

function keep(hash: string): void {
  kept.value = new Set([...kept.value, hash]);
}

export function approve({ hash, standing }: AdRow): void {
  keep(hash);
  void act("ads", { action: "approve", hashes: [hash], seen: standing.seq });
}

export function reject({ hash, standing }: AdRow): void {
  question.value = {
    title: "Request changes",
    label: "What must change?",
    button: "Request changes",
    onText: (text) => {
      keep(hash);
      void act("ads", { action: "reject", hashes: [hash], text, seen: standing.seq });
    },
  };
}

export function comment({ hash }: AdRow): void {
  question.value = {
    title: "Comment",
    label: "Comment",
    button: "Add",
    onText: (text) => void act("ads", { action: "comment", hashes: [hash], text }),
  };
}

export function assign({ hash }: AdRow): void {
  question.value = {
    title: "Assign",
    label: "Name of the reviewer",
    button: "Assign",
    onText: (assignee) => void act("ads", { action: "assign", hashes: [hash], assignee }),
  };
}

export function undo({ hash }: AdRow): void {
  void act("ads", { action: "undo", hashes: [hash] });
}

/** All ads that the filter shows, which is how a rule is applied to many. */
function approveAll(): void {
  const hashes = shown.value.map(({ hash }) => hash);
  if (hashes.length === 0) return;
  question.value = {
    title: `Approve ${hashes.length} ads`,
    label: "Why may all of these be published?",
    button: `Approve ${hashes.length}`,
    onText: (text) => void act("ads", { action: "approve", hashes, text }),
  };
}

export function Inbox() {
  const items = shown.value;
  const index = Math.min(active.value, Math.max(0, items.length - 1));
  const current = items[index];
  const move = (step: number) => {
    active.value = Math.min(items.length - 1, Math.max(0, index + step));
  };
  const onCurrent =
    (action: (ad: AdRow) => void, step = 0) =>
    () => {
      if (current === undefined) return;
      action(current);
      if (step > 0) move(step);
    };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    a: onCurrent(approve, 1),
    r: onCurrent(reject),
    u: onCurrent(undo),
    c: onCurrent(comment),
    Enter: onCurrent(({ hash }) => go("ad", hash)),
    "?": () => {
      isHelpOpen.value = true;
    },
  });
  const offers = [...new Set((ads.value ?? []).map((ad) => ad.offer))];
  const choose = (value: Filter) => {
    filter.value = value;
    kept.value = new Set();
    active.value = 0;
  };
  return (
    <section class="inbox" aria-labelledby="inbox-title">
      <h1 id="inbox-title">
        Inbox <small>{items.length} ads</small>
      </h1>
      <div class="toolbar">
        <fieldset class="filters">
          <legend class="hidden">Show</legend>
          {FILTERS.map(([value, label]) => (
            <button
              key={value}
              type="button"
              aria-pressed={filter.value === value}
              onClick={() => choose(value)}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <label>
          Offer{" "}
          <select
            value={offer.value}
            onChange={(event) => {
              offer.value = event.currentTarget.value;
              active.value = 0;
            }}
          >
            <option value="">all</option>
            {offers.map((id) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={approveAll} disabled={items.length === 0}>
          Approve all shown
        </button>
      </div>
      {items.length === 0 ? (
        <p class="empty">Nothing to show with this filter.</p>
      ) : (
        <Grid
          items={items}
          keyOf={({ hash }) => hash}
          label="Ads"
          active={index}
          onActive={(next) => {
            active.value = next;
          }}
          onOpen={({ hash }) => go("ad", hash)}
          draw={(ad) => <Card ad={ad} />}
        />
      )}
    </section>
  );
}

function Card({ ad }: { readonly ad: AdRow }) {
  const marks = [
    ad.warnings > 0 ? `${ad.warnings} warnings` : "",
    ad.new_face ? "new face" : "",
    `${ad.reach.toLocaleString("en")} customers`,
  ].filter(Boolean);
  return (
    <div class="card-body">
      <img src={ad.thumb} alt="" loading="lazy" width="240" height="200" />
      <strong>{ad.headline}</strong>
      <span>
        {ad.offer} · {ad.basis}
      </span>
      <span class={ad.warnings > 0 ? "marks warn" : "marks"}>{marks.join(" · ")}</span>
      <Badge standing={ad.standing} />
    </div>
  );
}
