/** The page's style sheet; nothing is loaded from elsewhere. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #faf9f7; --card: #fff; --ink: #201d1a; --faint: #6b655d; --rule: #e4e0d9;
  --one: #0f6b5c; --two: #b4552d; }
@media (prefers-color-scheme: dark) { :root { --paper: #161514; --card: #1f1e1c; --ink: #efece7; --faint: #a49d93;
  --rule: #35322e; --one: #5cc7b2; --two: #ec9068; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1040px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -.01em; }
h2 { font-size: 18px; margin: 40px 0 12px; }
p { margin: 0 0 12px; } .faint, caption, .note { color: var(--faint); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 12px; margin: 24px 0; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px 16px; }
.tile b { display: block; font-size: 24px; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
.tile span { display: block; font-size: 13px; color: var(--faint); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px 16px 10px; }
figcaption { display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: space-between; font-weight: 600; margin-bottom: 8px; }
.legend { font-weight: 400; font-size: 13px; color: var(--faint); } .key { margin-left: 14px; }
.key::before { content: ""; display: inline-block; width: 12px; height: 3px; border-radius: 2px; margin-right: 6px;
  vertical-align: middle; background: var(--one); } .key.two::before { background: var(--two); }
svg { display: block; width: 100%; height: auto; }
.grid { stroke: var(--rule); fill: none; } .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.one { stroke: var(--one); } .line.two { stroke: var(--two); }
.area { opacity: .16; stroke: none; } .area.one { fill: var(--one); } .area.two { fill: var(--two); }
.mark { stroke: var(--faint); stroke-dasharray: 4 4; fill: none; }
text { font-size: 12px; fill: var(--faint); } .middle { text-anchor: middle; } .end { text-anchor: end; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { padding: 7px 10px; text-align: right; white-space: nowrap; border-top: 1px solid var(--rule); }
thead th { border-top: 0; font-weight: 600; color: var(--faint); font-size: 13px; }
th:first-child, td:first-child { text-align: left; } tbody th { font-weight: 600; }
.interval { color: var(--faint); font-size: 12px; display: block; }
td svg { width: 120px; height: 16px; display: inline-block; vertical-align: middle; }
.whisker { stroke: var(--one); stroke-width: 2; } .dot { fill: var(--one); }
.note { font-size: 13px; margin-top: 10px; }
ul.photos { columns: 3 240px; padding-left: 18px; font-size: 13px; color: var(--faint); }
ul.photos li { overflow-wrap: anywhere; break-inside: avoid; }
@media print { body { background: #fff; } figure, .scroll { break-inside: avoid; } }
`;
