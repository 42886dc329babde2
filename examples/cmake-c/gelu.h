#ifndef GELU_H
#define GELU_H

/* y[i] = gelu(x[i]) for n elements, tile by tile as it was tuned. */
void gelu(const float *x, float *y, long n);

#endif
