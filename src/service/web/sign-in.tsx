import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { signIn } from "./api.tsx";
import { me } from "./request.tsx";

/** The page that asks for a key: before the first sign-in, and when a session has ended. */
export function SignIn() {
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    document.title = "Sign in · lookalike";
    field.current?.focus();
  }, []);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    setProblem("");
    signIn(field.current?.value ?? "").catch((error: Error) => {
      setProblem(error.message);
      field.current?.select();
    });
  };
  return (
    <main class="sign-in">
      <h1>Review</h1>
      {me.value === null ? null : <p>Your session has ended. Sign in again, then repeat your last action.</p>}
      <form onSubmit={onSubmit}>
        <label>
          Key with the scope review
          <input ref={field} name="key" type="password" autocomplete="current-password" required />
        </label>
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
      <p role="alert">{problem}</p>
    </main>
  );
}
