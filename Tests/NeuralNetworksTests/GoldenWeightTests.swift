// The weights after a hundred steps, to the last bit: the same on every machine with fused multiply-add.

import NeuralNetworks
import Tensors
import Testing

@Suite("Weights after a hundred steps", .serialized) struct GoldenWeightTests {
  /// One of the three networks, and the digest of its weights.
  struct Golden: CustomTestStringConvertible, Sendable {
    var name: String
    var net: LeNet5
    var digest: UInt64
    var testDescription: String { name }
  }

  // A change of these numbers means that sums run in another order, or with another rounding: pages of the same seed will
  // show other digits. Where that is wanted, copy the number from the failure.
  static let all = [
    Golden(name: "LeNet-5", net: .plain, digest: 0x570d_ece0_5d22_a84e),
    Golden(name: "LeNet-5+", net: .plus, digest: 0xc7c6_c139_240c_f703),
    Golden(name: "LeNet-5++", net: .plusPlus, digest: 0x60f0_c158_e768_8a8a),
  ]

  @Test("are those of every machine, for one thread and for two", arguments: all)
  func digest(golden: Golden) throws {
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let digests = try [1, 2].map { count in
      Parallel.threadCount = count
      return try Self.digestAfterTraining(golden.net)
    }
    #expect(digests[0] == digests[1], "one thread and two must agree")
    // Without fused multiply-add every product is rounded once more.
    if VectorUnit.isFused {
      #expect(digests[0] == golden.digest, "0x\(String(digests[0], radix: 16)) on \(VectorUnit.name)")
    }
  }

  /// Trains for a hundred steps of 32 images. Nothing in it comes from the C library, whose last bits differ between
  /// systems: images and labels are uniform noise.
  private static func digestAfterTraining(_ net: LeNet5) throws -> UInt64 {
    var model = try Model(net.layers, input: LeNet5.inputShape, seed: 1)
    var generator = SeededGenerator(seed: 2)
    var (output, gradient, unwanted) = (Tensor.empty, Tensor.empty, Tensor.empty)
    var pass = Pass(.training)
    var optimizer = SGD()
    let shape = LeNet5.inputShape.batched(32)
    for _ in 0..<100 {
      let images = Tensor(shape, (0..<shape.count).map { _ in 2 * generator.nextUniform() - 1 })
      let labels = (0..<32).map { _ in Int(10 * generator.nextUniform()) }
      model.forward(images, into: &output, in: &pass)
      _ = net.loss.evaluate(output, .classes(labels), gradient: &gradient)
      model.backward(gradient, input: images, output: output, into: &unwanted)
      optimizer.step(&model, learningRate: 0.01)
    }
    // FNV-1a over the bits of all weights.
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    model.visitParameters { _, parameter in
      for value in parameter.value.elements {
        digest = (digest ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3
      }
    }
    return digest
  }
}
