// Receptive fields: the recursion by hand, published sizes, and the gradient as the judge.

import NeuralNetworks
import Tensors
import Testing

@Suite("Receptive fields") struct ReceptiveFieldTests {
  private func last(_ layers: Sequential, _ input: Shape, before name: String? = nil) throws -> ReceptiveField? {
    let rows = try receptiveFields(of: layers, input: input)
    return rows.last { name == nil || $0.name == name }?.field
  }

  @Test("n convolutions of 3×3 see as much as one of 2n + 1", arguments: 1...5)
  func stacked(count: Int) {
    let small = (0..<count).reduce(ReceptiveField.pixel) { field, _ in field.through(Window(kernel: 3, padding: 1)) }
    let large = ReceptiveField.pixel.through(Window(kernel: Extent(2 * count + 1), padding: Padding(count)))
    #expect(small == large && small.size == Extent(2 * count + 1) && small.start == (0, 0))
  }

  @Test("LeNet-5 by hand: 5, 6, 14, 16, then the whole image; the step between units is 4 pixels at the end")
  func lenet() throws {
    let rows = try receptiveFields(of: LeNet5.plus.layers, input: LeNet5.inputShape)
    let fields = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.field) })
    #expect(
      ["conv1", "pool1", "conv2", "pool2", "flatten", "fc1", "fc3"].map { fields[$0]?.size } == [
        5, 6, 14, 16, 16, 32, 32,
      ])
    #expect(["conv1", "pool1", "conv2", "pool2"].map { fields[$0]?.jump } == [1, 2, 2, 4])
    #expect(fields["pool2"]?.start.row == 7.5 && fields["pool2"]?.rows(ofUnit: 4, in: 32) == 16..<32)
    let table = try receptiveFields(of: LeNet5(connections: .table).layers, input: LeNet5.inputShape)
    #expect(table.first { $0.name == "conv2" }?.field == fields["conv2"])
  }

  @Test("AlexNet 195, VGG-16 212, ResNet-18 435, ResNet-50 427: the sizes in the literature")
  func published() throws {
    #expect(try last(AlexNet.lecture(), [3, 227, 227], before: "pool3")?.size == 195)
    #expect(try last(AlexNet(classes: 10).layers, AlexNet.inputShape, before: "features.12")?.size == 195)
    // Channels play no part: narrow networks of the same windows.
    let steps = VGG.vgg16.steps.map { step in step == .pooling ? step : VGG.Step.convolution(2) }
    let vgg = VGG(steps, hidden: 4, classes: 3).layers
    #expect(try last(vgg, VGG.inputShape, before: "features.30")?.size == 212)
    #expect(
      try last(ResNet(.basic, blocks: [2, 2, 2, 2], width: 2).layers, ResNet.inputShape, before: "layer4.1")?.size
        == 435)
    let fifty = ResNet(.bottleneck, blocks: [3, 4, 6, 3], width: 2).layers
    #expect(try last(fifty, ResNet.inputShape, before: "layer4.2") == .init(size: 427, jump: 32, corner: -213))
    #expect(try last(fifty, ResNet.inputShape)?.size == Extent(427 + 6 * 32))
  }

  /// Networks in which nothing hides a pixel: all weights positive, averages instead of maxima.
  static let networks: [[any Layer]] = [
    [Conv2D(1, 2, kernel: 3, stride: 2, padding: 1), ReLU(), Conv2D(2, 2, kernel: 3, padding: 2, dilation: 2)],
    [
      Conv2D(1, 2, kernel: Extent(5, 2), padding: Padding(top: 2, left: 0, bottom: 1, right: 1)),
      AveragePool(3, stride: 2),
    ],
    [ResidualBlock.basic(1, 3, stride: 2), ResidualBlock.basic(3, 3)],
    [Conv2D(1, 2, kernel: 3), AdaptiveAveragePool(Extent(3, 5)), Sigmoid()],
    [AveragePool(2), TableConv2D(ConnectionTable(inputs: 1, inputsOfFilter: [[0], [0]]), kernel: 3)],
  ]

  @Test("the pixels with a gradient are those of the field; at the edge no others", arguments: networks.indices)
  func measured(index: Int) throws {
    var layers = Sequential(Self.networks[index])
    let input: Shape = [1, 17, 17]
    let field = try #require(try last(layers, input))
    layers.visitParameters { _, parameter in parameter.value.fill(0.1) }
    let x = Tensor(input.batched(1), repeating: 1)
    let y = layers.forward(x)
    let middle = (y.shape[2] / 2, y.shape[3] / 2)
    for (i, j) in [(0, 0), middle, (y.shape[2] - 1, y.shape[3] - 1)] {
      var dy = Tensor(zeros: y.shape)
      dy[0, 0, i, j] = 1
      let dx = layers.backward(dy, input: x, output: y)
      let rows = (0..<17).filter { row in (0..<17).contains { dx[0, 0, row, $0] != 0 } }
      let columns = (0..<17).filter { column in (0..<17).contains { dx[0, 0, $0, column] != 0 } }
      let (seenRows, seenColumns) = (field.rows(ofUnit: i, in: 17), field.columns(ofUnit: j, in: 17))
      #expect(!rows.isEmpty && rows.allSatisfy(seenRows.contains), "rows \(rows) of unit \(i), \(field)")
      #expect(columns.allSatisfy(seenColumns.contains), "columns \(columns) of unit \(j), \(field)")
      if (i, j) == middle {
        #expect(rows.first == seenRows.first && rows.last == seenRows.last, "rows \(rows) of unit \(i), \(field)")
        #expect(columns.first == seenColumns.first && columns.last == seenColumns.last, "\(columns), \(field)")
      }
    }
  }

  @Test("a unit outside the image sees no row of it")
  func outside() {
    let field = ReceptiveField.pixel.through(Window(kernel: 2, padding: 3))
    #expect(field.rows(ofUnit: 0, in: 5).isEmpty && field.rows(ofUnit: 3, in: 5) == 0..<2)
    #expect(field.rows(ofUnit: 9, in: 5).isEmpty)
  }

  @Test("branches whose steps differ are refused, with the reason")
  func drift() {
    // Both give 4×4: one by stride 2, the other by cutting the border off.
    let block = ResidualBlock(
      residual: Sequential([Conv2D(1, 1, kernel: 2, stride: 2)]), shortcut: Sequential([Conv2D(1, 1, kernel: 5)]))
    let error = #expect(throws: ShapeError.self) {
      _ = try receptiveFields(of: Sequential(["block": block]), input: [1, 8, 8])
    }
    #expect(error?.description.hasPrefix("layer 1 block (ResidualBlock): expects branches with the same jump") == true)
    #expect(error?.description.contains("one moves 2×2 pixels from unit to unit, another 1×1") == true)
  }

  @Test("a layer that does not say what it sees, a vector, and unequal pieces are refused by name")
  func refusals() {
    func text(_ layers: Sequential, _ input: Shape) -> String {
      do throws(ShapeError) { return "\(try receptiveFields(of: layers, input: input).count)" } catch {
        return error.description
      }
    }
    #expect(text(Sequential([Dense(3, 2)]), [3]).contains("a receptive field is a part of an image"))
    #expect(text(Sequential(["in": ReLU(), "rnn": Recurrent(3, 2)]), [1, 4, 3]).hasPrefix("layer 2 rnn (Recurrent)"))
    #expect(text(Sequential(["pool": AdaptiveAveragePool(3)]), [1, 7, 6]).contains("7/3 × 6/3: the pieces differ"))
  }
}
