// The vector instructions of this build: they are compile-time constants, so branches on them cost nothing.

import CVectors

/// The vector instructions that the kernels were compiled for.
///
/// A kernel's tile of sums has to fit the vector registers: a sum that does not fit is stored and loaded again in every
/// step. Tile sizes therefore depend on ``lanes`` and ``registers``. Results do not, because every sum keeps its order.
///
/// Kernels read the header's constants directly, because the compiler folds only constants that it sees in the file.
public enum VectorUnit {
  /// The name of the instruction set: `AVX2 with FMA`.
  public static var name: String { VECTOR_NAME }
  /// The number of floats in one register: 16, 8 or 4.
  public static var lanes: Int { Int(VECTOR_LANES) }
  /// The number of registers: 32 or 16.
  public static var registers: Int { Int(VECTOR_REGISTERS) }
  /// Whether a·b + c is one instruction with one rounding.
  ///
  /// Without such an instruction, `addProduct` would call a function of the C library for every number. The kernels
  /// then multiply and add, with two roundings, and the last bits differ from those of other machines.
  public static var isFused: Bool { VECTOR_FMA != 0 }
}
