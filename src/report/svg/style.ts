/** Colours by role, in light and in dark, for page and figures. */
const LIGHT = `--ink:#1c1e21;--soft:#5b626c;--line:#d9dde3;--ground:#ffffff;--panel:#f5f6f8;--accent:#2563c9;--vec:#2563c9;--mt:#c2530a;--db:#0b8567;--good:#0b7a4b;--bad:#b3261e;--warn:#8a5a00;--shade:#2563c926`;
const DARK = `--ink:#e8eaed;--soft:#a3abb6;--line:#363c45;--ground:#15181c;--panel:#1e2228;--accent:#7aabf7;--vec:#7aabf7;--mt:#f0975a;--db:#4cc9a4;--good:#5fd39b;--bad:#f28b82;--warn:#e6b35a;--shade:#7aabf733`;

/** On what a call spends its time, and what is not divided; alike in light and in dark. */
const PARTS =
  '--part-compute:#15803d;--part-memory:#7c3aed;--part-dma:#2563c9;--part-wait:#b9bfc9;--part-fork:#6b7280;--faint:color-mix(in srgb,var(--accent) 38%,var(--ground))';

export const COLOURS = `:root{color-scheme:light dark;${LIGHT};${PARTS}}@media screen and (prefers-color-scheme:dark){:root{${DARK}}}`;

export const FIGURE_STYLE = `${COLOURS}
.figure{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
.figure text{fill:var(--ink)}
.figure .soft{fill:var(--soft)}
.figure .tick{fill:var(--soft);font-size:11px}
.figure .strong{font-weight:600}
.figure .grid{stroke:var(--line);stroke-width:1}
.figure .axis{stroke:var(--soft);stroke-width:1}
.figure .mark{stroke:var(--ink);stroke-width:1.5;fill:none}
.figure .dashed{stroke:var(--soft);stroke-width:1.25;stroke-dasharray:4 4;fill:none}
.figure .whisker{stroke:var(--ink);stroke-width:1.5;opacity:.75}
.figure .curve{stroke:var(--accent);stroke-width:2;fill:none;stroke-linejoin:round}
.figure .points{stroke:var(--soft);stroke-width:3;stroke-linecap:round;fill:none;opacity:.4}
.figure .dot{fill:var(--accent)}
.figure .ring{fill:var(--ground);stroke:var(--accent);stroke-width:2}
.figure .usual{fill:var(--ground);stroke:var(--soft);stroke-width:2}
.figure .shade{fill:var(--shade)}
.figure .bar{fill:var(--accent)}
.figure .worse{fill:var(--bad)}
.figure .outline{fill:var(--shade);stroke:var(--accent);stroke-width:1;stroke-dasharray:3 2}
.figure .roof{stroke:var(--ink);stroke-width:1.5;opacity:.55}
.figure .below{fill:var(--line)}
.figure .vec{fill:var(--vec)}.figure .mt{fill:var(--mt)}.figure .db{fill:var(--db)}
.figure .vec-line{stroke:var(--vec)}.figure .mt-line{stroke:var(--mt)}.figure .db-line{stroke:var(--db)}
.figure .halo{paint-order:stroke;stroke:var(--ground);stroke-width:4px}
.figure .band{opacity:.16}
.figure .part-compute{fill:var(--part-compute)}.figure .part-memory{fill:var(--part-memory)}.figure .part-dma{fill:var(--part-dma)}
.figure .part-wait{fill:var(--part-wait)}.figure .part-fork{fill:var(--part-fork)}
.figure .faint{fill:var(--faint)}
.figure .edge{fill:none;stroke:var(--ground);stroke-width:1.5}
.figure .leader{fill:none;stroke:var(--soft);stroke-width:.75}`;

/** For a page: of a figure in two forms it shows the one that has room, and wide tables are cards where they have none. */
export const NARROW_STYLE = `.figure.on-narrow{display:none}
@media screen and (max-width:40rem){.figure.on-wide{display:none}.figure.on-narrow{display:block}
.stacked thead{display:none}
.stacked,.stacked caption,.stacked tbody{display:block}
.stacked tr{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.1rem .75rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
.stacked tr>:is(th,td){padding:0;border:0;min-width:0;text-align:left;white-space:normal}
.stacked tr>:is(th,.w){grid-column:1/-1}
.stacked tr>td::before{content:attr(data-title);display:block;color:var(--soft);font-size:.78rem;font-weight:400;line-height:1.3}
.stacked tr>td:empty{display:none}}`;
