import type { Configuration } from '../../../search-space/parameter.ts';

/** "threads=4 tile=16384" */
export function configurationText(configuration: Configuration): string {
  return Object.entries(configuration)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** The parameters that differ from another configuration; without another, all of them. */
export function changesText(configuration: Configuration, from: Configuration | undefined): string {
  const changed = Object.entries(configuration).filter(([name, value]) => value !== from?.[name]);
  return changed.length === 0 ? 'nothing' : configurationText(Object.fromEntries(changed));
}
