/** What is kept for a key, made the first time. */
export function entry<K, V>(
  kept: Readonly<{ get(key: K): V | undefined; set(key: K, value: V): unknown }>,
  key: K,
  make: () => V,
): V {
  let found = kept.get(key);
  if (found === undefined) {
    found = make();
    kept.set(key, found);
  }
  return found;
}
