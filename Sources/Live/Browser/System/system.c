// Memory and messages for WebAssembly: all that a program needs where there is no system.

#include "system.h"
#include <stdint.h>

// Free pieces lie in lists by size, powers of two from 16 bytes on; what is given back is used again for its size.
// A header of 16 bytes before each piece says in which list it belongs, and keeps pieces aligned to 16.
typedef struct Piece {
  struct Piece *next;
  uint32_t list;
} Piece;

extern unsigned char __heap_base;
static uintptr_t unused;
static Piece *lists[32];

void *malloc(size_t size) {
  uint32_t list = 4;
  while (((size_t)1 << list) < size) list++;
  Piece *piece = lists[list];
  if (piece) {
    lists[list] = piece->next;
  } else {
    if (!unused) unused = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    piece = (Piece *)unused;
    unused += 16 + ((size_t)1 << list);
    uintptr_t end = (uintptr_t)__builtin_wasm_memory_size(0) << 16;
    if (unused > end && __builtin_wasm_memory_grow(0, (unused - end + 65535) >> 16) == (size_t)-1) __builtin_trap();
    piece->list = list;
  }
  return (char *)piece + 16;
}

void free(void *pointer) {
  if (!pointer) return;
  Piece *piece = (Piece *)((char *)pointer - 16);
  piece->next = lists[piece->list];
  lists[piece->list] = piece;
}

// WebAssembly reads vectors from any place; 16 bytes are as much order as it can use.
int posix_memalign(void **result, size_t alignment, size_t size) {
  *result = malloc(size);
  return 0;
}

void *memcpy(void *to, const void *from, size_t size) { return __builtin_memcpy(to, from, size); }
void *memmove(void *to, const void *from, size_t size) { return __builtin_memmove(to, from, size); }
void *memset(void *to, int byte, size_t size) { return __builtin_memset(to, byte, size); }

// What stops a program says why, letter by letter.
__attribute__((import_module("page"), import_name("say"))) void say(int letter);
int putchar(int letter) {
  say(letter);
  return letter;
}

static void *values[8];
static pthread_key_t keys;
int pthread_key_create(pthread_key_t *key, void (*end)(void *)) {
  *key = keys++;
  return 0;
}
void *pthread_getspecific(pthread_key_t key) { return values[key]; }
int pthread_setspecific(pthread_key_t key, const void *value) {
  values[key] = (void *)value;
  return 0;
}

// The compiler guards functions with arrays on the stack by a number, and seeds the hashes of dictionaries by another.
uintptr_t __stack_chk_guard = 0x5AFE;
void __stack_chk_fail(void) { __builtin_trap(); }
void arc4random_buf(void *bytes, size_t size) { memset(bytes, 7, size); }
