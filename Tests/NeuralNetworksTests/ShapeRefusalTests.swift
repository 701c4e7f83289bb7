// What sizes that do not fit are answered with.

import NeuralNetworks
import Tensors
import Testing

@Suite("Refused shapes") struct ShapeRefusalTests {
  @Test("advice speaks of the network's own input, never of an inner sequence's")
  func nested() {
    let head = Sequential([Flatten(), Dense(400, 10)])
    let layers = Sequential(["features": Sequential([Conv2D(1, 16, kernel: 5, stride: 4)]), "head": head])
    let error = #expect(throws: ShapeError.self) { _ = try layers.outputShape(for: [1, 17, 17]) }
    #expect(
      error?.description
        == "layer 2 head › layer 2 1 (Dense): expects 400 features, receives [256]; Dense(256, 10) would accept them")
    // The first sequence's input is the network's.
    let body = Sequential(["features": Sequential([MaxPool(2), Conv2D(1, 2, kernel: 5)]), "relu": ReLU()])
    let small = #expect(throws: ShapeError.self) { _ = try body.outputShape(for: [1, 8, 8]) }
    #expect(small?.description.hasSuffix("an input of [1, 10, 10] would fit all layers") == true)
  }

  @Test("batches: too few axes, channels last and another size each have their own sentence")
  func batches() throws {
    let model = try Model(Sequential([Conv2D(3, 2, kernel: 3)]), input: [3, 8, 8], seed: 1)
    func sentence(_ shape: Shape) -> String {
      do throws(ShapeError) { try model.check(batch: shape) } catch { return error.arithmetic }
      return ""
    }
    #expect(sentence([5, 3, 8, 8]) == "")
    #expect(sentence([8, 8]) == "4 axes are expected, the batch first, but the input has 2")
    #expect(sentence([5, 8, 8, 3]) == "the channels are last, but must come first: [5, 3, 8, 8]")
    #expect(sentence([5, 3, 9, 9]) == "one sample is [3, 9, 9], but the model was built for [3, 8, 8]")
  }

  @Test("impossible windows are refused where they meet a shape, and stop a forward pass with the same words")
  func windows() async {
    func text(_ layer: any Layer) -> String {
      do throws(ShapeError) { return "\(try layer.outputShape(for: [4, 9, 9]))" } catch { return error.description }
    }
    #expect(text(Conv2D(4, 2, kernel: 0)).contains("expects a kernel of at least 1×1"))
    #expect(text(Conv2D(4, 2, kernel: 3, dilation: 0)).contains("expects a dilation of at least 1×1"))
    #expect(text(MaxPool(3, padding: -1)).contains("expects a padding of at least 0"))
    #expect(text(StochasticPool(2, stride: 0)).contains("expects a stride of at least 1×1"))
    #expect(text(Conv2D(4, 2, kernel: 3, groups: 0)).contains("0 groups do not divide 4 input channels"))
    // Whatever its own sizes, a layer is made, and refused where it meets a shape.
    #expect(text(Dense(0, 3)).contains("expects features, receives"))
    #expect(text(DropConnect(4, -1, dropping: 0.5)).contains("a layer from 4 to -1 features does nothing"))
    #expect(text(Recurrent(-2, 3)).contains("a layer from -2 to 3 features does nothing"))
    #expect(text(Maxout(4, 2, pieces: 0)).contains("a maximum over 0 outputs is undefined"))
    #expect(text(BatchNorm(0)).contains("expects channels") && text(InstanceNorm(-1)).contains("-1 groups"))
    #expect(text(GroupNorm(4, groups: 3)).contains("4 channels cannot be divided into 3 groups"))
    #expect(text(LayerNorm([0, 2])).contains("the shape [0, 2] has none"))
    #expect(text(LocalResponseNorm(size: 0)).contains("a sum over 0 channels is empty"))
    #expect(text(PReLU(channels: -1)).contains("expects a slope"))
    #expect(text(AdaptiveAveragePool(0)).contains("expects a size of at least 1×1"))
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var layer = Conv2D(1, 1, kernel: 2, stride: 0)
      _ = layer.forward(Tensor(zeros: [1, 1, 4, 4]))
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("with stride 0×0 the window never moves"), "\(said)")
  }
}
