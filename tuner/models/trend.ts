/** The part of ln(time) that is expected before the study's own model looks at a member. */
export type Trend = (members: readonly Int32Array[]) => Float64Array;

export const NO_TREND: Trend = (members) => new Float64Array(members.length);
