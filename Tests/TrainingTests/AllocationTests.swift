// A training step takes nothing from the heap once every workspace has its size.

import CAllocations
import Datasets
import NeuralNetworks
import Tensors
import Testing
import Training

@Suite struct AllocationTests {
  @Test(
    "a training step allocates nothing, loading and update included", .enabled(if: allocations_are_counted()),
    arguments: ["LeNet-5", "LeNet-5+", "LeNet-5++"])
  func steadyStep(name: String) throws {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    // With helpers each parallel region takes one small piece: the closure that they are handed.
    let net = ["LeNet-5": LeNet5.plain, "LeNet-5+": .plus, "LeNet-5++": .plusPlus][name]
    let network = try #require(net)
    let data = SyntheticDigits.dataset(count: 64, seed: 1)
    var model = try Model(network.layers, input: data.sampleShape, seed: 1)
    var (optimizer, batch, pass) = (SGD(momentum: 0.9), Batch(), Pass(.training))
    let (order, loss) = (Array(0..<64), network.loss)
    var counts: [Int] = []
    counts.reserveCapacity(200)
    // Tests that run at the same time change the number of threads, so a step may meet helpers: four steady ones in a row
    // are looked for. A step that allocates by itself never has one.
    for step in 0..<200 where step < 8 || counts.suffix(4) != [0, 0, 0, 0] {
      Parallel.threadCount = 1
      let first = step % 2 * 32
      allocations_begin()
      data.load(order[first..<first + 32], into: &batch)
      model.step(batch, loss, in: &pass)
      optimizer.step(&model, learningRate: 0.01)
      counts.append(allocations_end())
    }
    #expect(counts.first.map { $0 > 0 } == true)
    #expect(counts.suffix(4) == [0, 0, 0, 0])
  }
}
