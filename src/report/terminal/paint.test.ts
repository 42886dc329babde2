import { expect, it } from 'vitest';
import { ansi, onlyOurs, plain } from './paint.ts';

it('keeps nightshift’s own escape sequences, and no others', () => {
  const drawn = `${ansi.bold(ansi.green('a'))}\u001b[2J\u001b[8m\u001b]0;x\u0007\r\u202eb\n`;
  const rest = '\\u001b[2J\\u001b[8m\\u001b]0;x\\u0007\\u000d\\u202eb\n';
  expect(onlyOurs(drawn, ansi)).toBe(`\u001b[1m\u001b[32ma\u001b[39m\u001b[22m${rest}`);
});

it('keeps no escape sequence without colours', () => {
  expect(onlyOurs('\u001b[32ma\n', plain)).toBe('\\u001b[32ma\n');
});
