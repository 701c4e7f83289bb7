// The page of chapter 2: the race on photographs.

import Foundation
import Workbook

extension PhotographFindings {
  /// The racer of one activation.
  subscript(function: Nonlinearity) -> PhotographRacer? { racers.first { $0.function == function } }

  /// How many times ReLU's steps tanh needs to a mark, seed by seed, where both came down to it.
  func ratio(_ mark: Int) -> Summary {
    guard let tanh = self[.tanh], let relu = self[.relu] else { return Summary([]) }
    return Summary(
      zip(tanh.reached[mark], relu.reached[mark]).compactMap { tanh, relu in
        tanh.flatMap { tanh in relu.map { Double(tanh) / Double($0) } }
      })
  }
  /// The last mark to which all runs of tanh and of ReLU came down, and the ratio there.
  var hardest: (mark: Double, ratio: Summary)? {
    let reached = Self.marks.indices.last { mark in
      [Nonlinearity.tanh, .relu].allSatisfy { self[$0]?.reached[mark].allSatisfy { $0 != nil } == true }
    }
    return reached.map { (Self.marks[$0], ratio($0)) }
  }
  /// The same for the marks before it.
  var easier: [(mark: Double, ratio: Summary)] {
    Self.marks.indices.filter { Self.marks[$0] > hardest?.mark ?? 100 && ratio($0).count > 2 }
      .map { (Self.marks[$0], ratio($0)) }
  }

  /// To take home.
  var lesson: String {
    guard let (_, ratio) = hardest else { return "" }
    return ratio.worded(
      from: 1, above: ", on photographs \(fixed(ratio.mean, 1)) times as many", below: ", on photographs fewer",
      withinChance: ", on photographs as many")
  }
  /// Whether the paper's factor of 6 is there.
  var origin: String {
    hardest?.ratio.direction(from: 6) == .below
      ? "**So we do not find the factor of 6, and cannot say where it came from.**"
      : "The paper found a factor of 6."
  }

  /// By how many points the training errors of tanh and ReLU differ at most, averaged over two passes.
  var gap: Double {
    guard let tanh = self[.tanh]?.curve, let relu = self[.relu]?.curve else { return .nan }
    let width = 2 * count / (32 * Self.stretch)
    func passes(_ curve: [Double]) -> [Double] {
      curve.count < width ? [] : (width...curve.count).map { Summary(Array(curve[$0 - width..<$0])).mean }
    }
    return zip(passes(tanh), passes(relu)).map { abs($0 - $1) }.max() ?? .nan
  }
}

extension Activations {
  /// ReLU and tanh on photographs.
  static func addPhotographs(to page: inout Page, _ found: PhotographFindings) {
    guard let (mark, ratio) = found.hardest else { return }
    let racers = [Nonlinearity.relu, .tanh].compactMap { found[$0] }
    let factors = [1.0, 2, 4, 6]
    page.prose(
      """
      ### On photographs

      Now the paper's own goal, \(short(mark)) % of the training photographs misclassified. Our net has four \
      layers, like the paper's: three convolutions, each with the activation and max pooling, and one dense layer. It \
      learns \(grouped(found.count)) photographs of \(found.data).
      """)
    page.fold("The net, in PyTorch and in Swift") {
      $0.prose(
        """
        ```python
        def conv(inputs, outputs):
            layer = nn.Conv2d(inputs, outputs, 5, padding=2)
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            return layer

        net = nn.Sequential(
            conv(3, 16), nn.ReLU(), nn.MaxPool2d(2),
            conv(16, 16), nn.ReLU(), nn.MaxPool2d(2),
            conv(16, 32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(512, 10))
        nn.init.normal_(net[-1].weight, std=0.01)
        ```
        """)
      $0.code("photographNet", in: "Photographs.swift")
    }
    page.predict(
      "To a training error of \(short(mark)) %, how many times as many steps as ReLU does tanh need in this net?",
      choices: ["about as many", "2 times as many", "4 times as many", "6 times as many"],
      answer: factors.indices.min { abs(log(ratio.mean / factors[$0])) < abs(log(ratio.mean / factors[$1])) } ?? 0,
      "Measured is \(ratio.formatted(decimals: 2)), and a ratio within a tenth of 1 cannot be told from 1. The paper found 6."
    )
    let title = ratio.worded(
      from: 1,
      above:
        "Photographs: tanh needs \(fixed(ratio.mean, 1)) times as many steps as ReLU to a training error of \(short(mark)) %, not 6 times",
      below: "Photographs: tanh needs fewer steps than ReLU to a training error of \(short(mark)) %",
      withinChance: "Photographs: tanh and ReLU need about as many steps to a training error of \(short(mark)) %")
    page.figure(
      Figure(
        title,
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("training error (%)", range: 0...100),
            racers.map { racer in
              // tanh as marks, because the two lie on each other.
              let places = stride(from: 0, to: racer.curve.count, by: racer.function == .relu ? 1 : 4)
              return Series(
                racer.function.name, x: places.map { Double(($0 + 1) * PhotographFindings.stretch) },
                y: places.map { racer.curve[$0] }, style: racer.function == .relu ? .line : .points,
                isEmphasized: racer.function == .relu, color: racer.function.color)
            }, references: [.init(.horizontal, at: mark, "a quarter wrong")])),
        caption: """
          Share of the training images that a net misclassifies when they come, averaged over \(PhotographFindings.stretch) batches of 32 and over \
          \(counted(found.seeds, "seed")). The curves drop whenever a new pass through the photographs begins.
          """,
        name: "photographs"))
    page.project(
      ratio.worded(
        from: 1, above: "Photographs: ReLU is ahead, \(fixed(ratio.mean, 1)) times",
        below: "Photographs: tanh is ahead", withinChance: "Photographs: tanh is as fast as ReLU"))
    page.prose(
      """
      **\(ratio.worded(
        from: 1, above: "The ReLU net is faster, but not six times.", below: "The tanh net is faster.",
        withinChance: "Neither net is faster beyond chance."))** \(found.origin) \
      The paper's net is wider, learns five times as many photographs, and begins with other weights; none of this was tested here.
      """)
    page.fold("How this was measured") { $0.prose(photographProtocol(found, racers)) }
  }

  private static func photographProtocol(_ found: PhotographFindings, _ racers: [PhotographRacer]) -> String {
    """
    \(found.data), from JPEG copies: the first \(grouped(found.count)) training images and all \(grouped(found.testCount)) test images, each channel \
    shifted and scaled to mean 0 and standard deviation 1. The convolutions have 16, 16 and 32 channels. Plain gradient descent in batches of 32; the \
    rate rises over the first \(Racer.warmUp) steps. Tried on one seed that does not race: \
    \(racers.map { racer in "\(listed(racer.rates.map { short(Double($0)) })) for \(racer.function.name), which takes \(short(Double(racer.rate)))" }.joined(separator: "; ")). A net \
    has come down to an error when the mean over \(PhotographFindings.window) batches is at it or below. That happens at a drop of the curve, and the drops \
    are a pass apart, so a ratio within a tenth of 1 cannot be told from 1. Averaged over two passes, the two curves are nowhere more than \
    \(fixed(found.gap, 1)) points apart. To \(listed(found.easier.map { short($0.mark) })) % the ratio is \
    \(listed(found.easier.map { fixed($0.ratio.mean, 2) })).
    """
  }
}
