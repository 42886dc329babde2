import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FIGURE_STYLE } from '../report/svg/style.ts';

/** A file of the dashboard, as it is served. */
export type Asset = Readonly<{ path: string; type: string; body: Buffer }>;

const FOLDER = fileURLToPath(new URL('./assets/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = Object.freeze({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
});

/**
 * Everything the dashboard's page loads, uPlot among it; nothing comes from elsewhere. The list is made
 * once, so that no path of a request ever reaches the file system.
 */
export function dashboardAssets(): readonly Asset[] {
  const own = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => extname(name) in TYPES)
    .map((name) => assetOf(name === 'index.html' ? '/' : `/dashboard/${name}`, join(FOLDER, name)));
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot'));
  const library = ['uPlot.esm.js', 'uPlot.min.css'].map((name) =>
    assetOf(`/dashboard/uplot/${name}`, join(uplot, name)),
  );
  // Figures look as in the report: the colours are stated once.
  const figures = { path: '/dashboard/figure.css', type: TYPES['.css'], body: Buffer.from(FIGURE_STYLE) };
  return Object.freeze([...own, ...library, Object.freeze(figures)]);
}

function assetOf(path: string, file: string): Asset {
  return Object.freeze({ path, type: TYPES[extname(file)], body: readFileSync(file) });
}
