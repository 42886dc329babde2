/** Replaces the lower triangle of a symmetric positive definite n × n matrix by L with L Lᵀ = A. */
export function factorize(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    let diagonal = a[j * n + j];
    for (let k = 0; k < j; k++) diagonal -= a[j * n + k] ** 2;
    const root = Math.sqrt(Math.max(diagonal, 1e-10));
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i++) a[i * n + j] = (a[i * n + j] - dot(a, i * n, j * n, j)) / root;
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
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = dot(columns, i * n + i, j * n + i, n - i);
      inverse[i * n + j] = value;
      inverse[j * n + i] = value;
    }
  }
  return inverse;
}

/** The columns of L⁻¹ as rows. */
function inverseFactor(l: Float64Array, n: number): Float64Array {
  const columns = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    columns[j * n + j] = 1 / l[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let value = 0;
      for (let k = j; k < i; k++) value -= l[i * n + k] * columns[j * n + k];
      columns[j * n + i] = value / l[i * n + i];
    }
  }
  return columns;
}

function dot(a: Float64Array, from: number, other: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[from + k] * a[other + k];
  return sum;
}
