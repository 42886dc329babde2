import { z } from 'zod';
import type { ImportedKernel, KernelRecord } from '../records.ts';
import type { Database } from '../sqlite-database.ts';
import { findRow, jsonText, parseRow, parseRows } from './row.ts';
import { features } from './shapes.ts';
import { KERNELS_CALLED, kernelsCalled } from './titles.ts';

const kernelRow: z.ZodType<KernelRecord> = z
  .object({
    hash: z.string(),
    name: z.string(),
    shape: z.string(),
    dtype: z.string(),
    ir: z.string().nullable(),
    features: jsonText(features),
    source: z.string(),
  })
  .readonly();
const importRow = z.object({
  calls: z.number().nullable(),
  ttir: z.string().nullable(),
  imported_at: z.number(),
});

const COLUMNS = 'k.hash, k.name, k.shape, k.dtype, k.ir, k.features, k.source';
const IMPORTS = `SELECT ${COLUMNS.replace('k.name', 'i.name')}, i.calls, i.ttir, i.imported_at
  FROM imports i JOIN kernels k ON k.hash = i.hash`;

export function saveKernel(database: Database, kernel: KernelRecord): void {
  const { hash, name, shape, dtype, ir, source } = kernel;
  database.run(
    `INSERT INTO kernels (hash, name, shape, dtype, ir, features, source)
     VALUES (:hash, :name, :shape, :dtype, :ir, :features, :source) ON CONFLICT DO NOTHING`,
    { hash, name, shape, dtype, ir, features: JSON.stringify(kernel.features), source },
  );
  database.run('INSERT INTO kernel_names (name, hash) VALUES (:name, :hash) ON CONFLICT DO NOTHING', {
    name,
    hash,
  });
}

export function importKernel(
  database: Database,
  { kernel, calls, ttir }: Omit<ImportedKernel, 'importedAt'>,
  importedAt: number,
): void {
  saveKernel(database, kernel);
  database.run(
    `INSERT INTO imports (name, hash, calls, ttir, imported_at) VALUES (:name, :hash, :calls, :ttir, :importedAt)
     ON CONFLICT (name) DO UPDATE SET hash = :hash, calls = :calls, ttir = :ttir, imported_at = :importedAt`,
    { name: kernel.name, hash: kernel.hash, calls, ttir, importedAt },
  );
}

export function findKernel(database: Database, hash: string): KernelRecord | undefined {
  const row = database.get(`SELECT ${COLUMNS} FROM kernels k WHERE k.hash = :hash`, { hash });
  return findRow(database, kernelRow, row);
}

export function listKernels(database: Database, name: string | undefined): readonly KernelRecord[] {
  const rows =
    name === undefined
      ? database.all(`SELECT ${COLUMNS} FROM kernels k ORDER BY k.name, k.shape, k.dtype, k.hash`)
      : database.all(
          `SELECT ${COLUMNS} FROM kernels k WHERE k.hash IN (${KERNELS_CALLED}) ORDER BY k.shape, k.dtype, k.hash`,
          kernelsCalled(name),
        );
  return parseRows(database, kernelRow, rows);
}

export function findImport(database: Database, name: string): ImportedKernel | undefined {
  const row = database.get(`${IMPORTS} WHERE i.name = :name`, { name });
  return row === undefined ? undefined : importedKernel(database, row);
}

export function listImports(database: Database): readonly ImportedKernel[] {
  return database.all(`${IMPORTS} ORDER BY i.name`).map((row) => importedKernel(database, row));
}

function importedKernel(database: Database, row: unknown): ImportedKernel {
  const { calls, ttir, imported_at: importedAt } = parseRow(database, importRow, row);
  return Object.freeze({ kernel: parseRow(database, kernelRow, row), calls, ttir, importedAt });
}
