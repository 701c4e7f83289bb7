// Zeros for an answer's tensors, which are small: the core's own leave large ones to the operating system.

func zeroElements(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
