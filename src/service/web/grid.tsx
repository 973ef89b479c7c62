import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** A grid of any length that draws only the visible items; one item is active. */

interface GridProps<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly label: string;
  readonly active: number;
  readonly onActive: (index: number) => void;
  /** After a click, which also makes the item active. */
  readonly onPick: (item: T) => void;
  /** After a double click. */
  readonly onOpen: (item: T) => void;
  readonly draw: (item: T) => ComponentChildren;
}

/** px if a rem is 16 px, as on all but the largest screens. */
const CARD = { width: 260, height: 312 };
const REM = 16;
const OVERSCAN = 2;

export function Grid<T>({ items, keyOf, label, active, onActive, onPick, onOpen, draw }: GridProps<T>) {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 1000, height: 800 });
  const [top, setTop] = useState(0);
  const scale = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / REM;
  const cardHeight = Math.round(CARD.height * scale);
  const columns = Math.max(1, Math.floor(size.width / (CARD.width * scale)));
  const rows = Math.ceil(items.length / columns);

  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const start = Math.floor(active / columns) * cardHeight;
    if (start < element.scrollTop) element.scrollTop = start;
    const end = start + cardHeight - element.clientHeight;
    if (end > element.scrollTop) element.scrollTop = end;
  }, [active, columns, cardHeight]);

  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
      Home: -items.length,
      End: items.length,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onActive(Math.min(items.length - 1, Math.max(0, active + step)));
  };

  const onClicked = (then: (item: T) => void) => (event: MouseEvent) => {
    const card = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    const index = Number(card?.dataset.index ?? -1);
    const item = items[index];
    if (item === undefined) return;
    onActive(index);
    then(item);
  };

  const first = Math.max(0, Math.floor(top / cardHeight) - OVERSCAN) * columns;
  const last = (Math.ceil((top + size.height) / cardHeight) + OVERSCAN) * columns;
  const current = items[active];
  return (
    <div
      ref={ref}
      class="grid"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={current === undefined ? undefined : `item-${keyOf(current)}`}
      onKeyDown={move}
      onClick={onClicked(onPick)}
      onDblClick={onClicked(onOpen)}
      onScroll={() => setTop(ref.current?.scrollTop ?? 0)}
    >
      <div
        class="spacer"
        aria-hidden="true"
        role="presentation"
        style={{ height: `${rows * cardHeight}px` }}
      />
      {items.slice(first, last).map((item, i) => {
        const index = first + i;
        const key = keyOf(item);
        return (
          <div
            key={key}
            id={`item-${key}`}
            role="option"
            aria-selected={index === active}
            aria-posinset={index + 1}
            aria-setsize={items.length}
            class={index === active ? "card active" : "card"}
            style={{
              top: `${Math.floor(index / columns) * cardHeight}px`,
              left: `${((index % columns) * 100) / columns}%`,
              width: `${100 / columns}%`,
              height: `${cardHeight}px`,
            }}
            tabIndex={-1}
            data-index={index}
          >
            {draw(item)}
          </div>
        );
      })}
    </div>
  );
}
