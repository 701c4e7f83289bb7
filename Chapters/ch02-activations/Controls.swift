// Controls: the sigmoid with one of its two faults mended, units counted before training, and rates without a safety margin.

import ArgumentParser
import Foundation
import Workbook

/// What is measured beside the chapter's experiments.
struct ActivationOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Flag(help: "With --full: measure the controls, those alone, and write the record with them.")
  var controls = false
  @Option(
    help: ArgumentHelp(
      "With --full: measure one part alone, and write the record with it: deep nets at weights of several sizes, the long race, the census at more rates, the race on the photographs of --data, eight layers of sigmoids for ten passes, PyTorch's default weights against He's, functions in the conv net and with momentum, Adam and batch norm, counts of dead units, batch norm from both first weights, nets of convolutions, or the check of the first weights.",
      valueName: "sigmoids|race|rates|photographs|long|weights|settings|units|he|longer|conv|check"))
  var part: Part?

  /// The parts of the record that no usual run measures.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case sigmoids, race, rates, photographs, long, weights, settings, units, he, longer, conv, check
  }

  func validate() throws {
    try shared.requireFull(for: "--controls", controls)
    try shared.requireFull(for: "--part", part != nil)
  }
}

/// A sigmoid, stretched and moved: y = a·σ(b·x) + c, with slope a·b/4 at 0.
///
/// Shapes: any, unchanged. y′ = a·b·s(1 − s) with s = σ(b·x) = (y − c)/a.
struct StretchedSigmoid: Layer {
  let (a, b, c): (Float, Float, Float)

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    var sigmoid = Sigmoid()
    sigmoid.forward(input.map { b * $0 }, into: &output, in: &pass)
    output.withUnsafeMutableElements { y in for i in y.indices { y[i] = a * y[i] + c } }
  }

  func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    inputGradient.withUnsafeMutableElements { dx in
      outputGradient.withUnsafeElements { dy in
        output.withUnsafeElements { y in
          for i in dx.indices {
            let s = (y[i] - c) / a
            dx[i] = dy[i] * a * b * s * (1 - s)
          }
        }
      }
    }
  }
}

/// A sigmoid of slope ¼ or 1 at 0, and of mean ½ or 0: the two faults of a sigmoid, each mended alone, and both.
enum MendedSigmoid: Int, CaseIterable, Codable, Sendable {
  /// σ(4x): slope 1, mean ½.
  case steep
  /// σ(x) − ½: slope ¼, mean 0.
  case centred
  /// 4σ(x) − 2: slope 1, mean 0.
  case both

  var name: String { ["σ(4x)", "σ(x) − ½", "4σ(x) − 2"][rawValue] }

  var layer: StretchedSigmoid {
    switch self {
    case .steep: StretchedSigmoid(a: 1, b: 4, c: 0)
    case .centred: StretchedSigmoid(a: 1, b: 1, c: -0.5)
    case .both: StretchedSigmoid(a: 4, b: 1, c: -2)
    }
  }
}

/// Activations that the sources recommend to try, or that came later: trained in full runs alone.
enum RarerActivation: Int, CaseIterable, Codable, Sendable {
  case prelu, gelu
  /// Two pieces a unit, and so few units that the net has about as many parameters as the others.
  case maxout
  case silu

  var name: String { ["PReLU", "GELU", "maxout", "SiLU"][rawValue] }
  /// The layer behind a dense one; nil for maxout, which is both.
  var activation: (any Layer)? {
    switch self {
    case .prelu: PReLU()
    case .gelu: GELU()
    case .silu: SiLU()
    case .maxout: nil
    }
  }
  /// The units of a layer.
  var width: Int { self == .maxout ? 37 : DeepNet.width }

  /// One hidden layer.
  func layers(_ inputs: Int, _ start: Initializer) -> [any Layer] {
    // The larger of two sums has the mean square of one: maxout needs no gain.
    activation.map { [Dense(inputs, width, initializer: start), $0] }
      ?? [Maxout(inputs, width, pieces: 2, initializer: .scaled(.fanIn, .normal, gain: 1))]
  }
}
