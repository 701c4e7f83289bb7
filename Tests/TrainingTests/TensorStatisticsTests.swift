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

  @Test("the ends are those of sorting, whatever is not finite left out", arguments: [1, 2, 40])
  func ends(count: Int) {
    var generator = SeededGenerator(seed: 3, stream: UInt64(count))
    let random = (0..<count * count).map { _ in generator.nextNormal() }
    for elements in [random, random.sorted(), random.sorted(by: >), [.nan, .infinity] + random] {
      let (sorted, statistics) = (
        elements.filter(\.isFinite).sorted(), TensorStatistics(Tensor(vector: elements), bins: 3)
      )
      #expect((statistics.minimum, statistics.maximum) == (sorted.first, sorted.last))
    }
  }

  @Test("equal numbers stand in one bin, an empty tensor in none")
  func degenerate() {
    #expect(TensorStatistics(Tensor(vector: [2, 2, 2]), bins: 3).histogram == [3, 0, 0])
    #expect(TensorStatistics(Tensor.empty, bins: 3).histogram == [0, 0, 0])
  }
}
