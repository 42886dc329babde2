import { type Configuration, configurationKey, type Parameter } from '../search-space/parameter.ts';

/** The first of each configuration, in order. */
export function distinctConfigurations<Item extends Readonly<{ configuration: Configuration }>>(
  parameters: readonly Parameter[],
  items: readonly Item[],
): readonly Item[] {
  const seen = new Set<string>();
  return items.filter(({ configuration }) => {
    const key = configurationKey(parameters, configuration);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
