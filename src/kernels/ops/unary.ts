import type { UnaryOpEntry } from './_op.ts';
import { ERROR_FUNCTION } from './error-function.ts';
import { EXPONENTIAL } from './exponential.ts';
import { SIMPLE } from './simple.ts';
import { TRIGONOMETRIC } from './trigonometric.ts';

const ALL = { ...SIMPLE, ...EXPONENTIAL, ...ERROR_FUNCTION, ...TRIGONOMETRIC } as const;

export type UnaryOp = keyof typeof ALL;

/** The ops with one operand, whose dtype they keep unless their entry says otherwise. */
export const UNARY_OPS: Readonly<Record<UnaryOp, UnaryOpEntry>> = Object.freeze(ALL);
