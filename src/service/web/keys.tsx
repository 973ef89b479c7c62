import { useLayoutEffect } from "preact/hooks";

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/**
 * Single keys of a page. Typing in a field and keys with a modifier are ignored.
 * The handlers change in the same step as the page: an effect after the paint would let a fast second key act on the
 * item before.
 */
export function useKeys(keys: Keys): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const { target } = event;
      if (target instanceof Element && target.matches("input, textarea, select")) return;
      const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (action === undefined) return;
      event.preventDefault();
      action(event);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}
