import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Ad } from "./ad.tsx";
import { ads, enter, isSignedOut, me, signIn, status } from "./api.tsx";
import { Campaign } from "./campaign.tsx";
import { HelpDialog, isHelpOpen, TextDialog } from "./dialog.tsx";
import { Focus } from "./focus.tsx";
import { Inbox } from "./inbox.tsx";
import { Photos } from "./photos.tsx";
import { go, type Page, route } from "./route.tsx";
import "./style.css";

const PAGES: readonly (readonly [Page, string])[] = [
  ["inbox", "Inbox"],
  ["photos", "Photos"],
  ["campaign", "Campaign"],
];

function App() {
  useEffect(() => {
    enter().catch((error: Error) => {
      if (!isSignedOut.value) status.value = error.message;
    });
  }, []);
  if (isSignedOut.value) return <SignIn />;
  return (
    <>
      <header>
        <button type="button" class="skip" onClick={skip}>
          Skip to the content
        </button>
        <nav aria-label="Pages">
          {PAGES.map(([page, label]) => (
            <a key={page} href={`#/${page}`} aria-current={currentOf(page)} onClick={() => go(page)}>
              {label}
            </a>
          ))}
        </nav>
        <span class="who">{me.value?.name}</span>
        <button
          type="button"
          onClick={() => {
            isHelpOpen.value = true;
          }}
        >
          Keys <kbd>?</kbd>
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {ads.value === null ? <p>{status.value || "Loading"}</p> : <Current />}
      </main>
      <p class="status" role="status" aria-live="polite">
        {status.value}
      </p>
      <TextDialog />
      <HelpDialog />
    </>
  );
}

/** The page itself, or the list that the shown ad or photo belongs to. */
function currentOf(page: Page): "page" | "true" | undefined {
  const shown = route.value.page;
  if (shown === page) return "page";
  return (shown === "ad" && page === "inbox") || (shown === "focus" && page === "photos")
    ? "true"
    : undefined;
}

function skip(): void {
  document.getElementById("main")?.focus();
}

function Current() {
  const { page, id } = route.value;
  if (page === "ad") return <Ad hash={id} />;
  if (page === "photos") return <Photos />;
  if (page === "campaign") return <Campaign />;
  if (page === "focus") return <Focus hash={id} />;
  return <Inbox />;
}

function SignIn() {
  const [problem, setProblem] = useState("");
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget as HTMLFormElement).get("key");
    signIn(String(key)).catch((error: Error) => setProblem(error.message));
  };
  return (
    <main class="sign-in">
      <h1>Review</h1>
      <form onSubmit={onSubmit}>
        <label>
          Key with the scope review
          <input name="key" type="password" autocomplete="current-password" required />
        </label>
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
      <p role="alert">{problem}</p>
    </main>
  );
}

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
