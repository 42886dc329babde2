import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect } from 'vitest';

export type Performed = Readonly<{ status: number | null; stdout: string; stderr: string }>;

/** A folder in which other programs read generated files; removed after the test file. */
export class Workshop {
  readonly path = mkdtempSync(join(tmpdir(), 'nightshift-workshop-'));

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true, force: true }));
  }

  put(name: string, text: string): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  perform(program: string, ...words: readonly string[]): Performed {
    const options = { cwd: this.path, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
    const { status, stdout, stderr } = spawnSync(program, words, options);
    return { status, stdout, stderr };
  }

  /** Runs a Python program that prints JSON, and returns the parsed output. */
  python(program: string): unknown {
    this.put('read.py', program);
    const { stdout, stderr } = this.perform('python3', 'read.py');
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  /** No hostile name ran a command: each would create a file of the name PWNED. */
  expectNothingDone(): void {
    const names = readdirSync(this.path, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('PWNED'))).toEqual([]);
  }
}

/** Whether all the programs are installed. */
export function has(...programs: readonly string[]): boolean {
  return programs.every((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0);
}
