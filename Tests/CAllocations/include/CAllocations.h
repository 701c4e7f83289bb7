// Counts what a thread takes from the heap, on Linux with glibc; elsewhere it counts nothing and says so.
#pragma once
#include <stdbool.h>

/// Whether allocations are counted on this system.
bool allocations_are_counted(void);
/// Begins to count the allocations of the calling thread.
void allocations_begin(void);
/// Ends it, and returns the number.
long allocations_end(void);
