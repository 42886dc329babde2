// Checks the shape of the house: imports go down only, and each named package enters at one place.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const FLOORS = ['search-space', 'store', 'tuner', 'src', 'scripts'];

/** The one place from which a package may be imported; '' stands for nowhere. */
const DOORS: Readonly<Record<string, RegExp>> = {
  yargs: /^src\/cli\//,
  'p-queue': /^src\/daemon\/scheduler\.ts$/,
  'better-sqlite3': /^store\/sqlite-database\.ts$/,
  '@tensorflow/': /^tuner\/models\/tensorflow\.ts$/,
  fastify: /^src\/http\//,
  wabt: /^src\/targets\/wasm\//,
  yaml: /^src\/daemon\//,
  pino: /^src\/daemon\//,
};

/** The lowest floor computes only: no I/O, no packages. */
const PURE_FLOOR = 'search-space';

const isTest = (file: string): boolean => /\.(test|conformance|fixture)\.ts$/.test(file);

function sourcesOf(floor: string): string[] {
  return readdirSync(floor, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].map((match) => match[1]);
}

function complaint(file: string, specifier: string): string | undefined {
  const floor = FLOORS.findIndex((name) => file.startsWith(`${name}/`));
  if (specifier.startsWith('.')) {
    const target = relative('.', resolve(dirname(file), specifier));
    const below = FLOORS.findIndex((name) => target.startsWith(`${name}/`));
    if (below === FLOORS.indexOf('scripts') && !file.startsWith('scripts/')) return 'nobody imports a script';
    return below > floor ? `imports go down only: ${FLOORS[floor]} may not see ${FLOORS[below]}` : undefined;
  }
  if (file.startsWith(`${PURE_FLOOR}/`)) return 'this floor has no I/O and no packages';
  if (file.startsWith('scripts/')) return undefined;
  const door = Object.entries(DOORS).find(([name]) => specifier === name || specifier.startsWith(name));
  return door === undefined || door[1].test(file)
    ? undefined
    : `'${door[0]}' may only be imported in ${door[1].source}`;
}

const complaints = FLOORS.flatMap(sourcesOf)
  .filter((file) => !isTest(file))
  .flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const why = complaint(file, specifier);
      return why === undefined ? [] : [`${file}: imports '${specifier}', but ${why}`];
    }),
  );

for (const line of complaints) console.error(line);
console.log(
  complaints.length === 0 ? 'The house stands: imports go down only.' : `${complaints.length} complaints`,
);
process.exitCode = complaints.length === 0 ? 0 : 1;
