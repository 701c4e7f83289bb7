// The C library of a page: what the core and the compiler call. Functions of numbers are the browser's own `Math`.
#ifndef LIVE_SYSTEM_H
#define LIVE_SYSTEM_H

#include <stddef.h>

#define FROM_MATH(name) __attribute__((import_module("math"), import_name(#name)))
FROM_MATH(exp) double exp(double);
FROM_MATH(log) double log(double);
FROM_MATH(log1p) double log1p(double);
FROM_MATH(pow) double pow(double, double);
FROM_MATH(sin) double sin(double);
FROM_MATH(cos) double cos(double);
FROM_MATH(tanh) double tanh(double);

// One thread, so that what belongs to a thread is a variable.
typedef unsigned pthread_key_t;
int pthread_key_create(pthread_key_t *_Nonnull key, void (*_Nullable end)(void *_Nonnull));
void *_Nullable pthread_getspecific(pthread_key_t key);
int pthread_setspecific(pthread_key_t key, const void *_Nullable value);

#endif
