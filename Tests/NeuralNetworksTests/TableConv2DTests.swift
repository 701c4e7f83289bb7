// The convolution by a table of connections, and LeNet-5 with the one of 1998.

import NeuralNetworks
import Tensors
import Testing
import Training

@Suite("Convolution by a table") struct TableConv2DTests {
  private static let small = ConnectionTable(inputs: 3, inputsOfFilter: [[0], [0, 2], [1, 2]])

  private func noise(_ shape: Shape, seed: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: seed)
    return Tensor(shape, (0..<shape.count).map { _ in generator.nextNormal() })
  }

  @Test("the table of 1998 has 60 connections, ten for each map, and no two filters see the same maps")
  func table() {
    let table = ConnectionTable.lenet5
    #expect(table.connectionCount == 60 && table.outputs == 16)
    #expect((0..<6).allSatisfy { map in table.inputsOfFilter.count { $0.contains(map) } == 10 })
    #expect(Set(table.inputsOfFilter).count == 16)
    #expect(table.inputsOfFilter.map(\.count) == [3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6])
  }

  @Test("LeNet-5 with the table: 1,516 parameters in C3, 60,806 in all, 150,000 multiply-adds instead of 240,000")
  func counts() throws {
    let model = try Model(LeNet5(connections: .table).layers, input: LeNet5.inputShape, seed: 1)
    let row = try #require(model.rows.first { $0.name == "conv2" })
    #expect(row.kind == "TableConv2D" && row.parameters == 1_516 && row.output == [16, 10, 10])
    #expect(row.multiplyAdds == 150_000)
    #expect(model.parameterCount == 61_706 - 900 && model.outputShape == [10])
    #expect(model.multiplyAdds(for: LeNet5.inputShape) == 416_520 - 90_000)
  }

  @Test("1×1 kernels 2, 3, 5, 7, 11 on channels 1, 10, 100: filters give 2, 503, 1170, each with its bias")
  func byHand() {
    var layer = TableConv2D(Self.small, kernel: 1)
    layer.weight.value = Tensor([5, 1, 1], [2, 3, 5, 7, 11])
    layer.bias.value = Tensor(vector: [0.5, 0, -1])
    #expect(layer.forward(Tensor([1, 3, 1, 1], [1, 10, 100])).elements == [2.5, 503, 1169])
  }

  @Test("the fast way equals the six loops over connections alone")
  func naive() {
    var (layer, generator) = (TableConv2D(.lenet5, kernel: 5), SeededGenerator(seed: 4))
    layer.initialize(using: &generator)
    layer.bias.value = noise([16], seed: 9)
    let x = noise([2, 6, 9, 8], seed: 3)
    let fast = layer.forward(x)
    #expect(fast.shape == [2, 16, 5, 4])
    var worst = 0.0
    for n in 0..<2 {
      var kernel = 0
      for (m, channels) in layer.table.inputsOfFilter.enumerated() {
        for i in 0..<5 {
          for j in 0..<4 {
            var sum = Double(layer.bias.value[m])
            for (k, c) in channels.enumerated() {
              for u in 0..<5 {
                for v in 0..<5 { sum += Double(layer.weight.value[kernel + k, u, v] * x[n, c, i + u, j + v]) }
              }
            }
            worst = max(worst, abs(sum - Double(fast[n, m, i, j])))
          }
        }
        kernel += channels.count
      }
    }
    #expect(worst < 1e-4)
  }

  @Test("gradients agree with central differences; only connections have any", arguments: [false, true])
  func gradients(strided: Bool) {
    var generator = SeededGenerator(seed: 6)
    var layer = TableConv2D(Self.small, kernel: 3, stride: strided ? 2 : 1, padding: 1)
    layer.initialize(using: &generator)
    let result = checkGradients(of: layer, input: noise([2, 3, 5, 6], seed: 2))
    #expect(result.entries.map(\.name) == ["input", "weight", "bias"] && result.worst < 3e-3, "\(result)")
  }

  @Test("each filter starts with the variance of its own fan-in: 1/75 for three maps, 1/150 for six")
  func initialization() {
    var (layer, generator) = (TableConv2D(.lenet5, kernel: 25), SeededGenerator(seed: 8))
    layer.initialize(using: &generator)
    func variance(_ kernels: Range<Int>) -> Double {
      let values = layer.weight.value.elements[kernels.lowerBound * 625..<kernels.upperBound * 625]
      return values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
    }
    #expect(abs(variance(0..<3) * 3 * 625 - 1) < 0.1)
    #expect(abs(variance(54..<60) * 6 * 625 - 1) < 0.1)
  }

  @Test("refuses another number of channels under its own name")
  func refusal() {
    let error = #expect(throws: ShapeError.self) {
      _ = try TableConv2D(.lenet5, kernel: 5).outputShape(for: [3, 14, 14])
    }
    #expect(error?.description.hasPrefix("TableConv2D: expects [6, height, width], receives [3, 14, 14]") == true)
  }
}
