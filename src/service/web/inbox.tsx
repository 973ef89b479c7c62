import { signal } from "@preact/signals";
import type { AdRow } from "../review/schemas.ts";
import { BulkButtons, createActions } from "./actions.tsx";
import { ads } from "./api.tsx";
import { Badge } from "./badge.tsx";
import { createList, isOpen, ListPage } from "./list.tsx";
import { me } from "./request.tsx";
import { go } from "./route.tsx";
import { customers } from "./words.ts";

/** The page of the distinct ads of a run, in order of risk. */

const offer = signal("");

export const inbox = createList<AdRow>(
  ads,
  [
    ["open", "To review", isOpen],
    ["plain", "No warnings, known faces", (ad) => isOpen(ad) && ad.warnings === 0 && !ad.new_face],
    ["warnings", "With warnings", ({ warnings }) => warnings > 0],
    ["new_face", "New faces", (ad) => ad.new_face],
    ["mine", "Assigned to me", ({ standing }) => standing.assignee === me.value?.name],
    ["approved", "Approved", ({ standing }) => standing.state === "approved"],
    ["changes_requested", "Changes requested", ({ standing }) => standing.state === "changes_requested"],
    ["all", "All", () => true],
  ],
  (ad) => offer.value === "" || ad.offer === offer.value,
);

export const actions = createActions("ads", "ads", inbox);

export function Inbox() {
  const { onCurrent } = inbox;
  const current = inbox.shown.value[inbox.index.value];
  const open = ({ hash }: AdRow) => go("ad", hash);
  return (
    <ListPage
      list={inbox}
      title="Inbox"
      noun="ads"
      keys={{
        a: onCurrent(actions.approve, 1),
        r: onCurrent(actions.reject),
        u: onCurrent(actions.undo),
        c: onCurrent(actions.comment),
        n: onCurrent(actions.assign),
      }}
      onPick={open}
      onOpen={open}
      draw={(ad) => <Card ad={ad} />}
    >
      <OfferFilter />
      <BulkButtons actions={actions} isEmpty={current === undefined} />
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
