import { useLayoutEffect } from "preact/hooks";

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/**
 * Handles the single keys of a page. Keys in fields and keys with a modifier are ignored.
 * The handlers change together with the page: with an effect after the paint, a fast second key would act on the previous
 * item.
 */
export function useKeys(keys: Keys): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isForOthers(event)) return;
      const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (action === undefined) return;
      event.preventDefault();
      action(event);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}

/** Whether a key belongs to the browser, a dialog, a field, or a link or button that Enter activates. */
function isForOthers({ ctrlKey, metaKey, altKey, key, target }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || document.querySelector("dialog[open]") !== null) return true;
  if (!(target instanceof Element)) return false;
  return (
    target.matches("input, textarea, select") || (key === "Enter" && target.closest("a, button") !== null)
  );
}
