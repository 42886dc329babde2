/**
 * What a time of a kernel can be, in microseconds: from a millionth (light goes a third of a millimetre) to
 * 31 years. Within these bounds sums, ratios and logarithms of times stay finite numbers.
 */
export const SHORTEST_US = 1e-6;
export const LONGEST_US = 1e15;

export function isTime(timeUs: number): boolean {
  return timeUs >= SHORTEST_US && timeUs <= LONGEST_US;
}
