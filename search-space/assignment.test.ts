import { describe, expect, it } from 'vitest';
import { heldWords, parseAssignment, permittedValues } from './assignment.ts';
import { categorical, flag, ordinal } from './parameters.ts';

const parameters = [
  ordinal('threads', [1, 2, 4]),
  categorical('staging', ['direct', 'copy']),
  flag('async'),
  ordinal('scale', [0.5, 1]),
];

describe('values of parameters as text', () => {
  it.each([
    ['threads=4', { name: 'threads', value: 4 }],
    [' threads = 2 ', { name: 'threads', value: 2 }],
    ['threads=4.0', { name: 'threads', value: 4 }],
    ['staging=copy', { name: 'staging', value: 'copy' }],
    ['async=true', { name: 'async', value: true }],
    ['scale=.5', { name: 'scale', value: 0.5 }],
  ])('%s', (text, assignment) => {
    expect(parseAssignment(text, parameters, '--set')).toEqual(assignment);
  });

  it('permits values in the order of the parameter, each once', () => {
    expect(permittedValues({ threads: ['4', 1, 4], async: [true] }, parameters)).toEqual({
      threads: [1, 4],
      async: [true],
    });
    expect(() => permittedValues({ thread: [1] }, parameters)).toThrow("did you mean 'threads'");
    expect(() => permittedValues({ threads: [3] }, parameters)).toThrow("threads: cannot be '3'");
  });

  it('joins --fix and --values', () => {
    expect(heldWords(['staging=copy'], ['threads=1, 2'])).toEqual({ staging: ['copy'], threads: ['1', '2'] });
    expect(() => heldWords(['threads=1'], ['threads=1,2'])).toThrow('threads: is steered twice');
  });

  it.each([
    ['thread=4', "unknown parameter 'thread' (did you mean 'threads'?)"],
    ['threads=3', "threads: cannot be '3' (one of 1, 2, 4)"],
    ['threads=', "threads: cannot be '' (one of 1, 2, 4)"],
    ['staging=dma', "staging: cannot be 'dma' (one of 'direct', 'copy')"],
    ['async=1', "async: cannot be '1' (one of false, true)"],
    ['threads', "'threads' has no '=' (write it like threads=4)"],
    ['=', "'=' has no parameter before '=' (write it like threads=4)"],
  ])('refuses %s', (text, message) => {
    expect(() => parseAssignment(text, parameters, '--set')).toThrow(`--set: ${message}`);
  });
});
