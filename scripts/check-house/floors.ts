import type { House } from './house.ts';
import type { Import } from './imports.ts';
import { isTest, isWithin } from './source.ts';

/** Every file must be in a folder of the list of floors. */
export function placeComplaint(path: string, { floors, stairs }: House): string | undefined {
  const loose = stairs.find((folder) => path.slice(0, path.lastIndexOf('/')) === folder);
  if (loose !== undefined) return `${path} lies loose in ${loose}/: put it into a folder.`;
  const isKnown = floors.flat().some((folder) => isWithin(path, folder));
  return isKnown ? undefined : `${path} stands on no floor: name its folder in scripts/check-house/house.ts.`;
}

/** Imports go down, stay within a kind, and never name a test file. */
export function importComplaint({ from, specifier, path }: Import, house: House): string | undefined {
  if (path === undefined) return undefined;
  const why = testWhy(path) ?? floorWhy(from, path, house) ?? kindWhy(from, path, house);
  return why === undefined ? undefined : `${from} imports '${specifier}', but ${why}.`;
}

function testWhy(path: string): string | undefined {
  return isTest(path) ? 'only tests import test files' : undefined;
}

function floorWhy(from: string, to: string, { floors }: House): string | undefined {
  const [here, there] = [floorOf(from, floors), floorOf(to, floors)];
  if (here === undefined || there === undefined || here.folder === there.folder) return undefined;
  if (there.height > here.height) {
    return `imports go down only, and ${there.folder} stands above ${here.folder}`;
  }
  if (there.height < here.height) return undefined;
  return `${here.folder} and ${there.folder} are siblings, which do not import each other`;
}

function floorOf(path: string, floors: House['floors']) {
  for (const [height, line] of floors.entries()) {
    const folder = line.find((each) => isWithin(path, each));
    if (folder !== undefined) return { height, folder };
  }
  return undefined;
}

function kindWhy(from: string, to: string, { kinds }: House): string | undefined {
  for (const folder of kinds) {
    const [here, there] = [kindOf(from, folder), kindOf(to, folder)];
    if (here !== undefined && there !== undefined && here !== there) {
      return `${here} and ${there} are two kinds of ${folder}, which do not import each other`;
    }
  }
  return undefined;
}

function kindOf(path: string, folder: string): string | undefined {
  return path.startsWith(`${folder}/`) ? /^([^/]+)\//.exec(path.slice(folder.length + 1))?.[1] : undefined;
}
