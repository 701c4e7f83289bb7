// Tensors of zeros, small ones and those that take no memory before they are written.

import Tensors
import Testing

@Suite("Zeros") struct ZerosTests {
  @Test("all elements are zero, whatever the memory held before, and can be written", arguments: [0, 5, 1 << 23 + 5])
  func zeros(count: Int) {
    for _ in 0..<2 {
      var tensor = Tensor(zeros: [count])
      #expect(tensor.count == count && tensor.elements.allSatisfy { $0 == 0 })
      // The next one may get this memory.
      tensor.fill(1)
      #expect(tensor.elements.allSatisfy { $0 == 1 })
    }
  }
}
