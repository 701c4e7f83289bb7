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
      "With --full: measure one part alone, and write the record with it: deep nets at weights of several sizes, the long race, its finish lines, the census at more rates or of more activations, the activations that only the record trains, sigmoids with large weights in the race, the race on the photographs of --data, eight layers of sigmoids for ten passes, or the valleys of the deep nets.",
      valueName: "sigmoids|stacks|race|lines|rates|cures|rarer|heavy|photographs|long|valleys"))
  var part: Part?

  /// The nets whose weights are given several sizes, the race to a low loss, its finish lines, the census at more rates and of
  /// more activations, nets of activations that only the record trains, sigmoids with large weights, and photographs.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case sigmoids, stacks, race, lines, rates, cures, rarer, heavy, photographs, long, valleys
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
  /// Those that race in the convolutional net.
  static let raced: [RarerActivation] = [.prelu, .gelu]
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

extension DeepFindings {
  /// The ends of a sigmoid of slope ¼ and of slope 1, each with a mean of ½ and centred.
  struct Faults {
    var plain: Summary
    var steep: Summary
    var centred: Summary
    var both: Summary
  }

  /// nil where the mended sigmoids were not trained.
  var faults: Faults? {
    guard let mended, mended.count == MendedSigmoid.allCases.count else { return nil }
    func losses(_ kind: MendedSigmoid) -> Summary { mended[kind.rawValue].losses }
    return Faults(
      plain: nets[DeepNet.sigmoid].losses, steep: losses(.steep), centred: losses(.centred), both: losses(.both))
  }

  /// What is left of a gradient at the start behind a mended sigmoid.
  func kept(_ kind: MendedSigmoid) -> Double? { mended?[kind.rawValue].kept }
}

extension DeepFindings.Faults {
  /// A gain below this is none that matters, in nats.
  private static let enough = 0.1
  private func helps(_ before: Summary, _ after: Summary) -> Bool {
    (before - after).direction(beyond: Self.enough) == .above
  }
  /// Whether the mended slope lowers the loss, with the mean left as it is.
  var slopeHelps: Bool { helps(plain, steep) }
  /// Whether centring lowers it, with the slope left as it is.
  var centringHelps: Bool { helps(plain, centred) }
  /// Whether centring lowers it where the slope is mended.
  var centringHelpsToo: Bool { helps(steep, both) }
  /// Whether the mended slope lowers it where the outputs are centred.
  var slopeHelpsToo: Bool { helps(centred, both) }

  /// Which fault it is, as a slide says it.
  var title: String {
    if slopeHelps && !centringHelps { return centringHelpsToo ? "First the slope, then the mean" : "It is the slope" }
    if centringHelps && !slopeHelps { return slopeHelpsToo ? "First the mean, then the slope" : "It is the mean" }
    if slopeHelps { return "The slope and the mean, each for itself" }
    return slopeHelpsToo || centringHelpsToo ? "Only both cures together help" : "Neither the slope nor the mean"
  }

  /// Whether both cures together make it as good as tanh, as far as chance can tell, and one of them does not.
  func makesTanh(_ deep: DeepFindings) -> Bool {
    slopeHelps != centringHelps && (centringHelpsToo || slopeHelpsToo)
      && (both - deep.nets[DeepNet.tanh].losses).direction() != .above
  }

  /// What to take home.
  var lesson: String {
    switch (slopeHelps, centringHelps) {
    case (true, false):
      centringHelpsToo
        ? "A steeper slope helps, centring alone does not, and both help most." : "A steeper slope mends it."
    case (false, true):
      slopeHelpsToo ? "Centring helps, a steeper slope alone does not, and both help most." : "Centring mends it."
    case (true, true): "A steeper slope helps, and so does centring."
    case (false, false): slopeHelpsToo || centringHelpsToo ? "A steeper slope and centring help only together." : ""
    }
  }

  /// The same in a sentence or two.
  var words: String {
    func to(_ from: Summary, _ end: Summary) -> String { "from \(fixed(from.mean, 2)) to \(fixed(end.mean, 2))" }
    if slopeHelps && !centringHelps {
      return centringHelpsToo
        ? "So the slope comes first: while it is ¼, centring changes nothing. Once it is 1, centring matters as well, \(to(steep, both))."
        : "So the slope is the fault that counts here. Centring changes nothing beyond a loss of \(short(Self.enough)), with either slope."
    }
    if centringHelps && !slopeHelps {
      return slopeHelpsToo
        ? "So the mean comes first: while it is ½, a steeper slope changes nothing. Without it the slope matters as well, \(to(centred, both))."
        : "So the mean is the fault that counts here. A steeper slope changes nothing beyond a loss of \(short(Self.enough))."
    }
    if slopeHelps {
      return
        "So each fault does harm by itself: the steeper slope alone takes the loss \(to(plain, steep)), centring alone \(to(plain, centred))."
    }
    return slopeHelpsToo || centringHelpsToo
      ? "So either fault is enough to stop it: one cure alone changes nothing, both together take the loss \(to(plain, both))."
      : "So neither is the cause here."
  }
}
