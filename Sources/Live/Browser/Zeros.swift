// Instead of `Sources/Tensors/Zeros.swift`, which leaves large arrays to the operating system: here is none.

func zeroElements(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
