/** The background of all pages, against which other colours must be readable. */
export const GROUNDS = { light: "#f5f6f8", dark: "#0f141a" } as const;

/** The colours of all pages, in light mode, dark mode and print. */
export const TOKENS = `
:root{color-scheme:light dark;--bg:${GROUNDS.light};--surface:#fff;--ink:#16202c;--muted:#5b6876;--line:#e6e9ee;--line-strong:#b8c0ca;--accent:#2261d6;--second:#c2570c;--good:#12754a;--good-soft:#e5f5ec;--bad:#b3261e;--bad-soft:#fcebea;--neutral-soft:#eceff4}
@media (prefers-color-scheme:dark){:root{--bg:${GROUNDS.dark};--surface:#171e27;--ink:#e8edf3;--muted:#9aa7b5;--line:#28323e;--line-strong:#4a5866;--accent:#6ea8ff;--second:#ffa35c;--good:#5fd39b;--good-soft:#13291f;--bad:#ff8a80;--bad-soft:#331918;--neutral-soft:#1f2833}}
@media print{:root{color-scheme:light;--bg:#fff;--surface:#fff;--ink:#000;--muted:#444;--line:#ddd;--line-strong:#888;--accent:#2261d6;--second:#c2570c;--good:#12754a;--good-soft:#fff;--bad:#b3261e;--bad-soft:#fff;--neutral-soft:#fff}}
`.trim();

/** Cells tinted in steps of 5 %: `tint-0` to `tint-100`. */
const TINTS = Array.from({ length: 21 }, (_, step) => {
  return `td.tint-${5 * step}{background:color-mix(in srgb,var(--accent) ${5 * step}%,transparent)}`;
}).join("\n");

/** The CSS rules of reports, for phones and print too. No font or file is loaded. */
export const STYLE = `
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1120px;margin:0 auto;padding:40px 24px 64px}
header h1{font-size:clamp(24px,4vw,34px);line-height:1.2;margin:0 0 6px;letter-spacing:-.01em;text-wrap:balance}
header p{margin:0;color:var(--muted);font-size:14px;overflow-wrap:anywhere}
h2{font-size:21px;line-height:1.3;margin:0 0 4px}
h3{font-size:17px;margin:28px 0 8px}
h4{font-size:14px;margin:0 0 4px;font-weight:600}
section{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:24px;margin-top:20px}
.sub:first-of-type h3{margin-top:14px}
.lead{color:var(--muted);margin:0 0 16px;max-width:72ch}
p{max-width:78ch}
.verdict{border-radius:12px;padding:22px 24px;margin-top:24px;border:1px solid var(--line);border-left:6px solid var(--line-strong);background:var(--surface)}
.verdict.good{border-left-color:var(--good);background:var(--good-soft)}
.verdict.bad{border-left-color:var(--bad);background:var(--bad-soft)}
.verdict.neutral{background:var(--neutral-soft)}
.verdict .headline{font-size:clamp(19px,2.6vw,23px);font-weight:650;line-height:1.3;margin:0 0 8px}
.verdict ul{margin:0;padding-left:18px;max-width:80ch}
.verdict li+li{margin-top:4px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:14px;margin:20px 0 0}
.tile{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:16px 18px}
.tile dt{font-size:13px;color:var(--muted)}
.tile dd{margin:2px 0 0;font-size:25px;font-weight:650;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.tile p{margin:2px 0 0;font-size:13px;color:var(--muted)}
.grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:26px 28px}
figure{margin:0;min-width:0}
figure svg{display:block;width:100%;height:auto;overflow:visible}
.narrow{display:none}
figcaption{font-size:13px;color:var(--muted);margin-top:4px}
.scroll{overflow-x:auto;margin-top:12px}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-size:13px;color:var(--muted);padding-bottom:6px}
th{font-weight:600;text-align:left;color:var(--muted);font-size:13px;white-space:nowrap}
th,td{padding:7px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th:first-child,td:first-child{padding-left:0}
tbody tr:last-child td{border-bottom:0}
.number{text-align:right;white-space:nowrap}
td.strong{font-weight:600}
td.strong:first-child{min-width:min(14rem,42vw)}
td.good{color:var(--good)}
td.bad{color:var(--bad)}
td.muted{color:var(--muted)}
${TINTS}
table.matrix td,table.matrix th{text-align:right}
ul.files{columns:3 240px;padding-left:18px;font-size:13px;color:var(--muted)}
ul.files li{overflow-wrap:anywhere;break-inside:avoid}
details{margin-top:16px}
summary{cursor:pointer;color:var(--muted);font-size:14px}
.note{font-size:13px;color:var(--muted)}
footer{color:var(--muted);font-size:13px;margin-top:28px}
dl.words{display:grid;grid-template-columns:max-content 1fr;gap:6px 18px;font-size:14px;margin:0}
dl.words dt{font-weight:600}
dl.words dd{margin:0;color:var(--muted);max-width:80ch}
@media (max-width:760px){main{padding:24px 14px 48px}section{padding:18px 16px}.grid{grid-template-columns:minmax(0,1fr)}}
@media (max-width:520px){table{font-size:13px}th,td{padding:6px 5px}th,.number{white-space:normal}.wide{display:none}.narrow{display:block}dl.words{grid-template-columns:1fr}dl.words dd{margin-bottom:6px}}
@media print{main{max-width:none;padding:0}section,.tile,.verdict{break-inside:avoid;border-radius:0}details>*{display:block}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();
