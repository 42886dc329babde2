import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TARGET_KINDS, targetKinds } from '../../store/target-kinds.ts';
import { FIGURE_STYLE, NARROW_STYLE } from '../report/svg/style.ts';
import { VISIT_ENDS } from '../text/state-words.ts';

/** A served file of the dashboard. */
export type Asset = Readonly<{ path: string; type: string; body: Buffer }>;

const FOLDER = fileURLToPath(new URL('./assets/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = Object.freeze({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
});

/**
 * All files that the dashboard's page loads. The list is made once, so that no path of a
 * request reaches the file system.
 */
export function dashboardAssets(): readonly Asset[] {
  const own = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => extname(name) in TYPES)
    .map((name) => assetOf(name === 'index.html' ? '/' : `/dashboard/${name}`, join(FOLDER, name)));
  const all = [...own, ...stated];
  return Object.freeze(all.map((asset) => (asset.path === '/' ? withPreloads(asset, all) : asset)));
}

/** The page asks for all of its modules at once, and not for each only after the one that imports it has come. */
function withPreloads(page: Asset, all: readonly Asset[]): Asset {
  const links = all
    .filter(({ path }) => path.endsWith('.js'))
    .map(({ path }) => `    <link rel="modulepreload" href="${path}" />\n`);
  return {
    ...page,
    body: Buffer.from(page.body.toString().replace('  </head>', `${links.join('')}  </head>`)),
  };
}

/** Generated files with data shared by report and terminal: colours of figures, labels of times, words for ends of visits. */
const stated: readonly Asset[] = Object.freeze([
  textAsset('/dashboard/figure.css', `${FIGURE_STYLE}\n${NARROW_STYLE}`),
  textAsset(
    '/dashboard/words.js',
    `export const timeLabels = ${JSON.stringify(timeLabels())};\nexport const visitEnds = ${JSON.stringify(VISIT_ENDS)};\n`,
  ),
]);

function timeLabels(): Readonly<Record<string, string>> {
  return Object.fromEntries(TARGET_KINDS.map((kind) => [kind, targetKinds[kind].label]));
}

function textAsset(path: string, text: string): Asset {
  return Object.freeze({ path, type: TYPES[extname(path)], body: Buffer.from(text) });
}

function assetOf(path: string, file: string): Asset {
  return Object.freeze({ path, type: TYPES[extname(file)], body: readFileSync(file) });
}
