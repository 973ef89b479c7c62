import type { Standing } from "../review/schemas.ts";

const WORDS: Readonly<Record<Standing["state"], string>> = {
  draft: "Draft",
  in_review: "In review",
  approved: "Approved",
  changes_requested: "Changes requested",
};

export function Badge({ standing }: { readonly standing: Standing }) {
  return (
    <span class={`badge ${standing.state}`}>
      {WORDS[standing.state]}
      {standing.assignee === null ? "" : ` · ${standing.assignee}`}
    </span>
  );
}
