import { InputError } from '../../search-space/input-error.ts';
import { decimal, isLongLong } from './decimal.ts';
import { smallName } from './names.ts';
import { oneLine } from './visible.ts';

/** C99 and C++: the parts of a header. */

/** A comment of one line; the text cannot end it or open another. */
export function cComment(text: string): string {
  return `/* ${oneLine(text).replaceAll('*/', '* /').replaceAll('/*', '/ *')} */`;
}

/** A macro. `literal` is the result of a function of this file, or another macro's name. */
export function cDefine(name: string, literal: string): string {
  return `#define ${name} ${literal}`;
}

/** Whether a C string can hold the whole text: a NUL would end it. */
export function isCString(text: string): boolean {
  return !text.includes('\0');
}

/** The bytes of a text in UTF-8 as a string literal in ASCII. */
export function cString(text: string): string {
  const escaped = text
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll('??', '?\\?')
    .replaceAll(/[^\x20-\x7e]+/g, (run) => [...Buffer.from(run)].map(octal).join(''));
  return `"${escaped}"`;
}

/** An integer literal if `long long` holds it, with LL if 32 bits do not; else a double. Throws InputError if it is not finite. */
export function cNumber(value: number): string {
  if (!Number.isFinite(value)) throw new InputError('c-header', `C has no literal for ${value}`);
  const digits = decimal(value);
  if (isLongLong(value)) return Math.abs(value) < 2 ** 31 ? digits : `${digits}LL`;
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/** A double, also one that is not finite, for which math.h must be included. */
export function cDouble(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value > 0 ? 'INFINITY' : '-INFINITY';
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/** A parameter as a member of a struct: vector_bytes, block_size_, int_. */
export function cMember(parameter: string): string {
  return smallName(parameter, 'camelCase', RESERVED);
}

/** Always three digits, so that a following digit never belongs to the escape. */
function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`;
}

/** Keywords up to C23 and C++23, and lower-case macros of compilers and common headers. */
const RESERVED: ReadonlySet<string> = new Set(
  `alignas alignof and and_eq asm assert auto bitand bitor bool break case catch char char16_t char32_t char8_t
  class co_await co_return co_yield compl complex concept const const_cast consteval constexpr constinit
  continue decltype default delete do double dynamic_cast else enum errno explicit export extern false far
  float for fortran friend goto i386 if imaginary inline int interface linux long mips mutable namespace near
  new noexcept noreturn not not_eq nullptr offsetof operator or or_eq private protected public register
  reinterpret_cast requires restrict return short signed sizeof small sparc static static_assert static_cast
  stderr stdin stdout struct sun switch template this thread_local throw true try typedef typeid typename
  typeof typeof_unqual union unix unsigned using vax virtual void volatile wchar_t while xor xor_eq`.split(
    /\s+/,
  ),
);
