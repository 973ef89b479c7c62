import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Standing } from "../review/schemas.ts";
import { isHelpOpen } from "./dialog.tsx";
import { Grid } from "./grid.tsx";
import { type Keys, useKeys } from "./keys.tsx";

/** A page with a filtered list of items that keys select and open: ads or photos. */

interface Listed {
  readonly hash: string;
}

export type ListFilter<Item> = readonly [name: string, label: string, shows: (item: Item) => boolean];

export interface List<Item extends Listed> {
  readonly filters: readonly ListFilter<Item>[];
  readonly filter: ReadonlySignal<string>;
  readonly shown: ReadonlySignal<readonly Item[]>;
  /** Index within `shown` of the item that keys act on. */
  readonly index: ReadonlySignal<number>;
  select(index: number): void;
  choose(filter: string): void;
  /** An action on the item that keys act on, which then moves `step` items down; nothing if the list is empty. */
  onCurrent(action: (item: Item) => void, step?: number): () => void;
  /** Keeps showing an item until another filter is chosen, so that a decision can be undone. */
  keep(hash: string): void;
}

/** Whether nobody has decided on an item yet. */
export function isOpen({ standing: { state } }: { readonly standing: Standing }): boolean {
  return state === "draft" || state === "in_review";
}

/** @param isShown a condition besides the filter */
export function createList<Item extends Listed>(
  items: ReadonlySignal<readonly Item[] | null>,
  filters: readonly ListFilter<Item>[],
  isShown: (item: Item) => boolean = () => true,
): List<Item> {
  const filter = signal(filters[0]?.[0] ?? "");
  const active = signal(0);
  const kept = signal<ReadonlySet<string>>(new Set());
  const shown = computed(() => {
    const shows = filters.find(([name]) => name === filter.value)?.[2] ?? (() => true);
    return (items.value ?? []).filter((item) => (kept.value.has(item.hash) || shows(item)) && isShown(item));
  });
  const index = computed(() => Math.min(active.value, Math.max(0, shown.value.length - 1)));
  const select = (to: number) => {
    active.value = Math.min(shown.value.length - 1, Math.max(0, to));
  };
  return {
    filters,
    filter,
    shown,
    index,
    select,
    onCurrent:
      (action, step = 0) =>
      () => {
        const from = index.value;
        const item = shown.value[from];
        if (item === undefined) return;
        action(item);
        if (step > 0) select(from + step);
      },
    choose(name) {
      filter.value = name;
      kept.value = new Set();
      active.value = 0;
    },
    keep(hash) {
      kept.value = new Set([...kept.value, hash]);
    },
  };
}

interface ListPageProps<Item extends Listed> {
  readonly list: List<Item>;
  readonly title: string;
  /** Plural of the items, for the count beside the title. */
  readonly noun: string;
  readonly keys: Keys;
  /** A click; default: it only selects the item. */
  readonly onPick?: (item: Item) => void;
  /** Enter, or a double click. */
  readonly onOpen: (item: Item) => void;
  readonly draw: (item: Item) => ComponentChildren;
  /** Further tools beside the filters. */
  readonly children?: ComponentChildren;
}

export function ListPage<Item extends Listed>(props: ListPageProps<Item>) {
  const { list, title, noun, onPick = () => {}, onOpen, draw, children } = props;
  const items = list.shown.value;
  const index = list.index.value;
  const open = () => {
    const item = items[index];
    if (item !== undefined) onOpen(item);
  };
  const move = (step: number) => {
    list.select(index + step);
    // With the focus on a button, Enter would press the button instead of opening the item.
    document.querySelector<HTMLElement>("[role=listbox]")?.focus({ preventScroll: true });
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: open,
    "?": () => {
      isHelpOpen.value = true;
    },
    ...props.keys,
  });
  return (
    <section class="list" aria-labelledby="list-title">
      <h1 id="list-title">
        {title}{" "}
        <small>
          {items.length.toLocaleString("en")} {noun}
        </small>
      </h1>
      <div class="toolbar">
        <fieldset class="filters">
          <legend class="hidden">Show</legend>
          {list.filters.map(([name, label]) => (
            <button
              key={name}
              type="button"
              aria-pressed={list.filter.value === name}
              onClick={() => list.choose(name)}
            >
              {label}
            </button>
          ))}
        </fieldset>
        {children}
      </div>
      {items.length === 0 ? (
        <p class="empty">Nothing to show with this filter.</p>
      ) : (
        <Grid
          items={items}
          keyOf={({ hash }) => hash}
          label={title}
          active={index}
          onActive={list.select}
          onPick={onPick}
          onOpen={onOpen}
          draw={draw}
        />
      )}
    </section>
  );
}
