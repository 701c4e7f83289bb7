import Foundation
import Testing

@testable import Live
@testable import Workbook

@Suite struct LivePanelTests {
  static let names: [Word] = [
    "window", "digit", "field", "signals", "lenet", "neuron", "flow", "unit", "cloud", "penalty",
    "batch",
  ]

  @Test("a word has the number that Web/live-worker.js gives it")
  func words() {
    // FNV-1a of "a" and of "foobar", as its authors list them.
    #expect(("a" as Word).code == 0xE40C_292C)
    #expect(("foobar" as Word).code == 0xBF9C_F968)
  }

  @Test("every panel proves itself with numbers, the same ones each time", arguments: names)
  func proofs(_ name: Word) throws {
    let numbers = (0..<62_650).map { (place: Int) -> Float in Float(place % 17) / 170 }
    let proof = try #require(Panels.make(name)).proof(numbers)
    #expect(proof.count >= 6 && proof.allSatisfy { $0.isFinite })
    #expect(Set(proof).count > 4)
    #expect(try #require(Panels.make(name)).proof(numbers) == proof)
  }

  @Test("an unknown panel is none, an unknown question has no answer, a short one no crash", arguments: names)
  func unknown(_ name: Word) throws {
    #expect(Panels.make("nobody") == nil)
    let panel = try #require(Panels.make(name))
    #expect(panel.answer("nothing", []).isEmpty)
    for question in [
      "slide", "read", "reach", "reset", "train", "field", "measure", "change", "begin", "look", "curves", "prepare",
      "descend", "bowl", "normalize", "through", "bias", "largest",
    ] as [Word] {
      _ = panel.answer(question, [])
      _ = panel.answer(question, [.nan, .infinity, -1, 1e30])
    }
  }

  @Test("the window: nine products and their sum, by hand")
  func window() {
    let image: [Float] = [0, 0, 1, 0, 0, 1, 0, 0, 1]
    let parts = WindowPanel().answer("slide", [3, 3, 3, 1, 1, 1, 1, 1] + image + [-1, 0, 1, -2, 0, 2, -1, 0, 1])
    #expect(parts[0] == [3, 3])
    // The middle: 1 + 2 + 1; the right edge looks back on nothing, the border is 0.
    #expect(parts[1] == [0, 3, 0, 0, 4, 0, 0, 3, 0])
    #expect(parts[2] == [1, 1])
    #expect(stride(from: 4, to: 45, by: 5).map { parts[3][$0] } == [0, 0, 1, 0, 0, 2, 0, 0, 1])
    #expect(WindowPanel().answer("slide", [2, 2, 5, 1, 0, 1])[0] == [0, 0])
  }

  @Test("LeNet-5++ in a stack is LeNet5.plusPlus: the same weights give the same answer")
  func lenet() throws {
    var model = try Model(LeNet5.plusPlus.layers, input: LeNet5.inputShape, seed: 5)
    let weights = Self.weights(of: model)
    let stack = Stack(LeNet.layers(), seed: 1)
    #expect(stack.load(weights))
    #expect(!stack.load(weights + [0]))
    var generator = SeededGenerator(seed: 3)
    var images = Tensor(zeros: [3, 1, 32, 32])
    images.fillNormal(standardDeviation: 1, using: &generator)
    #expect(stack.forward(images) == model.forward(images))
  }

  /// As a stack loads them: for each layer its parameters, then its buffers.
  private static func weights(of model: Model) -> [Float] {
    model.layers.entries.flatMap { entry in
      entry.layer.parameters.flatMap(\.parameter.value.elements) + entry.layer.buffers.flatMap(\.value.elements)
    }
  }

  @Test("a step of a stack is a step of the model")
  func step() throws {
    var model = try Model(LeNet5.plusPlus.layers, input: LeNet5.inputShape, seed: 5)
    let stack = Stack(LeNet.layers(), seed: 1, optimizer: SGD(momentum: 0.9))
    #expect(stack.load(Self.weights(of: model)))
    let batch = SyntheticDigits.dataset(count: 20, seed: 1).batch(first: 20)
    var (pass, optimizer) = (Pass(.training), SGD(momentum: 0.9))
    for _ in 0..<3 {
      let expected = model.step(batch.inputs, .classes(batch.labels), SoftmaxCrossEntropy(), in: &pass)
      optimizer.step(&model, learningRate: 0.1)
      let found = stack.step(batch.inputs, .classes(batch.labels), SoftmaxCrossEntropy(), rate: 0.1)
      #expect(found == expected)
    }
  }

  @Test(
    "a drawing is scaled into 20×20 and centred by its mass, wherever and however large it is",
    arguments: [0.1, 0.3, 0.9])
  func drawings(_ size: Float) {
    // A right angle: its middle is not its centre of mass.
    let corner: [Float] = [0, 0, 0, 1, 0.6, 1]
    let points = corner.enumerated().map { $1 * size + ($0 % 2 == 0 ? 0.02 : 0.05) }
    let picture = Drawing(points).picture()
    var (mass, x, y): (Float, Float, Float) = (0, 0, 0)
    var rows: Set<Int> = []
    for row in 0..<28 {
      for column in 0..<28 where picture[row * 28 + column] > 0 {
        let ink = picture[row * 28 + column]
        mass += ink
        x += ink * (Float(column) + 0.5)
        y += ink * (Float(row) + 0.5)
        if ink > 0.5 { rows.insert(row) }
      }
    }
    // MNIST's own are centred to whole pixels.
    #expect(abs(x / mass - 14) < 0.25 && abs(y / mass - 14) < 0.25)
    #expect((19...21).contains(rows.count))
    #expect(Drawing([]).picture().allSatisfy { $0 == 0 })
  }

  @Test("what a pixel of a map sees is what changes it")
  func reach() {
    let panel = DigitPanel()
    _ = panel.answer("read", [0.2, 0.2, 0.8, 0.25, 0.45, 0.9])
    // Sixteen maps: pixel (4, 6) lies two apart and sees fourteen.
    #expect(panel.answer("reach", [2, 4, 6]) == [[6, 10, 14, 14]])
    #expect(panel.answer("reach", [1, 0, 0]) == [[-2, -2, 5, 5]])
  }

  @Test("the browser's parts name files that are there")
  func parts() throws {
    for part in LiveModule.parts {
      for file in part.leftOut + part.places {
        let path = Checkout.root.appendingPathComponent("Sources/" + file).path
        #expect(FileManager.default.fileExists(atPath: path), "\(part.name) expects \(path)")
      }
    }
  }
}
