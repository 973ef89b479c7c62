import { signal } from "@preact/signals";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import type { JudgeView } from "../judge/server.ts";
import { useKeys } from "./keys.tsx";
import "./style.css";

/** The page of `lookalike judge`: three faces, two buttons, and keys. */

type Answer = "left" | "right" | "skip";

const view = signal<JudgeView | null>(null);
const problem = signal("");
let isBusy = false;

/** Sends one request at a time: a second key before the next question is shown would answer an unseen question. */
async function send(method: "GET" | "POST", path: string, body?: { readonly answer: Answer }): Promise<void> {
  if (isBusy) return;
  isBusy = true;
  try {
    const text = body === undefined ? null : JSON.stringify(body);
    const response = await fetch(path, {
      method,
      headers: { "content-type": "application/json" },
      body: text,
    });
    if (!response.ok) throw new Error(await response.text());
    view.value = (await response.json()) as JudgeView;
    problem.value = "";
  } catch (error) {
    problem.value = `Not saved: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    isBusy = false;
  }
}

function Judge() {
  useEffect(() => void send("GET", "/question"), []);
  const state = view.value;
  const answer = (value: Answer) => () => {
    if (state?.question != null) void send("POST", "/answer", { answer: value });
  };
  // After the last answer the command ends, and nothing can be undone.
  const undo = () => {
    if (state?.question != null) void send("POST", "/undo");
  };
  const once = (action: () => void) => (event: KeyboardEvent) => {
    if (!event.repeat) action();
  };
  useKeys({
    ArrowLeft: once(answer("left")),
    ArrowRight: once(answer("right")),
    ArrowDown: once(answer("skip")),
    u: once(undo),
  });
  if (state === null) return <main class="judge">{problem.value || "Loading"}</main>;
  const { question, done, total } = state;
  return (
    <main class="judge">
      <h1>
        {question === null
          ? "Done. Thank you. You can close this page."
          : "Which of these two looks more like this one?"}
      </h1>
      {question === null ? null : (
        <>
          <img class="probe" src={`/photo/${question.probe}`} alt="The face to compare with" />
          <div class="pair">
            <button type="button" onClick={answer("left")}>
              <img src={`/photo/${question.left}`} alt="Left face" />
              Left <kbd>←</kbd>
            </button>
            <button type="button" onClick={answer("right")}>
              <img src={`/photo/${question.right}`} alt="Right face" />
              Right <kbd>→</kbd>
            </button>
          </div>
          <div class="toolbar">
            <button type="button" onClick={answer("skip")}>
              Skip <kbd>↓</kbd>
            </button>
            <button type="button" onClick={undo} disabled={done === 0}>
              Undo <kbd>U</kbd>
            </button>
          </div>
        </>
      )}
      <progress value={done} max={total} aria-label="Answered questions" />
      <p role="status">{problem.value || `${done} of ${total} answered`}</p>
    </main>
  );
}

const root = document.getElementById("app");
if (root !== null) render(<Judge />, root);
