/** The page's style: one column of cards, light and dark, down to a phone's width. */
export const STYLE = `
:root{--ground:#f3f3f7;--card:#fff;--ink:#17151f;--soft:#5d5a6b;--line:#e3e2ea;--brand:#5b2be0;--tint:#ece6fd;--good:#5b2be0}
@media (prefers-color-scheme:dark){:root{--ground:#0f0e14;--card:#1a1823;--ink:#f2f0f8;--soft:#a7a3b8;--line:#2c2938;--brand:#a78bff;--tint:#2a2144;--good:#a78bff}}
*{box-sizing:border-box;margin:0}
body{background:var(--ground);color:var(--ink);font:500 16px/1.5 Inter,system-ui,sans-serif;-webkit-font-smoothing:antialiased}
.top,main,footer{max-width:1160px;margin-inline:auto;padding-inline:clamp(16px,4vw,40px)}
.top{padding-block:clamp(32px,6vw,72px) 8px}
.brand{font-weight:800;letter-spacing:-.01em;color:var(--brand)}
h1{font-size:clamp(34px,6vw,60px);font-weight:800;letter-spacing:-.035em;line-height:1.04;margin-block:10px 14px;text-wrap:balance}
.lead{max-width:60ch;color:var(--soft);font-size:18px}
.figures{display:flex;flex-wrap:wrap;gap:1px;background:var(--line);border:1px solid var(--line);border-radius:18px;overflow:hidden;margin-top:32px}
.figures div{flex:1 1 150px;background:var(--card);padding:18px 20px;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dd{font-size:32px;font-weight:800;letter-spacing:-.03em;line-height:1.15;font-variant-numeric:tabular-nums}
.figures dt{color:var(--soft);font-size:14px;line-height:1.35}
section{padding-top:clamp(40px,6vw,72px)}
h2{font-size:clamp(24px,3.2vw,32px);font-weight:800;letter-spacing:-.025em;line-height:1.15}
.note{color:var(--soft);margin-top:6px;max-width:70ch}
img{display:block;max-width:100%;height:auto}
figure{min-width:0}
figcaption{color:var(--soft);font-size:13px;margin-top:8px;line-height:1.3;overflow-wrap:anywhere}
.card{background:var(--card);border:1px solid var(--line);border-radius:24px;padding:clamp(16px,2.4vw,28px);margin-top:20px;display:grid;grid-template-columns:minmax(0,1.3fr) minmax(0,1fr);gap:26px 40px}
.pair{display:grid;grid-template-columns:minmax(0,1fr) 92px minmax(0,1fr);align-items:start;gap:0 16px}
.pair img,.framed{border-radius:14px}
.pair img{width:100%}
.link{align-self:center;text-align:center;padding-bottom:30px}
.link strong{display:block;background:var(--tint);color:var(--brand);border-radius:999px;padding:6px 0;font-weight:800;font-size:19px;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.link span{color:var(--soft);font-size:13px}
.framed{position:relative;overflow:hidden}
.framed img{width:100%}
.face{position:absolute;border:3px solid #fff;border-radius:10px;box-shadow:0 0 0 2px rgba(20,8,60,.55),0 0 0 2000px rgba(12,8,30,.28)}
.scale{position:relative;height:8px;border-radius:99px;background:var(--line);margin:34px 8px 28px}
.scale .within{position:absolute;inset:0 auto 0 0;border-radius:99px;background:linear-gradient(90deg,var(--good),color-mix(in srgb,var(--good) 35%,var(--line)))}
.scale .mark{position:absolute;top:-5px;width:18px;height:18px;margin-left:-9px;border-radius:50%;background:var(--card);border:5px solid var(--ink)}
.scale span{position:absolute;top:16px;transform:translateX(-50%);font-size:12px;color:var(--soft);font-variant-numeric:tabular-nums}
.why{align-self:center}
.why h3{font-size:22px;font-weight:800;letter-spacing:-.02em;line-height:1.2;margin-block:4px 8px;text-wrap:balance}
.why p{color:var(--soft)}
.who{font-size:14px;line-height:1.4;color:var(--soft)}
.other p{font-size:15px;line-height:1.45}
.other .who{font-size:13px;margin-bottom:4px}
.ads{grid-column:1/-1;display:flex;gap:18px;align-items:flex-start;border-top:1px solid var(--line);padding-top:26px}
.ads figure{flex:var(--ratio) 1 0}
.ads img,.wall img,.row img{width:100%;border-radius:10px;border:1px solid var(--line)}
.others{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,236px),1fr));gap:20px;margin-top:20px}
.other{background:var(--card);border:1px solid var(--line);border-radius:20px;padding:18px}
.row{display:grid;grid-template-columns:1fr 1fr;gap:12px;margin-bottom:14px}
.row figcaption{display:none}
.row img,.closed,.nothing{aspect-ratio:1;object-fit:cover;border-radius:12px}
.closed,.nothing{display:grid;place-content:center;justify-items:center;gap:6px;background:var(--ground);color:var(--soft);border:1px dashed var(--line);font-size:13px}
.counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:20px;margin-top:20px}
table{background:var(--card);border:1px solid var(--line);border-radius:20px;padding:18px 20px 20px;border-spacing:0 8px;border-collapse:separate;width:100%;align-self:start}
caption{text-align:left;font-weight:700;padding-bottom:10px}
th{font-weight:500;text-align:left;white-space:nowrap;padding-right:16px;font-size:15px}
td{width:100%}
td i{display:block;height:12px;min-width:3px;border-radius:99px;background:var(--brand)}
td.n{width:auto;padding-left:12px;text-align:right;font-weight:700;font-variant-numeric:tabular-nums}
.wall{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(44%,220px),1fr));gap:20px 16px;margin-top:20px}
footer{color:var(--soft);font-size:14px;padding-block:56px 48px}
@media (max-width:860px){.card{grid-template-columns:minmax(0,1fr)}}
@media (max-width:600px){.ads{flex-wrap:wrap}.ads .photo{flex:1 0 100%}.pair{grid-template-columns:minmax(0,1fr) 64px minmax(0,1fr);gap:0 10px}.link strong{font-size:16px}.framed,.pair img{border-radius:10px}}
`;
