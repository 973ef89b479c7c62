/**
 * The style of the proof page, on top of the colours of all pages. Narrow screens first; lengths in rem
 * follow the reader's font size.
 */
export const STYLE = `
*,*::before,*::after{box-sizing:border-box}
:root{--shadow:0 1px 2px rgb(0 0 0/.05),0 8px 24px rgb(0 0 0/.06)}
@media(prefers-color-scheme:dark){:root{--shadow:none}}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--ink);font:500 1rem/1.55 Inter,system-ui,sans-serif}
/* Digits of one width where numbers stand below each other; in texts Inter would widen hyphens too. */
.figures dd,.number,.data td{font-feature-settings:"tnum"}
h1,h2,h3,p,figure,table,dl,dd,ul,fieldset{margin:0;padding:0}
h1,h2,h3{line-height:1.2;text-wrap:balance}
.skip{position:absolute;left:1rem;top:-4rem;padding:.6rem 1rem;background:var(--surface);color:var(--accent);border-radius:0 0 .5rem .5rem;z-index:9}
.skip:focus{top:0}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:.3rem}
.wrap{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header.top{background:var(--head);color:var(--on-head)}
header.top :focus-visible{outline-color:var(--on-head)}
header.top .wrap{padding-top:2.2rem;padding-bottom:2rem}
.brand{font-weight:700;letter-spacing:.01em;opacity:.9}
h1{font-size:clamp(2rem,6vw,3.4rem);font-weight:800;letter-spacing:-.025em;margin:.35rem 0 .6rem}
.lead{max-width:44rem;font-size:1.06rem;opacity:.92}
.figures{display:grid;grid-template-columns:repeat(2,1fr);gap:1.1rem 1.5rem;margin-top:1.8rem}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end;border-top:2px solid currentColor;padding-top:.6rem}
.figures dt{font-size:.9rem;opacity:.88;line-height:1.35}
.figures dd{font-size:1.9rem;font-weight:800;letter-spacing:-.02em;line-height:1.15}
nav{position:sticky;top:0;z-index:4;background:color-mix(in srgb,var(--bg) 92%,transparent);backdrop-filter:blur(10px);border-bottom:1px solid var(--line)}
nav ul{display:flex;gap:.25rem;list-style:none;overflow-x:auto;scrollbar-width:none;margin:0 -.75rem}
nav a{display:block;padding:.85rem .75rem;color:var(--ink);text-decoration:none;white-space:nowrap;font-weight:700;font-size:.95rem}
nav a:hover{color:var(--accent)}
nav a:focus-visible{outline-offset:-5px}
section{padding:2.6rem 0 .6rem;scroll-margin-top:2.6rem}
h2{font-size:1.6rem;font-weight:800;letter-spacing:-.018em;margin-bottom:.5rem}
.note{color:var(--muted);max-width:46rem;margin-bottom:1.3rem}
.filters{border:0;display:flex;flex-wrap:wrap;gap:.5rem;margin:0 0 1.3rem}
.filters label{position:relative;display:inline-flex;cursor:pointer}
.filters input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.filters span{padding:.45rem .95rem;border:1px solid var(--line);border-radius:2rem;background:var(--surface);font-size:.92rem;font-weight:700}
.filters input:checked+span{background:var(--ink);border-color:var(--ink);color:var(--bg)}
.filters input:focus-visible+span{outline:3px solid var(--accent);outline-offset:3px}
.wall{display:grid;grid-template-columns:minmax(0,1fr);gap:1.25rem;align-items:start}
.ad{background:var(--surface);border:1px solid var(--line);border-radius:1rem;box-shadow:var(--shadow);overflow:hidden}
.ad .facts{padding:1rem 1.15rem 1.15rem}
.ad h3{font-size:1.12rem;font-weight:700;letter-spacing:-.01em}
.ad .who{font-size:.92rem;color:var(--muted);margin-top:.25rem}
.ad .who strong{color:var(--ink)}
.tag{display:inline-block;font-size:.8rem;font-weight:700;padding:.12rem .6rem;border-radius:2rem;background:var(--neutral-soft);color:var(--muted);margin-bottom:.55rem}
.tag.match{background:color-mix(in srgb,var(--accent) 14%,var(--surface));color:var(--accent)}
.shot{display:block;position:relative;cursor:zoom-in;background:var(--neutral-soft)}
.shot input{position:absolute;inset:0;opacity:0;margin:0;cursor:inherit;width:100%;height:100%}
.shot img{display:block;width:100%;height:auto}
.shot:has(input:focus-visible){outline:3px solid var(--accent);outline-offset:-3px}
.shot:has(input:checked){position:fixed;inset:0;z-index:20;display:grid;place-items:center;background:rgb(10 10 12/.9);cursor:zoom-out;padding:2vmin}
.shot:has(input:checked) img{width:auto;max-width:96vw;max-height:96vh}
body:has(.shot input:checked){overflow:hidden}
.strip{display:flex;flex-wrap:wrap;gap:.9rem;margin:0 1.15rem;padding:1rem 0 1.15rem;border-top:1px solid var(--line);align-items:flex-start}
.strip figure{width:min-content;min-width:4.6rem}
.strip .wide{width:100%}
.strip .shot{background:none;border-radius:.35rem;overflow:hidden}
.strip .shot:not(:has(input:checked)) img{width:auto;height:6.6rem;max-width:none}
.strip .wide .shot:not(:has(input:checked)) img{width:100%;height:auto}
figcaption{font-size:.8rem;color:var(--muted);line-height:1.35;padding-top:.35rem}
figcaption b{color:var(--ink);font-weight:700;margin-right:.25rem}
figcaption span{white-space:nowrap;margin-right:.25rem}
.ad>figure>figcaption{padding:.45rem 1.15rem 0}
.unseen{padding:2.4rem 1.15rem;background:var(--neutral-soft);color:var(--muted);font-size:.95rem}
.two{display:grid;gap:1.25rem}
.panel{background:var(--surface);border:1px solid var(--line);border-radius:1rem;padding:1.3rem 1.25rem;box-shadow:var(--shadow)}
.panel+.panel{margin-top:1.25rem}.two .panel+.panel{margin-top:0}
.panel h3{font-size:1.08rem;font-weight:700}
.panel p{color:var(--muted);font-size:.95rem;margin:.3rem 0 .9rem}
.panel p strong{color:var(--ink)}
.panel p:last-child{margin-bottom:0}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:700;padding-bottom:.7rem}
.bars,.bars tbody{display:block}
.bars caption{display:block}
.bars tr{display:grid;grid-template-columns:1fr auto;gap:.15rem 1rem;padding:.4rem 0}
.bars th{text-align:left;font-weight:500}
.bars .number{font-weight:700;text-align:right;white-space:nowrap}
.bars .number span{color:var(--muted);font-weight:500;margin-left:.35rem}
.bars .drawn{grid-column:1/-1;padding:0}
.bar{display:block;width:100%;height:.55rem;border-radius:.3rem}
.track{fill:var(--neutral-soft)}
.fill{fill:var(--accent)}
.histogram{display:block;width:100%;height:auto;max-width:36rem;font:500 14px Inter,system-ui,sans-serif}
.histogram text{fill:var(--muted)}
.histogram .limit-text{fill:var(--ink);font-weight:700}
.histogram .band{fill:var(--neutral-soft)}
.axis{stroke:var(--muted)}
.limit{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:4 4}
.scroll{overflow-x:auto}
.data{font-size:.95rem}
.data th,.data td{padding:.65rem .9rem .65rem 0;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}
.data th:first-child,.data td:first-child{text-align:left;white-space:normal;min-width:10rem}
.data thead th{color:var(--muted);font-size:.86rem;font-weight:700}
.data tbody th{font-weight:700}
.data tbody th small{display:block;font-weight:500;color:var(--muted);font-size:.88rem}
.data tr:last-child>*{border-bottom:0}
.data th:last-child,.data td:last-child{padding-right:0}
.list{list-style:none;display:grid;gap:.1rem}
.list li{padding:.7rem 0;border-bottom:1px solid var(--line)}
.list li:last-child{border-bottom:0}
.list small{display:block;color:var(--muted);font-size:.9rem}
footer{color:var(--muted);font-size:.88rem;padding:2.4rem 0 3rem}
footer code{font:500 .95em ui-monospace,monospace;overflow-wrap:anywhere}
@media(min-width:40rem){.figures{grid-template-columns:repeat(3,1fr)}.wall{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media(min-width:62rem){.figures{grid-template-columns:repeat(6,1fr)}.wall{grid-template-columns:repeat(3,minmax(0,1fr))}.two{grid-template-columns:1fr 1fr}header.top .wrap{padding-top:3.2rem;padding-bottom:2.6rem}}
@media print{nav,.filters{display:none}.ad,.panel{break-inside:avoid;box-shadow:none}}
`;
