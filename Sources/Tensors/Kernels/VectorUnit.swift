// The vectors that this build uses: known to the compiler, so every decision on them costs nothing.

import CVectors

/// The vector instructions that the kernels were compiled for.
///
/// A kernel's tile of sums has to fit the vector registers: a sum that does not is stored and loaded again in every
/// step. Sizes therefore follow from ``lanes`` and ``registers``; results do not: every sum keeps its order.
///
/// Kernels read the header's constants themselves: each file is compiled alone, and only what it sees is folded.
public enum VectorUnit {
  /// What the instructions are called: `AVX2 with FMA`.
  public static var name: String { VECTOR_NAME }
  /// Floats in one register: 16, 8 or 4.
  public static var lanes: Int { Int(VECTOR_LANES) }
  /// How many registers there are: 32 or 16.
  public static var registers: Int { Int(VECTOR_REGISTERS) }
  /// Whether a·b + c is one instruction with one rounding.
  ///
  /// Where it is not, `addProduct` would call a function of the C library for every number. There the kernels multiply and
  /// add, with two roundings, and the last bits differ from those of other machines.
  public static var isFused: Bool { VECTOR_FMA != 0 }
}
