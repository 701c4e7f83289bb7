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
  /// The steps of a racer to a mark, of the seeds that came down to it.
  func steps(_ racer: PhotographRacer, _ mark: Int) -> Summary {
    Summary(racer.reached[mark].compactMap { $0.map { Double($0) } })
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
      layers, like the paper's: three convolutions, each with the activation and max pooling (of each 2 × 2 numbers \
      the largest stays; chapter 9), and one dense layer. It \
      learns \(grouped(found.count)) photographs of \(found.data).
      """)
    page.fold("The net, in PyTorch") {
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
    }
    page.predict(
      "To a training error of \(short(mark)) %, how many times as many steps as ReLU does tanh need in this net?",
      choices: ["about as many", "2 times as many", "4 times as many", "6 times as many"],
      answer: factors.indices.min { abs(log(ratio.mean / factors[$0])) < abs(log(ratio.mean / factors[$1])) } ?? 0,
      "Measured is \(ratio.formatted(decimals: 2)), and a ratio within a tenth of 1 cannot be told from 1. The paper found 6."
    )
    let means = racers.map { found.steps($0, PhotographFindings.marks.firstIndex(of: mark) ?? 0).mean }
    let needed = "tanh needs \(fixed(means[1], 0)) steps, ReLU \(fixed(means[0], 0))"
    let title = ratio.worded(
      from: 1,
      above:
        "Photographs: tanh needs \(fixed(ratio.mean, 1)) times as many steps as ReLU to a training error of \(short(mark)) %, not 6 times",
      below: "Photographs: to a training error of \(short(mark)) % \(needed)",
      withinChance: "Photographs: to a training error of \(short(mark)) % \(needed), no difference beyond chance")
    let marks = PhotographFindings.marks.indices.filter { PhotographFindings.marks[$0] >= mark }
    page.figure(
      Figure(
        title,
        .lines(
          LineChart(
            x: Axis(
              "training error to reach (%): easy on the left, hard on the right", range: -63...(-mark + 3),
              ticks: marks.map { (-PhotographFindings.marks[$0], short(PhotographFindings.marks[$0])) }),
            y: Axis("steps", log: true),
            racers.map { racer in
              let steps = marks.map { found.steps(racer, $0) }
              return Series(
                racer.function.name, x: marks.map { -PhotographFindings.marks[$0] }, y: steps.map(\.mean),
                deviation: steps.map(\.deviation), drawsDeviation: false,
                style: racer.function == .relu ? .line : .points,
                isEmphasized: racer.function == .relu, color: racer.function.color)
            } + [
              Series(
                "six times ReLU's", x: marks.map { -PhotographFindings.marks[$0] },
                y: marks.map { 6 * found.steps(racers[0], $0).mean }, style: .line, color: 6)
            ])),
        caption: """
          Steps until a net misclassifies no more of the training images that come; mean of \
          \(counted(found.seeds, "seed")). The \
          grey line is where tanh would be with the paper's factor.
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
      The paper's net is wider, learns five times as many photographs, and begins with other weights; none of this was \
      tested here. Its authors \
      write that the size of the effect varies with the architecture.
      """)
    page.fold("How this was measured") { $0.prose(photographProtocol(found, racers)) }
  }

  private static func photographProtocol(_ found: PhotographFindings, _ racers: [PhotographRacer]) -> String {
    """
    \(found.data), from JPEG copies: the first \(grouped(found.count)) training images and all \
    \(grouped(found.testCount)) test images, each channel \
    shifted and scaled to mean 0 and standard deviation 1. Plain gradient descent in batches of 32; the \
    rate rises over the first \(Racer.warmUp) steps. Tried on one seed that does not race: \
    \(racers.map { racer in "\(listed(racer.rates.map { short(Double($0)) })) for \(racer.function.name), which takes \(short(Double(racer.rate)))" }.joined(separator: "; ")). A net \
    has come down to an error when the mean over \(PhotographFindings.window) batches is at it or below. That happens \
    at a drop of the curve, and the drops \
    are a pass apart, so a ratio within a tenth of 1 cannot be told from 1.
    """
  }
}
