// The page of chapter 2: the race of tanh against ReLU, on digits and on photographs.

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

  /// Who is faster in these nets.
  var answer: String {
    guard let (_, ratio) = hardest else { return "" }
    let faster = ratio.worded(
      from: 1, above: "the ReLU net is faster", below: "the tanh net is faster",
      withinChance: "neither is faster beyond chance")
    return ratio.direction(from: 6) == .below
      ? "**In a smaller net on such photographs \(faster), and nowhere near six times.**"
      : "**In a smaller net on such photographs \(faster).**"
  }

  /// The steps to each training error.
  var table: Table {
    let marks = Self.marks.indices
    return Table(
      "Photographs: steps until at most so many training images are wrong (\(counted(seeds, "seed")))",
      columns: ["activation"] + marks.map { .init("\(short(Self.marks[$0])) %", digits: 0) },
      rows: [Nonlinearity.relu, .tanh].compactMap { self[$0] }.map { racer in
        [TableCell(racer.function.name)]
          + marks.map { steps(racer, $0).count > 0 ? .measured(steps(racer, $0)) : "–" }
      })
  }
}

extension Activations {
  /// tanh against ReLU.
  static func addRace(to page: inout Page, _ findings: Findings) {
    let race = findings.race
    let digits =
      findings.hardRatio.map { " In the conv net, down to a loss of \(short(lowTarget)), \(digitWords($0))." }
      ?? " In the conv net, down to a loss of \(target), tanh needs \(fixed(race.ratio.mean, 2)) times as many steps as ReLU\(race.converged ? "" : "; not all runs came down so far, so this is only a bound")."
    page.prose(
      """
      ### Is ReLU faster than tanh?

      AlexNet's authors trained a convolutional net on small photographs (CIFAR-10) until only a quarter of these were \
      wrong. With ReLU this took a sixth of the steps that it took with tanh (Krizhevsky et al. 2012). \
      \(findings.photographs?.answer ?? "That net was not trained here.")\(digits)
      """)
    guard let photographs = findings.photographs else { return }
    page.fold("How this was measured") {
      $0.table(photographs.table)
      $0.prose(photographProtocol(photographs))
    }
  }

  private static func digitWords(_ ratio: Summary) -> String {
    ratio.worded(
      from: 1, above: "tanh needs \(fixed(ratio.mean, 1)) times as many steps as ReLU",
      below: "tanh needs fewer steps than ReLU",
      withinChance: "tanh needs as many steps as ReLU, within chance")
  }

  /// The net of the photographs, and how it was trained.
  private static func photographProtocol(_ found: PhotographFindings) -> String {
    let racers = [Nonlinearity.relu, .tanh].compactMap { found[$0] }
    let rates = racers.map { racer in
      "\(short(Double(racer.rate))) for \(racer.function.name)"
    }
    return """
      Photographs: three times 5 × 5 convolution (16, 16 and 32 filters, padding 2), activation and `nn.MaxPool2d(2)`, \
      then `nn.Linear(512, 10)`, from He's or Xavier's weights, on \(grouped(found.count)) standardized images of \
      \(found.data), by plain gradient descent. Of \(racers.first?.rates.count ?? 0) rates each has the one that comes down first: \(listed(rates)).
      """
  }

  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings) {
    let more = costs.steps[1] / costs.steps[0] - 1
    page.prose(
      """
      ### Is ReLU cheaper to compute?

      By itself yes. An exponential costs: tanh, forward and back, takes \
      \(fixed(costs.ratios[Nonlinearity.tanh.rawValue], 0)) times as \
      long. But a whole training step of the conv net \
      \(more > 0.02 ? "takes only \(percent(more)) longer with tanh" : "takes about as long with tanh").
      """)
  }
}
