// What `./workbook predict` makes of weights, pictures and names.

import Foundation
import Testing
import Workbook

@testable import workbook_cli

@Suite("./workbook predict") struct PredictTests {
  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("predict-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private func named(_ name: String) throws -> NamedModel { try #require(NamedModel.named(name)) }

  /// What `body` throws, as text.
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "a model is found by the name that is read and by the one that is typed",
    arguments: [
      ("LeNet-5++", "lenet5plusplus"), ("lenet5+", "lenet5plus"), ("ResNet-18", "resnet18"), ("VGG16-BN", "vgg16_bn"),
    ])
  func names(_ typed: String, _ name: String) throws { #expect(try named(typed).name == name) }

  @Test("a digit on a page is read by a LeNet-5+ from its checkpoint")
  func digit() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let train = SyntheticDigits.dataset(count: 1_500, seed: 1)
    var trainer = Trainer(
      try named("lenet5plus").model(seed: 1), loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
      schedule: ConstantRate(0.02), batchSize: 16, seed: 1)
    try trainer.train(on: train, epochs: 2)
    let weights = folder.path + "/checkpoint.safetensors"
    try trainer.saveCheckpoint(to: weights)
    let classifier = try Classifier(named("lenet5plus"), weights: weights, labels: nil)
    #expect(classifier.title.hasPrefix("lenet5plus · 61,706 parameters · 10 classes · "))
    // Test digits as dark ink on a large light page, through a file.
    let test = SyntheticDigits.dataset(count: 40, seed: 2)
    var right = 0
    for index in 0..<40 {
      var page = [UInt8](repeating: 235, count: 150 * 130)
      for y in 0..<112 {
        for x in 0..<112 {
          page[(y + 10) * 150 + x + 30] = 235 - test.pixels[index * 784 + y / 4 * 28 + x / 4] / 5 * 4
        }
      }
      let path = folder.path + "/digit.pgm"
      try (Data("P5 150 130 255\n".utf8) + Data(page)).write(to: URL(fileURLWithPath: path))
      let best = classifier.predictions(for: try PredictCommand.input(path, for: named("lenet5plus")))
      #expect(best.count == 10 && abs(best.reduce(0) { $0 + $1.share } - 1) < 1e-4)
      if best[0].index == Int(test.labels[index]) { right += 1 }
    }
    #expect(right >= 30, "\(right) of 40")
  }

  @Test("another network's weights, a checkpoint of another activation, and pictures that are none are refused")
  func refusals() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let weights = folder.path + "/weights.safetensors"
    let trainer = Trainer(
      try named("lenet5plus").model(seed: 1), loss: SoftmaxCrossEntropy(), optimizer: SGD(),
      schedule: ConstantRate(0.1),
      batchSize: 8, seed: 1)
    try trainer.saveCheckpoint(to: weights)
    let plain = message { _ = try Classifier(named("lenet5"), weights: weights, labels: nil) }
    #expect(plain.contains("expected a checkpoint of lenet5, with act1 Tanh"), "\(plain)")
    let norm = message { _ = try Classifier(named("lenet5plusplus"), weights: weights, labels: nil) }
    #expect(norm.contains("expected a checkpoint of lenet5plusplus, with bn1"), "\(norm)")
    let resnet = message { _ = try Classifier(named("resnet18"), weights: weights, labels: nil) }
    #expect(resnet.contains("expected weights of resnet18, with fc.weight [classes, features], found no fc.weight"))
    let labels = folder.path + "/labels.txt"
    try "one\ntwo\n".write(toFile: labels, atomically: true, encoding: .utf8)
    let names = message { _ = try Classifier(named("lenet5plus"), weights: weights, labels: labels) }
    #expect(names == "\(labels): expected 10 class names, one per line, found 2 lines")
    let image = message { _ = try PredictCommand.input(labels, for: named("resnet18")) }
    #expect(image.contains("expected a PNG, PGM or PPM image, found something else"))
  }

  @Test("a ResNet-18 of three classes: their number comes from the weights, their names from a file")
  func photograph() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (weights, labels, image) = ("weights.safetensors", "labels.txt", "wall.ppm")
    let place = { (name: String) in folder.path + "/" + name }
    let model = try named("resnet18").model(classes: 3, seed: 5)
    try model.save(to: place(weights))
    try "cat\r\ndog\r\na house\r\n".write(toFile: place(labels), atomically: true, encoding: .utf8)
    try (Data("P6 40 30 255\n".utf8) + Data((0..<3_600).map { UInt8($0 % 251) })).write(
      to: URL(fileURLWithPath: place(image)))
    let classifier = try Classifier(named("resnet18"), weights: place(weights), labels: place(labels))
    let input = try PredictCommand.input(place(image), for: named("resnet18"))
    #expect(input.shape == [1, 3, 224, 224])
    let best = classifier.predictions(for: input)
    #expect(Set(best.map(\.name)) == ["cat", "dog", "a house"])
    // The shares are the softmax of the model's own logits.
    var copy = model
    let logits = copy.forward(input).elements
    let sum = logits.reduce(0) { $0 + exp($1) }
    for prediction in best { #expect(abs(prediction.share - exp(logits[prediction.index]) / sum) < 1e-5) }
  }

  @Test("the table has a line for each of the best, no wider than 80 columns")
  func table() {
    let predictions = [
      Classifier.Prediction(index: 3, name: String(repeating: "long name ", count: 9), share: 0.9),
      Classifier.Prediction(index: 1, name: "cat", share: 0.1), Classifier.Prediction(index: 0, name: "dog", share: 0),
    ]
    let lines = PredictCommand.table(predictions, top: 2, sigmoids: false).split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.count <= 80 })
    #expect(lines[1].hasPrefix(" 2  cat ") && lines[1].contains("10.00 %"))
    #expect(PredictCommand.table(predictions, top: 3, sigmoids: true).hasSuffix("0.0000"))
  }
}
