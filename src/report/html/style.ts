import { FIGURE_STYLE, NARROW_STYLE } from '../svg/style.ts';

/** The style of the whole page, which loads nothing. */
export const PAGE_STYLE = `${FIGURE_STYLE}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:76rem;margin:0 auto;padding:2rem 1.25rem 5rem}
h1{font-size:1.7rem;line-height:1.2;margin:.25rem 0 .25rem;letter-spacing:-.01em}
h2{font-size:1.25rem;margin:3rem 0 .75rem;padding-top:1.25rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:2.25rem 0 .35rem}
h4{font-size:.9rem;margin:1.5rem 0 .35rem}
h1,h2,h3,h4,p,li,dd,figcaption,caption{overflow-wrap:anywhere}
p{margin:.35rem 0;max-width:46rem}
a{color:var(--accent)}
.soft,figcaption,caption{color:var(--soft)}
.tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.25rem 0}
.tile{background:var(--panel);border-radius:.6rem;padding:.7rem 1rem;min-width:8.5rem}
.tile b{display:block;font-size:1.45rem;line-height:1.25}
.tile span{color:var(--soft);font-size:.85rem}
.badge{display:inline-block;border:1px solid var(--warn);color:var(--warn);border-radius:1rem;padding:0 .55rem;font-size:.8rem;vertical-align:middle;white-space:nowrap;font-weight:400;letter-spacing:0}
.scroll{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;font-size:.9rem}
caption{text-align:left;font-size:.85rem;padding-bottom:.35rem}
th,td{padding:.3rem .75rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:600;color:var(--soft);font-size:.82rem}
tbody th{color:var(--ink);font-size:.9rem;font-weight:500}
td.n,th.n{text-align:right}
td.w,th.w{white-space:normal;min-width:11rem}
td.changed{color:var(--good);font-weight:600}
figure{margin:.5rem 0 1rem;overflow-x:auto}
figcaption{font-size:.85rem;margin-bottom:.25rem}
.figure{max-width:100%;height:auto;display:block}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:.5rem 2rem;align-items:start}
.side{display:flex;flex-wrap:wrap;gap:0 2.5rem;align-items:flex-start}.side>*{max-width:100%}
.fit{width:min-content;max-width:100%}.fit .scroll{width:max-content;max-width:100%}
.headline{font-size:1.05rem}
.headline b{color:var(--good);font-size:1.2rem}
.warning{border-left:3px solid var(--warn);padding:.15rem .75rem;margin:.5rem 0;background:var(--panel)}
code,pre{font:.86em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--panel);padding:.6rem .8rem;border-radius:.5rem;overflow-x:auto;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.25rem;font-size:.92rem}
dt{font-weight:600}dd{margin:0;max-width:44rem}
nav ul{columns:18rem;padding-left:1.1rem;font-size:.92rem}
summary{cursor:pointer;margin:.5rem 0}details section{scroll-margin-top:5rem}summary h3{display:inline}
${NARROW_STYLE}
@media screen and (max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}main{padding:1.25rem 1rem 4rem}}
@page{margin:14mm 12mm}
@media print{:root{color-scheme:light}main{max-width:none;padding:0}.scroll,figure{overflow:visible}table,tbody th{font-size:.78rem}td,th{padding-right:.5rem}td.w,th.w{min-width:8rem}td.w,th{white-space:normal}.pair{grid-template-columns:1fr 1fr}h3{break-after:avoid}summary{break-inside:avoid;margin:.1rem 0;font-size:.8rem}details:not([open]) h3{font-size:.85rem}summary{list-style:none}h2,h4,caption,thead,figcaption,.warning{break-after:avoid}h2+p,h2+p+.warning{break-after:avoid}figure,tr,.tile{break-inside:avoid}thead{display:table-header-group}}`;
