// The test program's own malloc: counts where asked to, and hands on to glibc's. A symbol of the program takes the place
// of the library's for all that is loaded into it, Swift's runtime included.
#include "CAllocations.h"
#include <errno.h>
#include <stddef.h>

// Sanitizers bring their own malloc.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_OWN_MALLOC 1
#endif
#endif

#if defined(__linux__) && !defined(HAS_OWN_MALLOC)
#include <features.h>
#endif

#if defined(__GLIBC__) && !defined(HAS_OWN_MALLOC)

static __thread bool counting;
static __thread long count;

static void note(void) {
  if (counting) count += 1;
}

bool allocations_are_counted(void) { return true; }
void allocations_begin(void) { count = 0, counting = true; }
long allocations_end(void) { return counting = false, count; }

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) { return note(), __libc_malloc(size); }
void *calloc(size_t number, size_t size) { return note(), __libc_calloc(number, size); }
void *realloc(void *old, size_t size) { return note(), __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { return note(), __libc_memalign(alignment, size); }
int posix_memalign(void **result, size_t alignment, size_t size) {
  note();
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}

#else

bool allocations_are_counted(void) { return false; }
void allocations_begin(void) {}
long allocations_end(void) { return 0; }

#endif
