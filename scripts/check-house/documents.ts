import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A path within code: letters and dots between slashes, no placeholder and no pattern. */
const PATH = /`((?:[\w.-]+\/)+[\w.-]*)`/g;
const LINK = /\]\(([^)#:]+)(?:#[^)]*)?\)/g;

/** Every file that a document names or links must exist. */
export function documentComplaints(root: string): readonly string[] {
  const own = new Set(readdirSync(root));
  return documentsIn(root).flatMap((document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const named = [...text.matchAll(PATH)]
      .map(([, path]) => path)
      .filter((path) => own.has(path.split('/')[0]));
    const linked = [...text.matchAll(LINK)].map(([, path]) => join(dirname(document), path));
    return [...new Set([...named, ...linked])]
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${document} names ${path}, which is not there.`);
  });
}

function documentsIn(root: string): readonly string[] {
  const folders = ['', ...['docs', 'docs/notes'].filter((folder) => existsSync(join(root, folder)))];
  return folders
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.md'));
}
