// A photograph through a published network: options, weights, and the five best classes.

import ArgumentParser
import Foundation
import Workbook

/// The shared options, and a photograph to classify.
struct DeeperOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions

  @Option(help: "The network of --weights: alexnet, vgg16, resnet50, …") var model: String?
  @Option(help: "Weights as a safetensors file with torchvision's names.") var weights: String?
  @Option(help: "A photograph (PNG, PGM or PPM) to classify with them.") var image: String?
  @Option(help: "The names of the classes, one to a line.") var labels: String?
  @Option(help: "With --full: measure one part alone, and write the record with it.")
  var part: Part?

  /// What can be measured alone: gradients block by block, the nets at rates of their own, factors on the branches, the nets
  /// at their end, the shallow one there at its own rate, sums without a ReLU, wider nets, even steps elsewhere, additions that
  /// fade out, open ReLUs with even steps, open ReLUs in wider nets, a start between the identity and He's, the same in
  /// wider nets, random rotations in its place, the curves of nets recorded without them, nets of several depths on
  /// photographs (--data), two depths and a wider net on most of them for longer, nets of few layers so, how alike two images
  /// are, the families in small on photographs, a rate that rises at first, the gradient in the other starts. Rates are kept one by one: what is there already is not measured again.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case flow, rates, factors, longFactors, ending, sums, width, wideOpen, rotated, near, fading, depth, longDepth,
      fewLayers, readings, alike, slim, warm, starts
  }

  func validate() throws {
    let given = [model, weights, image].compactMap { $0 }.count
    if given > 0 && given < 3 {
      throw ValidationError("expected --model, --weights and --image together, found \(given) of the three")
    }
    if shared.from != nil, given > 0 || labels != nil {
      throw ValidationError(
        "--from: expected no --model, --weights, --image or --labels beside it, since nothing is measured, found one")
    }
    try shared.requireFull(for: "--part", part != nil)
    if labels != nil && given == 0 {
      throw ValidationError("--labels: expected --model, --weights and --image beside it, found none of them")
    }
    if let model, Photograph.network(model) == nil {
      throw ValidationError(
        "--model: expected one of \(Photograph.networks.map(\.name).joined(separator: ", ")), found '\(model)'")
    }
  }
}

extension DeeperOptions {
  /// What the network says of the photograph, where one is given.
  ///
  /// - Throws: as `Photograph` does.
  func photograph() throws -> Photograph? {
    guard let model, let weights, let image else { return nil }
    return try Photograph(model: model, weights: weights, image: image, labels: labels)
  }
}

/// What a network says of a photograph.
struct Photograph: Codable, Sendable {
  /// A class and its probability.
  struct Answer: Codable, Equatable, Sendable {
    var name: String
    var probability: Double
  }

  /// The network's name in prose, its input as the network sees it, and the best classes, the likeliest first.
  var title: String
  var size: Int
  /// Red, green and blue planes, a byte for each pixel.
  var pixels: Data
  var answers: [Answer]

  var picture: ImageGrid.Picture {
    .init(
      width: size, height: size, pixels: pixels.map { Float($0) / 255 }, channels: 3,
      caption: "as the network sees it")
  }

  /// The networks for photographs.
  static var networks: [NamedModel] { NamedModel.all.filter { $0.inputShape[0] == 3 } }

  static func network(_ name: String) -> NamedModel? {
    NamedModel.named(name).flatMap { found in networks.first { $0.name == found.name } }
  }

}

extension Photograph {
  /// Loads weights into a network and shows it a picture: the shorter side scaled to
  /// 256 pixels, the middle cut out, ImageNet's mean and deviation taken away.
  ///
  /// - Throws: `DataError`, `SafetensorsError` or `StateDictError` with what is wrong.
  init(
    model name: String, weights: String, image: String, labels: String?, count: Int = 5
  ) throws {
    guard let network = Photograph.network(name) else {
      throw DataError(name, expected: "the name of a network", found: "another")
    }
    let size = network.inputShape[1]
    // [1, 3, size, size]
    let input = try RasterImage(contentsOf: image).imageNetInput(size: size)
    var model = try network.model(seed: 0)
    try model.load(contentsOf: weights)
    let logits = model.forward(input).elements.map { Double($0) }
    self.size = size
    let largest = logits.max() ?? 0
    let powers = logits.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    let names = try labels.map { try Photograph.names($0, count: logits.count) }
    answers = logits.indices.sorted { (powers[$1], $0) < (powers[$0], $1) }.prefix(count).map {
      Answer(name: names?[$0] ?? "class \($0)", probability: powers[$0] / sum)
    }
    title = network.title
    // Shown as it went in, scaled back to 0 … 1.
    let (low, high) = (input.elements.min() ?? 0, input.elements.max() ?? 1)
    pixels = Data(input.elements.map { high > low ? UInt8((255 * ($0 - low) / (high - low)).rounded()) : 0 })
  }

  private static func names(_ path: String, count: Int) throws -> [String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw DataError(path, expected: "a file of class names", found: "none that can be read")
    }
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard lines.count == count else {
      throw DataError(path, expected: "\(count) class names, one to a line", found: "\(lines.count) lines")
    }
    return lines
  }
}
