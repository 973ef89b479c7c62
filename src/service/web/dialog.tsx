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
  ["E", "edit focal point (P) and leading face (F) of the photo"],
  ["X", "exclude the photo, or the photo with this offer"],
  ["?", "this list"],
];

/** Asks for a text; the browser keeps the focus inside and gives it back. */
export function TextDialog() {
  const ref = useRef<HTMLDialogElement>(null);
  const asked = question.value;
  useEffect(() => {
    if (asked !== null) ref.current?.showModal();
  }, [asked]);
  if (asked === null) return null;
  const close = () => {
    question.value = null;
  };
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget as HTMLFormElement).get("text");
    close();
    if (typeof text === "string" && text.trim() !== "") asked.onText(text.trim());
  };
  return (
    <dialog ref={ref} onClose={close} aria-labelledby="dialog-title">
      <form onSubmit={onSubmit}>
        <h2 id="dialog-title">{asked.title}</h2>
        <label>
          {asked.label}
          <textarea name="text" rows={4} required maxLength={2000} />
        </label>
        <p class="buttons">
          <button type="button" onClick={() => ref.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary">
            {asked.button}
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
