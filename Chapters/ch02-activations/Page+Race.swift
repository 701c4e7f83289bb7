// The page of chapter 2: the race of tanh against ReLU.

import Foundation
import Workbook

extension Activations {
  /// tanh against ReLU.
  static func addRace(to page: inout Page, _ findings: Findings) {
    let (race, ratio) = (findings.race, findings.race.ratio)
    page.prose(
      """
      ## Is ReLU faster than tanh?

      \(findings.photographs.map { $0.answer } ?? "That ReLU is six times as fast is a claim about *steps*.") AlexNet's paper (Krizhevsky \
      et al. 2012) reports that with ReLU a convolutional net (chapter 9) needs a sixth of the steps of tanh until it misclassifies only a \
      quarter of its training images, small photographs of CIFAR-10.\(findings.photographs == nil ? " That net was not trained here." : "")
      """)
    if let photographs = findings.photographs {
      addPhotographs(to: &page, photographs, findings.hardRatio)
    } else {
      page.figure(curves(findings))
      page.project(slideTitle(ratio))
      if !race.converged {
        page.prose("Not all runs came down that far within \(race.limit) steps, so this is only a bound.")
      }
    }
    page.fold("The nets in PyTorch, and how this was measured") { page in
      page.prose(
        """
        ```python
        net = nn.Sequential(                        # digits with a border of 2: 32 × 32
            nn.Conv2d(1, 8, 5), nn.ReLU(), nn.AvgPool2d(2),
            nn.Conv2d(8, 16, 5), nn.ReLU(), nn.AvgPool2d(2),
            nn.Flatten(), nn.Linear(400, 10))
        ```

        First weights as in *Sigmoid and tanh*, the last layer's normal with a standard deviation of 0.01; biases begin at 0. \
        \(race.trials > 1 ? rateWords(race) : "")
        """)
      if let photographs = findings.photographs { page.prose(photographProtocol(photographs)) }
    }
  }

  private static func slideTitle(_ ratio: Summary) -> String {
    let isSlower = ratio.direction(from: 6) == .below
    return ratio.direction(from: 1) == .above
      ? isSlower ? "ReLU is ahead, but not 6 times" : "ReLU is ahead, \(fixed(ratio.mean, 1)) times"
      : isSlower ? "ReLU is not six times as fast in this small net" : "Six times as fast? This run cannot tell"
  }

  /// The losses of all racers, step by step.
  private static func curves(_ findings: Findings) -> Figure {
    let (race, ratio) = (findings.race, findings.race.ratio)
    return Figure(
      "tanh needs \(fixed(ratio.mean, 2)) times as many steps as ReLU to a loss of \(target)",
      .lines(
        LineChart(
          x: Axis("step"), y: Axis("training loss", log: true),
          race.racers.map { racer in
            let losses = racer.typicalLosses
            return Series(
              racer.function.name, x: losses.indices.map { Double($0 + 1) }, y: losses, style: .line,
              isEmphasized: racer.function == .relu, color: racer.function.color)
          }, references: [.init(.horizontal, at: target, "target")])),
      caption: """
        Batches of 32 (\(findings.data)); loss smoothed over ten steps; median of \(findings.seedWords). Rates: \
        \(race.racers.map { "\($0.function.name) \(short(Double($0.rate)))\(race.trials > 1 && $0.isAtEnd ? " (an end of the range)" : "")" }.joined(separator: ", ")).
        """,
      name: "race")
  }

  private static func rateWords(_ race: RaceFindings) -> String {
    """
    For each activation \(Racer.rates.count) rates from \(short(Double(Racer.rates[0]))) to \
    \(short(Double(Racer.rates[Racer.rates.count - 1]))), each √2 times the one before, are tried on \(race.trials) other seeds. We take \
    the rate whose slowest seed is fastest; rates at which a seed diverges, here or at the next rate, are left out.
    """
  }
}
