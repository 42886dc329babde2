import { expect, it } from 'vitest';
import { cmakeDefinition, cmakeEquals, cmakeList, cmakeText, isCmakeText } from './cmake.ts';
import { hashComment } from './comment.ts';
import { knownNames } from './hostile.fixture.ts';
import { has, Workshop } from './tools.fixture.ts';

const workshop = new Workshop();

it.skipIf(!has('cmake'))('CMake reads strings and comments correctly (skipped where it is absent)', () => {
  const texts = knownNames.filter(isCmakeText);
  const lines = texts.flatMap((text) => [
    hashComment(text),
    `set(text ${cmakeText(text)})`,
    `if(NOT ${cmakeEquals('text', text)})\n  message("differs")\nendif()`,
    `string(HEX "\${text}" hex)\nmessage("\${hex}")`,
  ]);
  workshop.put('texts.cmake', `cmake_minimum_required(VERSION 3.18)\n${lines.join('\n')}\n`);
  const read = workshop.perform('cmake', '-P', 'texts.cmake').stderr.split('\n').slice(0, -1);
  expect(read.map((hex) => Buffer.from(hex, 'hex').toString())).toEqual(texts);
  workshop.expectNothingDone();
});

it.skipIf(!has('cmake'))('CMake reads a list item by item (skipped where it is absent)', () => {
  const values = ['dma', '', 'row major', '-O3', 'a/b', '1x4', 'tiles-block', '50%', 'a=b', 'x,y', '@x'];
  const items = values.map((value, place) => cmakeDefinition(`N${place}`, value, 'it'));
  workshop.put(
    'list.cmake',
    `cmake_policy(VERSION 3.18)\n${cmakeList('found', items)}\nforeach(item IN LISTS found)\n  message("\${item}")\nendforeach()\n`,
  );
  const { stderr } = workshop.perform('cmake', '-P', 'list.cmake');
  expect(stderr.split('\n').slice(0, -1)).toEqual(items);
});

it.each(['a;b', '[', ']', '$<1:x>', '"', "'", '\\', '#', 'a//b', 'a/*b', 'a  b', ' a', 'a ', 'é', '(', '\n'])(
  'a compile definition refuses %j',
  (value) => {
    expect(() => cmakeDefinition('N', value, "parameter 'n'")).toThrow("cmake: parameter 'n' is");
  },
);
