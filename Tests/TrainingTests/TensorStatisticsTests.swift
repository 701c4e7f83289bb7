// Tests of statistics on numbers that no healthy network has.

import Tensors
import Testing
import Training

@Suite struct TensorStatisticsTests {
  @Test("numbers further apart than a Float can tell are counted, not trapped on")
  func extremes() {
    let largest = Float.greatestFiniteMagnitude
    let statistics = TensorStatistics(Tensor(vector: [-largest, 0, largest, .nan, .infinity, -.infinity]), bins: 4)
    #expect(statistics.histogram == [1, 0, 1, 1])
    #expect(statistics.minimum == -largest && statistics.maximum == largest)
  }

  @Test("percentiles are those of sorting, ties, orders and few elements included", arguments: 1...40)
  func percentiles(count: Int) {
    var generator = SeededGenerator(seed: 3, stream: UInt64(count))
    let random = (0..<count * count).map { _ in generator.nextNormal() }
    let ties = random.map { max(0, $0).rounded() }
    for elements in [random, ties, random.sorted(), random.sorted(by: >), [.nan, .infinity] + ties] {
      let sorted = elements.filter(\.isFinite).sorted()
      let wanted = [0.15, 0.5, 0.85].map { sorted[Int(($0 * Double(sorted.count - 1)).rounded())] }
      let statistics = TensorStatistics(Tensor(vector: elements), bins: 3)
      let found = statistics.percentiles
      #expect([found.low, found.median, found.high] == wanted)
      #expect((statistics.minimum, statistics.maximum) == (sorted.first, sorted.last))
    }
  }

  @Test("equal numbers stand in one bin, an empty tensor in none")
  func degenerate() {
    #expect(TensorStatistics(Tensor(vector: [2, 2, 2]), bins: 3).histogram == [3, 0, 0])
    #expect(TensorStatistics(Tensor.empty, bins: 3).histogram == [0, 0, 0])
  }
}
