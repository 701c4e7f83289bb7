import Foundation
import Testing

@testable import Live
@testable import Workbook

@Suite struct LivePanelTests {
  static let names: [Word] = [
    "window", "digit", "field", "signals", "lenet", "neuron", "flow", "unit", "cloud", "penalty",
    "batch", "bowl", "depth", "thinned",
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
    let parts = try #require(Panels.make(name)).proof(numbers).parts, proof = parts.flatMap { $0 }
    #expect(proof.count >= 6 && proof.allSatisfy { $0.isFinite })
    #expect(Set(proof).count > 4)
    #expect(parts[0].allSatisfy { $0 == $0.rounded() } && parts.dropFirst().allSatisfy { !$0.isEmpty })
    #expect(try #require(Panels.make(name)).proof(numbers).parts == parts)
  }

  @Test("an unknown panel is none, an unknown question has no answer, a short one no crash", arguments: names)
  func unknown(_ name: Word) throws {
    #expect(Panels.make("nobody") == nil)
    let panel = try #require(Panels.make(name))
    #expect(panel.answer("nothing", []).isEmpty)
    for question in [
      "slide", "read", "reach", "reset", "train", "field", "measure", "change", "begin", "look", "curves", "prepare",
      "descend", "bowl", "normalize", "through", "bias", "largest", "thin", "draw", "all",
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
    let drawing = Drawing(points), picture = drawing.picture(drawing.placement())
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
    #expect(Drawing([]).picture(Drawing([]).placement()).allSatisfy { $0 == 0 })
  }

  @Test("what a pixel of a map sees is what changes it")
  func reach() {
    let panel = DigitPanel()
    _ = panel.answer("read", [0.2, 0.2, 0.8, 0.25, 0.45, 0.9])
    // Sixteen maps: pixel (4, 6) lies two apart and sees fourteen.
    let reach = panel.answer("reach", [2, 4, 6])[0]
    #expect(reach.prefix(4) == [6, 10, 14, 14])
    #expect(panel.answer("reach", [1, 0, 0])[0].prefix(4) == [-2, -2, 5, 5])
    // The seven is 0.7 of the paper high, and 17.7 pixels without the pen: 14 pixels are 0.55 of the paper.
    #expect(abs(reach[6] - 14 * 0.7 / 17.7) < 1e-5 && reach[6] == reach[7])
  }

  @Test("the changed picture comes with its own maps")
  func changed() {
    let panel = DigitPanel()
    _ = panel.answer("load", (0..<62_650).map { Float($0 * 37 % 101 - 50) / 500 })
    let before = panel.answer("read", [0.2, 0.2, 0.8, 0.25, 0.45, 0.9])
    let read = before[3].indices.max { before[3][$0] < before[3][$1] } ?? 0
    let after = panel.answer("change", [Float((read + 1) % 10)])
    #expect(after.map(\.count) == before.map(\.count) + [2])
    #expect(after[4][1] == 0 || after[0] != before[0] && after[1] != before[1] && after[2] != before[2])
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

  @Test("of the compiled parts those that were wanted last are kept")
  func oldStates() throws {
    let (manager, folder) = (FileManager.default, FileManager.default.temporaryDirectory)
    let cache = folder.appendingPathComponent("live-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: cache) }
    let names = (0..<5).flatMap { ["Tensors-000000000000000\($0)", "live-000000000000000\($0).wasm.gz"] }
    for (index, name) in (names + ["headers", "draft-1", "Answer-0123456789abcdef"]).enumerated() {
      let entry = cache.appendingPathComponent(name)
      try manager.createDirectory(at: entry, withIntermediateDirectories: true)
      // The first of the names were wanted last.
      let date = Date(timeIntervalSince1970: 1e9 - 60 * Double(index))
      try manager.setAttributes([.modificationDate: date], ofItemAtPath: entry.path)
    }
    LiveModule.dropOld(in: cache, keeping: 2)
    let left = try manager.contentsOfDirectory(atPath: cache.path).sorted()
    #expect(left == (names.prefix(4) + ["Answer-0123456789abcdef", "draft-1", "headers"]).sorted())
  }

  @Test("an answer of the reader's takes the core's place, in the bowl, the batch and the window")
  func mine() throws {
    let (bowl, batch, window) = (BowlPanel(), BatchPanel(), WindowPanel())
    func proved() -> [[Float]] { [bowl.proof([]), batch.proof([]), window.proof([])].map { $0.parts.flatMap { $0 } } }
    let proofs = proved()
    // The same arithmetic gives the same numbers; the window's kernel is dilated for it.
    bowl.learnerAnswers.momentum = { weights, gradients, velocities, rate, momentum in
      let after = zip(velocities, gradients).map { momentum * $0 + $1 }
      return (zip(weights, after).map { $0 - rate * $1 }, after)
    }
    batch.learnerAnswers.batchNorm = { input, _, _, epsilon in
      var norm = BatchNorm(input.shape[1], epsilon: epsilon)
      return norm.forward(input, mode: .training)
    }
    window.learnerAnswers.convolution = { input, weight, bias, stride, padding in
      var layer = Conv2D(1, 1, kernel: Extent(weight.shape[2]), stride: Extent(stride), padding: Padding(padding))
      layer.weight.value = weight
      layer.bias?.value = bias
      return layer.forward(input)
    }
    for (mine, core) in zip(proved(), proofs) {
      #expect(mine.count == core.count && zip(mine, core).allSatisfy { abs($0 - $1) < 1e-5 * max(1, abs($1)) })
    }
    // Another one, other numbers.
    bowl.learnerAnswers.momentum = { weights, _, velocities, _, _ in (weights, velocities) }
    batch.learnerAnswers.batchNorm = { input, _, _, _ in input }
    window.learnerAnswers.convolution = { input, _, _, _, _ in input }
    #expect(zip(proved(), proofs).allSatisfy { $0 != $1 })
  }

  @Test("every answer that a panel can run on has its place in the browser, and is written for it")
  func answers() throws {
    for (id, panel) in LiveAnswer.panels {
      let entry = try #require(ExerciseEntry.all.first { $0.id == id })
      let answer = try #require(LiveAnswer(file: entry.solutionFile))
      #expect(answer.exercise == entry && answer.panel == panel)
      let bridge = try String(
        contentsOf: Checkout.root.appendingPathComponent("Sources/" + answer.bridge), encoding: .utf8)
      #expect(bridge.contains(entry.name + ".") && bridge.contains("live_install"))
      let source = try String(contentsOf: Checkout.root.appendingPathComponent(entry.file), encoding: .utf8)
      #expect(LiveAnswer.embedded(source).contains("throws(Unsolved)") && !source.contains("throws(Unsolved)"))
      #expect(Self.names.contains(Word(code: panel.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 })))
    }
    #expect(LiveAnswer(file: "Exercises/ch04/Ex04_3_HeInitialization.swift") == nil)
    let (before, after) = (
      "f() throws -> Int; g() throws(E) -> Int", "f() throws(Unsolved) -> Int; g() throws(E) -> Int"
    )
    #expect(LiveAnswer.embedded(before) == after)
  }
}
