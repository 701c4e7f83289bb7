// What a mistake in a description says before it stops the program.

import NeuralNetworks
import Tensors
import Testing

@Suite("Refusals") struct RefusalTests {
  @Test("stochastic pooling names the kernel and the image that is too small")
  func stochasticPool() {
    let error = #expect(throws: ShapeError.self) { _ = try StochasticPool(3).outputShape(for: [2, 2, 5]) }
    #expect(error?.description.hasPrefix("StochasticPool: expects an image of at least 3×3") == true)
    #expect(error?.received == [2, 2, 5])
  }

  @Test("DropConnect names the features it expects and those that arrive")
  func dropConnect() {
    let error = #expect(throws: ShapeError.self) { _ = try DropConnect(4, 2, dropping: 0.5).outputShape(for: [5]) }
    #expect(error?.description == "DropConnect: expects 4 features, receives [5]")
  }

  @Test("a batch norm does not fold into a layer with another number of outputs")
  func folding() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BatchNorm(3).folded(into: Dense(2, 4))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("BatchNorm: 3 channels cannot fold into Dense with 4 outputs"), "\(text)")
  }

  @Test("a share of 1 cannot be dropped")
  func rate() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DropConnect(2, 2, dropping: 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("DropConnect: the rate must lie in [0, 1), got 1.0"), "\(text)")
  }

  @Test("a limit of 0 would erase every gradient")
  func limit() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var layer = Dense(2, 2)
      layer.clipGradients(toNorm: 0)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("clipGradients: the limit must be positive, got 0.0"), "\(text)")
  }
}
