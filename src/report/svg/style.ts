/** Colours by role, in light and in dark, for page and figures. */
const LIGHT = `--ink:#1c1e21;--soft:#5b626c;--line:#d9dde3;--ground:#ffffff;--panel:#f5f6f8;--accent:#2563c9;--vec:#2563c9;--mt:#c2530a;--db:#0b8567;--good:#0b7a4b;--bad:#b3261e;--warn:#8a5a00;--shade:#2563c926`;
const DARK = `--ink:#e8eaed;--soft:#a3abb6;--line:#363c45;--ground:#15181c;--panel:#1e2228;--accent:#7aabf7;--vec:#7aabf7;--mt:#f0975a;--db:#4cc9a4;--good:#5fd39b;--bad:#f28b82;--warn:#e6b35a;--shade:#7aabf733`;

export const COLOURS = `:root{color-scheme:light dark;${LIGHT}}@media screen and (prefers-color-scheme:dark){:root{${DARK}}}`;

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
.figure .band{opacity:.16}`;
