import { render } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { Ad } from "./ad.tsx";
import { ads, enter, signOut, status } from "./api.tsx";
import { Campaign } from "./campaign.tsx";
import { HelpDialog, isHelpOpen, TextDialog } from "./dialog.tsx";
import { Focus } from "./focus.tsx";
import { Inbox } from "./inbox.tsx";
import { Photos } from "./photos.tsx";
import { isSignedOut, me } from "./request.tsx";
import { type Page, route } from "./route.tsx";
import { SignIn } from "./sign-in.tsx";
import "./style.css";

const PAGES: readonly (readonly [Page, string])[] = [
  ["inbox", "Inbox"],
  ["photos", "Photos"],
  ["campaign", "Campaign"],
];

const TITLES: Readonly<Record<Page, string>> = {
  inbox: "Inbox",
  ad: "Ad",
  photos: "Photos",
  campaign: "Campaign",
  focus: "Focal point",
};

function App() {
  useEffect(() => {
    enter().catch((error: Error) => {
      if (!isSignedOut.value) status.value = error.message;
    });
  }, []);
  const { page } = route.value;
  useLayoutEffect(() => {
    if (isSignedOut.value) return;
    document.title = `${TITLES[page]} · lookalike`;
    // The focused element was on the former page: the next Tab goes on from the content.
    if (document.activeElement === document.body)
      document.getElementById("main")?.focus({ preventScroll: true });
  }, [page, isSignedOut.value]);
  if (isSignedOut.value) return <SignIn />;
  return (
    <>
      <header>
        <button type="button" class="skip" onClick={skip}>
          Skip to the content
        </button>
        <nav aria-label="Pages">
          {PAGES.map(([name, label]) => (
            <a key={name} href={`#/${name}`} aria-current={currentOf(name)}>
              {label}
            </a>
          ))}
        </nav>
        <span class="who">{me.value?.name}</span>
        {me.value?.csrf ? (
          <button type="button" onClick={() => void signOut()}>
            Sign out
          </button>
        ) : null}
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

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
