/**
 * The place of the variant that all others are measured against: the first, which is the default,
 * unless it has a time in fewer than half as many rounds as another.
 */
export function referencePlace(roundsUs: readonly (readonly (number | null)[])[]): number {
  const counts = (roundsUs[0] ?? []).map(() => 0);
  for (const row of roundsUs)
    for (let place = 0; place < counts.length; place++) if (row[place] !== null) counts[place]++;
  const most = Math.max(0, ...counts);
  return 2 * (counts[0] ?? 0) >= most ? 0 : counts.indexOf(most);
}
