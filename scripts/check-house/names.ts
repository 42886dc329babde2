import type { House } from './house.ts';
import { withoutComments } from './imports.ts';
import type { Source } from './source.ts';

const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|let|enum|interface|type) (\w+)/gm;

/** Each name may be exported by one file only. Browser scripts are counted separately. */
export function nameComplaints(
  sources: readonly Source[],
  { namesakes, sharedNames }: House,
): readonly string[] {
  const homes = new Map<string, string[]>();
  for (const { path, text } of sources.filter(
    ({ path }) => !namesakes.some((each) => path.startsWith(each)),
  )) {
    for (const name of exportedNames(text)) {
      const key = path.endsWith('.js') ? `${name} (in the browser)` : name;
      homes.set(key, [...(homes.get(key) ?? []), path]);
    }
  }
  return [...homes]
    .filter(([name, paths]) => paths.length > 1 && !sharedNames.includes(name))
    .map(([name, paths]) => `${name} is exported by ${paths.join(' and ')}: a name has one meaning.`);
}

function exportedNames(text: string): ReadonlySet<string> {
  return new Set([...withoutComments(text).matchAll(EXPORTED)].map(([, name]) => name));
}
