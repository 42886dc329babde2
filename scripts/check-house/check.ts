import { circleComplaints } from './circles.ts';
import { documentComplaints } from './documents.ts';
import { doorComplaint } from './doors.ts';
import { importComplaint, placeComplaint } from './floors.ts';
import type { House } from './house.ts';
import { type Import, importsOf } from './imports.ts';
import { nameComplaints } from './names.ts';
import { isTest, readSources } from './source.ts';

/** A sentence for each violation of a house's rules. Tests may import anything. */
export function complaintsAbout(root: string, house: House): readonly string[] {
  const folders = [...new Set(house.floors.flat().map((folder) => folder.split('/')[0]))];
  const all = readSources(root, folders);
  const paths = new Set(all.map(({ path }) => path));
  const sources = all.filter(({ path }) => !isTest(path));
  const imports = sources.flatMap((source) => importsOf(source, paths));
  return [
    ...all.flatMap(({ path }) => placeComplaint(path, house) ?? []),
    ...imports.flatMap((each: Import) => importComplaint(each, house) ?? []),
    ...imports.flatMap((each: Import) => doorComplaint(each, house) ?? []),
    ...circleComplaints(imports),
    ...nameComplaints(sources, house),
    ...documentComplaints(root),
  ];
}
