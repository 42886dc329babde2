/* c = a · b, all row-major: a is M x K, b is K x N, c is M x N. */
enum { M = 384, N = 384, K = 384 };
void matmul(const float *a, const float *b, float *c);
