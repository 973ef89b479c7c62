import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

interface Question {
  readonly title: string;
  readonly label: string;
  readonly button: string;
  readonly onText: (text: string) => void;
}

export const question = signal<Question | null>(null);
export const isHelpOpen = signal(false);

const HELP: readonly (readonly [string, string])[] = [
  ["J, K or arrows", "next and previous"],
  ["Enter", "open"],
  ["Escape", "back"],
  ["A", "approve"],
  ["R", "request changes, with a reason"],
  ["U", "undo the last change of state"],
  ["C", "comment"],
  ["N", "assign to a name"],
  ["E", "edit focal point (P) and leading face (F) of the photo; S saves"],
  ["X", "exclude the photo, or the photo with this offer"],
  ["?", "this list"],
];

/** Requests a text. The browser keeps the focus inside the dialog and restores it afterwards. */
export function TextDialog() {
  const ref = useRef<HTMLDialogElement>(null);
  const current = question.value;
  useEffect(() => {
    if (current !== null) ref.current?.showModal();
  }, [current]);
  if (current === null) return null;
  const close = () => {
    question.value = null;
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget as HTMLFormElement).get("text");
    // Closing restores the focus; removing the dialog would not.
    ref.current?.close();
    if (typeof text === "string" && text.trim() !== "") current.onText(text.trim());
  };
  return (
    <dialog ref={ref} onClose={close} aria-labelledby="dialog-title">
      <form onSubmit={onSubmit}>
        <h2 id="dialog-title">{current.title}</h2>
        <label>
          {current.label}
          <textarea name="text" rows={4} required maxLength={2000} />
        </label>
        <p class="buttons">
          <button type="button" onClick={() => ref.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary">
            {current.button}
          </button>
        </p>
      </form>
    </dialog>
  );
}

export function HelpDialog() {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isHelpOpen.value) ref.current?.showModal();
  }, [isHelpOpen.value]);
  if (!isHelpOpen.value) return null;
  const close = () => {
    isHelpOpen.value = false;
  };
  return (
    <dialog ref={ref} onClose={close} aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {HELP.map(([keys, does]) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="buttons">
        <button type="button" onClick={() => ref.current?.close()}>
          Close
        </button>
      </p>
    </dialog>
  );
}
