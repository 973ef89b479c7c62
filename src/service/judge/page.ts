/** The page of `lookalike judge`: three photos, two buttons, keys. It needs nothing but this server. */
export function judgePage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Which looks more like this one?</title>
<style nonce="${nonce}">
body { margin: 0; font: 17px/1.5 system-ui, sans-serif; background: #f6f4f0; color: #1d1b18; text-align: center; }
main { max-width: 900px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 22px; margin: 0 0 16px; }
img { width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 14px; display: block; background: #e4e0d8; }
#probe { width: 300px; margin: 0 auto 20px; }
#pair { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; max-width: 660px; margin: 0 auto; }
button { font: inherit; color: inherit; background: #fff; border: 2px solid #77716a; border-radius: 16px; padding: 8px; cursor: pointer; }
button:focus-visible { outline: 4px solid #1a5fb4; outline-offset: 2px; }
#more { margin-top: 20px; display: flex; gap: 12px; justify-content: center; }
#more button { padding: 8px 18px; }
progress { width: 100%; margin-top: 24px; }
</style>
</head>
<body>
<main>
<h1 id="title">Which of these two looks more like this one?</h1>
<div id="ask">
<div id="probe"><img id="photo-probe" alt="The face to compare with"></div>
<div id="pair">
<button id="left" type="button"><img id="photo-left" alt="Left face">Left (arrow left)</button>
<button id="right" type="button"><img id="photo-right" alt="Right face">Right (arrow right)</button>
</div>
<div id="more">
<button id="skip" type="button">Skip (arrow down)</button>
<button id="undo" type="button">Undo (U)</button>
</div>
</div>
<progress id="bar" value="0" max="1" aria-label="Answered questions"></progress>
<p id="status" role="status"></p>
</main>
<script nonce="${nonce}">
const at = (id) => document.getElementById(id);
let busy = false;
async function call(method, path, body) {
  const init = { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) };
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
function show(state) {
  at("bar").max = state.total;
  at("bar").value = state.done;
  at("status").textContent = state.done + " of " + state.total + " answered";
  at("undo").disabled = state.done === 0;
  if (!state.question) {
    at("title").textContent = "Done. Thank you. You can close this page.";
    at("pair").hidden = at("probe").hidden = at("skip").hidden = true;
    return;
  }
  at("title").textContent = "Which of these two looks more like this one?";
  at("pair").hidden = at("probe").hidden = at("skip").hidden = false;
  for (const side of ["probe", "left", "right"]) at("photo-" + side).src = "/photo/" + state.question[side];
}
async function act(method, path, body) {
  if (busy) return;
  busy = true;
  try { show(await call(method, path, body)); }
  catch (error) { at("status").textContent = "Not saved: " + error.message; }
  busy = false;
}
const answer = (value) => act("POST", "/answer", { answer: value });
at("left").onclick = () => answer("left");
at("right").onclick = () => answer("right");
at("skip").onclick = () => answer("skip");
at("undo").onclick = () => act("POST", "/undo");
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const does = { ArrowLeft: "left", ArrowRight: "right", ArrowDown: "skip" }[event.key];
  if (does && !at("pair").hidden) { event.preventDefault(); answer(does); }
  if (event.key === "u" || event.key === "U") act("POST", "/undo");
});
act("GET", "/question");
</script>
</body>
</html>
`;
}
