/**
 * Sums run four at a time, because one alone waits for each of its terms. Each keeps its order, so that its rounding is
 * that of one alone.
 */
const AT_ONCE = 4;

/** Replaces the lower triangle of a symmetric positive definite n × n matrix by L with L Lᵀ = A. */
export function factorize(a: Float64Array, n: number): void {
  const sums = new Float64Array(AT_ONCE);
  for (let j = 0; j < n; j++) {
    let diagonal = a[j * n + j];
    for (let k = 0; k < j; k++) diagonal -= a[j * n + k] ** 2;
    const root = Math.sqrt(Math.max(diagonal, 1e-10));
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i += AT_ONCE) {
      const rows = Math.min(AT_ONCE, n - i);
      dots(a, { row: j * n, others: i * n, stride: n, rows, length: j }, sums);
      for (let r = 0; r < rows; r++) a[(i + r) * n + j] = (a[(i + r) * n + j] - sums[r]) / root;
    }
  }
}

/** x with L x = b, in place. */
export function solveLower(l: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    let value = b[i];
    const row = i * n;
    for (let k = 0; k < i; k++) value -= l[row + k] * b[k];
    b[i] = value / l[row + i];
  }
  return b;
}

/** The same of four right-hand sides, side by side in `b`, which are 0 before row `first`. */
export function solveLowerFour(l: Float64Array, n: number, b: Float64Array, first = 0): void {
  for (let i = first; i < n; i++) {
    const row = i * n;
    const at = i * AT_ONCE;
    let p = b[at];
    let q = b[at + 1];
    let r = b[at + 2];
    let s = b[at + 3];
    for (let k = first, from = first * AT_ONCE; k < i; k++, from += AT_ONCE) {
      const factor = l[row + k];
      p -= factor * b[from];
      q -= factor * b[from + 1];
      r -= factor * b[from + 2];
      s -= factor * b[from + 3];
    }
    const diagonal = l[row + i];
    b[at] = p / diagonal;
    b[at + 1] = q / diagonal;
    b[at + 2] = r / diagonal;
    b[at + 3] = s / diagonal;
  }
}

/** x with Lᵀ x = b, in place. */
export function solveUpper(l: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = n - 1; i >= 0; i--) {
    let value = b[i];
    for (let k = i + 1; k < n; k++) value -= l[k * n + i] * b[k];
    b[i] = value / l[i * n + i];
  }
  return b;
}

/** A⁻¹ from its factor, symmetric and full. */
export function inverseOf(l: Float64Array, n: number): Float64Array {
  const columns = inverseFactor(l, n);
  const inverse = new Float64Array(n * n);
  const sums = new Float64Array(AT_ONCE);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j += AT_ONCE) {
      const rows = Math.min(AT_ONCE, i + 1 - j);
      dots(columns, { row: i * n + i, others: j * n + i, stride: n, rows, length: n - i }, sums);
      for (let r = 0; r < rows; r++) {
        inverse[i * n + j + r] = sums[r];
        inverse[(j + r) * n + i] = sums[r];
      }
    }
  }
  return inverse;
}

/** The columns of L⁻¹ as rows. */
function inverseFactor(l: Float64Array, n: number): Float64Array {
  const columns = new Float64Array(n * n);
  const solved = new Float64Array(n * AT_ONCE);
  for (let j = 0; j < n; j += AT_ONCE) {
    const count = Math.min(AT_ONCE, n - j);
    solved.fill(0);
    for (let c = 0; c < count; c++) solved[(j + c) * AT_ONCE + c] = 1;
    solveLowerFour(l, n, solved, j);
    for (let c = 0; c < count; c++)
      for (let i = j + c; i < n; i++) columns[(j + c) * n + i] = solved[i * AT_ONCE + c];
  }
  return columns;
}

/** Where a row begins, and up to four others that lie `stride` apart. */
type Rows = Readonly<{ row: number; others: number; stride: number; rows: number; length: number }>;

function dots(a: Float64Array, { row, others, stride, rows, length }: Rows, sums: Float64Array): void {
  if (rows < AT_ONCE) {
    for (let r = 0; r < rows; r++) sums[r] = dot(a, row, others + r * stride, length);
    return;
  }
  let [p, q, r, s] = [0, 0, 0, 0];
  const [second, third, fourth] = [others + stride, others + 2 * stride, others + 3 * stride];
  for (let k = 0; k < length; k++) {
    const factor = a[row + k];
    p += factor * a[others + k];
    q += factor * a[second + k];
    r += factor * a[third + k];
    s += factor * a[fourth + k];
  }
  sums[0] = p;
  sums[1] = q;
  sums[2] = r;
  sums[3] = s;
}

function dot(a: Float64Array, from: number, other: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[from + k] * a[other + k];
  return sum;
}
