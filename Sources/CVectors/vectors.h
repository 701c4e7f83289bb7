// What the compiler knows of the vectors of the machine it compiles for, as numbers that Swift can read.
//
// Swift has no #if for instruction sets. The header is read with the same options as the core (-march=native on
// Linux), so these constants say what the core may use, and the optimizer folds every decision made on them.

#ifndef CONVNET_VECTORS_H
#define CONVNET_VECTORS_H

#if defined(__AVX512F__)
#define VECTOR_LANES 16      // floats in a vector register
#define VECTOR_REGISTERS 32  // vector registers
#define VECTOR_FMA 1         // whether a·b + c is one instruction
#define VECTOR_NAME "AVX-512"
#elif defined(__AVX__) && defined(__FMA__)
#define VECTOR_LANES 8
#define VECTOR_REGISTERS 16
#define VECTOR_FMA 1
#define VECTOR_NAME "AVX2 with FMA"
#elif defined(__aarch64__) || defined(_M_ARM64)
#define VECTOR_LANES 4
#define VECTOR_REGISTERS 32
#define VECTOR_FMA 1
#define VECTOR_NAME "NEON"
#elif defined(__wasm_simd128__)
#define VECTOR_LANES 4
#define VECTOR_REGISTERS 16
#define VECTOR_FMA 0
#define VECTOR_NAME "WebAssembly SIMD"
#else
#define VECTOR_LANES 4
#define VECTOR_REGISTERS 16
#define VECTOR_FMA 0
#define VECTOR_NAME "128-bit vectors without FMA"
#endif

#endif
