/* What the functions of the tuned kernels return; 0 where they have computed the result. */
#ifndef NIGHTSHIFT_STATUS_H
#define NIGHTSHIFT_STATUS_H

/* No shape with these extents was tuned: nothing was computed. */
#define NIGHTSHIFT_NOT_TUNED (-1)
/* The kernel cannot have these extents (zero, negative, odd where it takes halves): nothing was computed. */
#define NIGHTSHIFT_NO_SHAPE (-3)
/* There was no memory for the kernel's temporaries: nothing was computed. */
#define NIGHTSHIFT_NO_MEMORY (-2)

#endif
