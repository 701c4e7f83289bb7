// Zeros for an answer's tensors, which are small. The core's version gets large ones from the operating system.

func zeroElements(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
