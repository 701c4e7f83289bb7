// Every chunk once, whatever the number of threads.

import Tensors
import Testing

@Suite("Parallel", .serialized) struct ParallelTests {
  @Test("runs every chunk exactly once, nested calls included", arguments: [1, 2, 3, 8])
  func everyChunkOnce(threads: Int) {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = threads
    for round in 0..<200 {
      let chunks = round % 37
      var counts = [Int](repeating: 0, count: chunks * 2)
      counts.withUnsafeMutableBufferPointer { counts in
        nonisolated(unsafe) let counts = counts
        Parallel.forEach(chunks: chunks) { chunk in
          Parallel.forEach(chunks: 2) { counts[chunk * 2 + $0] += 1 }
        }
      }
      #expect(counts.allSatisfy { $0 == 1 })
    }
  }
}
