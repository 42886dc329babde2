import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { studyDocumentSchema } from '../../src/documents/findings.ts';
import { verifyDocumentSchema } from '../../src/documents/verify.ts';
import { openStore } from '../../store/open-store.ts';
import { knownOr } from '../../tuner/attribution/gain.ts';
import { systemClock } from '../../tuner/clock.ts';
import { temporaryFolder } from '../cli/command-line.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const store = join(folder.path, 'store.db');
const run = (...words: readonly string[]) => inProcess(words, { NIGHTSHIFT_STORE: store });

async function tuned(...words: readonly string[]) {
  const { stdout } = await run('tune', '--quiet', '--format', 'json', ...words);
  return studyDocumentSchema.parse(JSON.parse(stdout));
}

async function verified(...words: readonly string[]) {
  const { code, stdout, stderr } = await run('verify', '--quiet', '--format', 'json', ...words);
  if (stdout === '') throw new Error(stderr);
  return { code, stderr, document: verifyDocumentSchema.parse(JSON.parse(stdout)) };
}

async function stored(studyId: string) {
  const opened = await openStore(store, { mode: 'read', clock: systemClock });
  return opened.verifications(studyId).finally(() => opened.close());
}

describe('verify on a simulator', () => {
  it('answers exactly, for the accepted parameter sets, with no rate of false claims', async () => {
    const { study, best, default: usual } = await tuned('--trials', '20', 'gelu', '--target', 'hexagon-mlir');
    const { code, document } = await verified(study.id);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      isExact: true,
      verdict: 'faster',
      winner: { configuration: best?.configuration },
      against: { given: 'default', configuration: usual?.configuration },
      falseClaims: null,
    });
    expect(document.sentence).toMatch(
      /^The winner is faster than the default: exactly .* parameter sets? of/,
    );
    const hundredfold = await verified(study.id, '--by', '9900%');
    expect(hundredfold).toMatchObject({ code: 1, document: { verdict: 'not faster', by: 99 } });
    expect(await stored(study.id)).toMatchObject([
      {
        kind: 'ensemble',
        claims: [
          { by: 0, verdict: 'faster' },
          { by: 99, verdict: 'not faster' },
        ],
      },
    ]);
  });

  it('needs no clock for a winner that is what it is compared with', async () => {
    const { study, best } = await tuned('--trials', '20', 'gelu', '--shape', '4096');
    const same = Object.entries(best?.configuration ?? {}).map(([name, value]) => `${name}=${value}`);
    const { code, document } = await verified(study.id, '--against', same.join(','));
    expect({ code, pairs: document.pairs }).toEqual({ code: 1, pairs: 0 });
    expect(document.sentence).toMatch(/both are the same configuration\.$/);
  });

  it('refuses what it cannot verify', async () => {
    expect(await run('verify', 'nothing')).toMatchObject({ code: 6 });
    const { study } = await tuned('--trials', '1', 'gelu', '--shape', '4096');
    expect(await run('verify', study.id, '--by', '2')).toMatchObject({ code: 2 });
    expect(await run('verify', study.id, '--target', 'wasm')).toMatchObject({ code: 2 });
  });
});

describe('verify on a user’s device', () => {
  const space = join(folder.path, 'mine.json');
  const program = join(folder.path, 'measure.sh');
  const device = ['--space', space, '--target', 'command:board'];
  const command = ['--', program, '{tile}'];
  beforeAll(() => {
    const parameters = [{ name: 'tile', values: [8, 16, 32] }];
    writeFileSync(space, JSON.stringify({ parameters, default: { tile: 8 } }));
    // Tile 32 takes about a tenth less than 8, with noise of up to 2.5 %; 16 takes as long as 8, with noise of a quarter of a percent.
    const lines = [
      '#!/bin/sh',
      'state="$0.state"; last=$(cat "$state" 2>/dev/null || echo 1)',
      'next=$(( (last * 1103515245 + 12345) & 2147483647 )); echo "$next" > "$state"',
      'noise=$(( next >> 16 & 255 ))',
      '[ "$1" = 32 ] && took=$((90000 + noise * 10)) || took=$((100000 + noise))',
      'echo "{\\"timeUs\\": $((took))e-3}"',
    ];
    writeFileSync(program, `${lines.join('\n')}\n`);
    chmodSync(program, 0o755);
  });

  it('proves a gain in few timings, keeps it, and makes best and exports say so', async () => {
    const { study, winner } = await tuned('--trials', '3', ...device, ...command);
    expect(winner?.configuration).toEqual({ tile: 32 });
    const { code, stderr, document } = await verified(study.id, ...device, '--by', '2%', ...command);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(document).toMatchObject({ verdict: 'faster', isExact: false, falseClaims: 0.009, by: 0.02 });
    expect(document.timings).toBeLessThanOrEqual(40);
    expect(knownOr(document.gain)).toBeGreaterThan(1.06);
    const best = JSON.parse((await run('best', 'mine', '--target', 'board', '--format', 'json')).stdout);
    const { by, timings, falseClaims } = document;
    expect(best.provenance.verified).toEqual({ by, timings, falseClaims });
    expect((await run('best', 'mine', '--target', 'board')).stdout).toMatch(
      /verified faster than the default by more than 2 %, in \d+ timings;\s+study/,
    );
    const out = join(folder.path, 'exports');
    const formats = ['json', 'lock', 'c-header'];
    const exported = await run('export', '--format', formats.join(','), '-o', out, '--target', 'board');
    expect(exported.code).toBe(0);
    const files = readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'));
    expect(files.map((text) => /verified/.test(text))).toEqual(formats.map(() => true));
    // What is known needs no further timing.
    const again = await verified(study.id, ...device, '--by', '2%', ...command);
    expect(again.document).toMatchObject({ pairs: document.pairs, verdict: 'faster' });
  });

  it('follows a visit on request', async () => {
    const words = ['--trials', '3', '--verify', '--seed', '2', ...device, ...command];
    const { code, stdout } = await run('tune', ...words);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /The winner is faster than the default: .* At most 0\.9 % of such claims are false\./,
    );
    expect((await run('best', 'mine', '--target', 'board')).stdout).toContain(
      'verified faster than the default',
    );
  });

  it('says that nothing is known yet, and goes on with what it has', async () => {
    const { study } = await tuned('--trials', '3', ...device, '--fix', 'tile=16', ...command);
    const first = await verified(study.id, ...device, '--for', '1s', ...command);
    expect(first).toMatchObject({
      code: 7,
      document: { verdict: 'unknown', undecided: 'the time was over' },
    });
    expect(first.document.pairs).toBeGreaterThan(0);
    const second = await verified(study.id, ...device, '--for', '5s', ...command);
    expect(second.document.pairs).toBeGreaterThan(first.document.pairs);
    // It takes as long as the default, so that it is 5 % faster is soon refuted.
    const refuted = await verified(study.id, ...device, '--by', '5%', '--for', '30s', ...command);
    expect(refuted).toMatchObject({ code: 1, document: { verdict: 'not faster' } });
  });

  it('refuses another program than the study’s', async () => {
    const { study } = await tuned('--trials', '3', ...device, ...command);
    const { code, stderr } = await run('verify', study.id, ...device, '--', program, '{tile}', 'other');
    expect(code).toBe(2);
    expect(stderr).toContain('as tune was given them');
  });
});
