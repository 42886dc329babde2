/** "2 %", "0.9 %", "0.09 %" */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
