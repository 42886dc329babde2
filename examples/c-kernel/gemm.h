#ifndef GEMM_H
#define GEMM_H

/* c = a · b, all row-major: a is m x k, b is k x n, c is m x n. */
void gemm(int m, int n, int k, const float a[m * k], const float b[k * n], float c[m * n]);

#endif
