import { signal } from "@preact/signals";
import type { AdRow } from "../review/schemas.ts";
import { act, ads, me } from "./api.tsx";
import { Badge, customers } from "./badge.tsx";
import { question } from "./dialog.tsx";
import { createList, ListPage } from "./list.tsx";
import { go } from "./route.tsx";

/** The page of the distinct ads of a run, in order of risk, and what a reviewer does to ads. */

const offer = signal("");

export const inbox = createList<AdRow>(
  ads,
  [
    ["open", "To review", ({ standing }) => standing.state === "draft" || standing.state === "in_review"],
    ["warnings", "With warnings", ({ warnings }) => warnings > 0],
    ["new_face", "New faces", (ad) => ad.new_face],
    ["mine", "Assigned to me", ({ standing }) => standing.assignee === me.value?.name],
    ["approved", "Approved", ({ standing }) => standing.state === "approved"],
    ["changes_requested", "Changes requested", ({ standing }) => standing.state === "changes_requested"],
    ["all", "All", () => true],
  ],
  (ad) => offer.value === "" || ad.offer === offer.value,
);

export function approve({ hash }: AdRow): void {
  inbox.keep(hash);
  void act("ads", { action: "approve", hashes: [hash] });
}

export function reject({ hash }: AdRow): void {
  question.value = {
    title: "Request changes",
    label: "What must change?",
    button: "Request changes",
    onText: (text) => {
      inbox.keep(hash);
      void act("ads", { action: "reject", hashes: [hash], text });
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

export function assign(ad: AdRow): void {
  askAssignee("Assign", [ad.hash]);
}

function askAssignee(title: string, hashes: readonly string[]): void {
  question.value = {
    title,
    label: "Name of the reviewer, as on their key",
    button: "Assign",
    onText: (assignee) => void act("ads", { action: "assign", hashes: [...hashes], assignee }),
  };
}

export function undo({ hash }: AdRow): void {
  void act("ads", { action: "undo", hashes: [hash] });
}

/** Approves all ads that the filters show: the filters are the rule. */
function approveAll(): void {
  const hashes = inbox.shown.value.map(({ hash }) => hash);
  if (hashes.length === 0) return;
  question.value = {
    title: `Approve ${hashes.length} ads`,
    label: "Why may all of these be published?",
    button: `Approve ${hashes.length}`,
    onText: (text) => void act("ads", { action: "approve", hashes, text }),
  };
}

function assignAll(): void {
  const hashes = inbox.shown.value.map(({ hash }) => hash);
  if (hashes.length > 0) askAssignee(`Assign ${hashes.length} ads`, hashes);
}

export function Inbox() {
  const index = inbox.index.value;
  const current = inbox.shown.value[index];
  const onCurrent =
    (action: (ad: AdRow) => void, step = 0) =>
    () => {
      if (current === undefined) return;
      action(current);
      if (step > 0) inbox.select(index + step);
    };
  return (
    <ListPage
      list={inbox}
      title="Inbox"
      noun="ads"
      keys={{
        a: onCurrent(approve, 1),
        r: onCurrent(reject),
        u: onCurrent(undo),
        c: onCurrent(comment),
        n: onCurrent(assign),
      }}
      onOpen={({ hash }) => go("ad", hash)}
      draw={(ad) => <Card ad={ad} />}
    >
      <OfferFilter />
      <button type="button" onClick={approveAll} disabled={current === undefined}>
        Approve all shown
      </button>
      <button type="button" onClick={assignAll} disabled={current === undefined}>
        Assign all shown
      </button>
    </ListPage>
  );
}

function OfferFilter() {
  const offers = [...new Set((ads.value ?? []).map((ad) => ad.offer))];
  return (
    <label>
      Offer{" "}
      <select
        value={offer.value}
        onChange={(event) => {
          offer.value = event.currentTarget.value;
          inbox.select(0);
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
  );
}

/** Why an ad has its photo. */
const BASES: Readonly<Record<string, string>> = {
  lookalike: "look-alike",
  default: "default photo",
  drawn: "photo drawn at random",
};

function Card({ ad }: { readonly ad: AdRow }) {
  const marks = [
    ad.warnings > 0 ? `${ad.warnings} ${ad.warnings === 1 ? "warning" : "warnings"}` : "",
    ad.new_face ? "new face" : "",
    customers(ad.reach),
  ].filter(Boolean);
  return (
    <div class="card-body">
      <img src={ad.thumb} alt="" loading="lazy" width="240" height="200" />
      <strong>{ad.headline}</strong>
      <span>
        {ad.offer} · {BASES[ad.basis] ?? ad.basis}
      </span>
      <span class={ad.warnings > 0 ? "marks warn" : "marks"}>{marks.join(" · ")}</span>
      <Badge standing={ad.standing} />
    </div>
  );
}
