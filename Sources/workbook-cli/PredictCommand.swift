// `./workbook predict --model NAME --weights FILE IMAGE`: classify pictures with a network

import ArgumentParser
import Foundation
import Workbook

/// Classifies pictures with published networks, or with those of chapter 10.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Classify pictures with a network and given weights: show the five best classes.",
    discussion: """
      The weights are a safetensors file with torchvision's names and shapes or, for lenet5, lenet5plus and \
      lenet5plusplus, a checkpoint of chapter 10. The workbook includes one for lenet5plusplus: \
      Chapters/ch10-lenet/lenet5plusplus.safetensors. Photographs are scaled so that the shorter side has 256 pixels, \
      and the central 224×224 pixels are standardized with ImageNet's statistics; pictures of digits are prepared like \
      MNIST's.

      Models: \(NamedModel.all.map(\.name).joined(separator: ", ")).
      """)

  @Option(help: ArgumentHelp("One of the models that --help lists.", valueName: "name"))
  var model: String

  @Option(help: ArgumentHelp("A safetensors file, or a checkpoint of chapter 10.", valueName: "file"))
  var weights: String

  @Option(help: ArgumentHelp("The names of the classes in order, one per line.", valueName: "file"))
  var labels: String?

  @Option(help: ArgumentHelp("The number of classes to show.", valueName: "n"))
  var top = 5

  @Argument(help: ArgumentHelp("PNG, PGM or PPM files.", valueName: "image"))
  var images: [String]

  func validate() throws {
    guard top > 0 else { throw ValidationError("--top: expected at least 1, found \(top)") }
    guard NamedModel.named(model) != nil else {
      throw ValidationError("--model: there is no model '\(model)'; ./workbook predict --help lists them")
    }
  }

  func run() throws {
    guard let network = NamedModel.named(model) else { return }
    do {
      // Read the pictures first: it takes no time, and a mistyped name should not wait for 100 MB of weights.
      let inputs = try images.map { try Self.input($0, for: network) }
      let classifier = try Classifier(network, weights: weights, labels: labels)
      print(classifier.title)
      for (path, input) in zip(images, inputs) {
        print("\n\(path)")
        print(Self.table(classifier.predictions(for: input), top: top, sigmoids: classifier.hasSigmoids))
      }
    } catch {
      printError("workbook predict: \(error)")
      throw ExitCode.failure
    }
  }

  /// Reads a picture and prepares it like the network's training data.
  static func input(_ path: String, for network: NamedModel) throws -> Tensor {
    let image = try RasterImage(contentsOf: path)
    return network.readsDigits
      ? try image.digitInput(path)
      : image.imageNetInput(size: network.inputShape[1])
  }

  /// One line for each of the best classes: rank, name, probability, and the probability as a bar.
  static func table(_ predictions: [Classifier.Prediction], top: Int, sigmoids: Bool) -> String {
    let shown = predictions.prefix(top)
    let width = min(44, shown.map(\.name.count).max() ?? 0)
    var lines: [String] = []
    for (rank, prediction) in shown.enumerated() {
      let name =
        prediction.name.count > width ? prediction.name.prefix(width - 1) + "…" : Substring(prediction.name)
      let padded = name + String(repeating: " ", count: width - name.count)
      let number = sigmoids ? fixed(Double(prediction.share), 4) : percent(Double(prediction.share), 2)
      let share = String(repeating: " ", count: max(0, (sigmoids ? 8 : 9) - number.count)) + number
      let bar = String(repeating: "█", count: Int((Double(prediction.share) * 16).rounded()))
      let line = "\(rank + 1 < 10 ? " " : "")\(rank + 1)  \(padded)  \(share)  \(bar)"
      lines.append(line.replacingOccurrences(of: " +$", with: "", options: .regularExpression))
    }
    return lines.joined(separator: "\n")
  }
}

extension NamedModel {
  /// Whether it classifies digits, not photographs.
  var readsDigits: Bool { inputShape[0] == 1 }
}

/// A network with its weights and the names of its classes.
struct Classifier {
  /// A class and its predicted probability.
  struct Prediction: Hashable {
    var index: Int
    var name: String
    /// The probability; for sigmoid outputs the output itself.
    var share: Float
  }

  let network: NamedModel
  let source: String
  let names: [String]
  private let model: Model

  /// Reads weights and names.
  ///
  /// The number of classes is that of the weights' last layer.
  ///
  /// - Throws: ``SafetensorsError``, ``StateDictError`` or ``DataError`` with what was expected and found.
  init(_ network: NamedModel, weights: String, labels: String?) throws {
    let file = try Safetensors(path: weights)
    var model = try network.model(seed: 0)
    // The last matrix belongs to the layer whose outputs are the classes.
    let state = model.stateDict
    let last = state.names.last { state[$0]?.shape.rank == 2 } ?? ""
    guard let shape = file[last]?.shape, shape.rank == 2, 1...100_000 ~= shape[0] else {
      throw DataError(
        weights, expected: "weights of \(network.name), with \(last) [classes, features]",
        found: file[last].map { "\(last) \($0.shape)" } ?? "no \(last)")
    }
    let classes = shape[0]
    if classes != network.classes { model = try network.model(classes: classes, seed: 0) }
    if let labels {
      names = try Self.names(labels, count: classes)
    } else {
      names = (0..<classes).map { network.readsDigits ? "\($0)" : "class \($0)" }
    }
    // A checkpoint lists its layers, because the shapes do not show a different activation.
    let layers = model.rows.map { "\($0.name) \($0.kind) \($0.output)" }
    if let recorded = file.metadata["layers"]?.components(separatedBy: "; "), recorded != layers {
      let (own, other) = zip(layers, recorded).first { $0 != $1 } ?? ("\(layers.count) layers", "\(recorded.count)")
      throw DataError(
        weights, expected: "a checkpoint of \(network.name), with \(own)",
        found: "one with \(Safetensors.readable(other))")
    }
    try model.load(contentsOf: weights)
    self.network = network
    self.source = weights
    self.model = model
  }

  /// Whether the outputs are independent sigmoids, not logits of one softmax.
  var hasSigmoids: Bool { model.layers.entries.last?.layer is Sigmoid }

  /// `resnet18 · 11,689,512 parameters · 1,000 classes · weights.safetensors`
  var title: String {
    let parameters = grouped(model.parameterCount, always: true)
    return
      "\(network.name) · \(parameters) parameters · \(grouped(names.count, always: true)) classes · \(source)"
  }

  /// All classes for one input [1, C, H, W], most likely first.
  func predictions(for input: Tensor) -> [Prediction] {
    var model = model
    let outputs = model.forward(input, mode: .inference).elements
    var shares = outputs
    if !hasSigmoids {
      let largest = outputs.max() ?? 0
      shares = outputs.map { exp($0 - largest) }
      let sum = shares.reduce(0, +)
      shares = shares.map { $0 / sum }
    }
    let order = shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }
    return order.map { Prediction(index: $0, name: names[$0], share: shares[$0]) }
  }

  /// Reads the names of the classes, one per line.
  private static func names(_ path: String, count: Int) throws -> [String] {
    let limit = 1 << 20
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: limit + 1) else {
      throw DataError(path, expected: "a file of class names", found: "no readable file")
    }
    guard data.count <= limit, let text = String(data: data, encoding: .utf8) else {
      throw DataError(path, expected: "UTF-8 text of at most \(limit) bytes", found: "something else")
    }
    // Escape codes in a name would reach the terminal.
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
      line.withoutControls.trimmingCharacters(in: .whitespaces)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard lines.count == count else {
      throw DataError(path, expected: "\(count) class names, one per line", found: "\(lines.count) lines")
    }
    return lines
  }
}
