import { computed, signal } from "@preact/signals";

/** The page that is shown, in the address after `#`. */
const hash = signal(location.hash);
/** Whether a page of ours was shown before this one. */
let hasEarlier = false;
addEventListener("hashchange", () => {
  hash.value = location.hash;
  hasEarlier = true;
});

export type Page = "inbox" | "ad" | "photos" | "campaign" | "focus";

export interface Route {
  readonly page: Page;
  readonly id: string;
}

const PAGES: readonly Page[] = ["inbox", "ad", "photos", "campaign", "focus"];

export const route = computed((): Route => {
  const [name = "", id = ""] = hash.value.replace(/^#\/?/, "").split("/");
  return { page: PAGES.find((page) => page === name) ?? "inbox", id };
});

export function go(page: Page, id = ""): void {
  location.hash = id === "" ? `/${page}` : `/${page}/${id}`;
}

/** @param otherwise the page if the present one was opened by its address */
export function back(otherwise: Page): void {
  if (hasEarlier) history.back();
  else go(otherwise);
}
