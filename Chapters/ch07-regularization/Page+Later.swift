// Chapter 7: what is no single regularizer: several nets, other batches.

import Foundation
import Workbook

extension Regularization {
  /// Which share of the variance is by the training alone on the moons; nil where it was not measured.
  static func shareOfStartsOnMoons(_ findings: Findings) -> Double? {
    guard let checks = findings.moonChecks, let bare = findings.spread?.dropLast().last else { return nil }
    return checks.startVariance[0] / bare.variance
  }

  /// What the mean of several nets saves, and why; empty where it was not measured.
  static func ensembleWords(_ board: Scoreboard) -> String {
    guard let name = board.ensemble else { return "" }
    return """
      A mean of $n$ nets that learn the same digits leaves $1/n$ of the variance by training alone. The \(name) \(board.saved(name)), at \(spelled(OwnDigits.ensemble)) times the cost.
      """
  }

  /// Whether SGD regularizes by itself, in a fold.
  static func addBatches(to page: inout Page, _ board: Scoreboard) {
    let words = batchWords(board)
    if !words.isEmpty { page.fold("Other batches: does SGD regularize by itself?") { $0.prose(words) } }
  }

  private static func batchWords(_ board: Scoreboard) -> String {
    let others = board.entries.filter { $0.kind == .batch }
    guard others.count > 1, let bare = board.entries.first else { return "" }
    let sizes = others.map { Double($0.name.split(separator: " ").dropFirst(2).first.flatMap { Int($0) } ?? 0) }
    let ratios = [(sizes[0], others[0].rate), (50, bare.rate), (sizes[1], others[1].rate)].map {
      short(1000 * Double($0.1 ?? 0) / $0.0, digits: 2)
    }
    let text = """
      The mean gradient of $B$ digits differs from that of all digits by noise of variance $\\sigma^2/B$. So a step of rate $\\eta$ adds noise of variance $\\eta^2\\sigma^2/B$ to the weights. \
      A unit of training time (rate times steps) has $1/\\eta$ steps, so the noise grows like $\\eta/B$. At the best rates $1000\\,\\eta/B$ is \(listed(ratios)) for batches of \(short(sizes[0])), 50 and \(short(sizes[1])): the smaller the batch, the more noise. With as many epochs, \(others[0].name) \(board.saved(others[0].name, isPlural: true)), and \
      \(others[1].name) \(board.saved(others[1].name, isPlural: true)).
      """
    guard others.count == 3 else {
      return text
        + " But these make only a fifth of the steps; whether they lack noise or steps, this comparison does not tell."
    }
    let same = board.gain(others[2].name)
    return text
      + " But they make only a fifth of the steps. With as many steps, and five times the epochs, they \(board.saved(others[2].name, isPlural: true)). "
      + same.worded(
        beyond: 0.5, above: "So it is not the noise that the larger batches lacked, but steps.",
        below:
          "So steps are not all that they lacked. \(board.losses(others[2].name))The noise of small batches may be what helps; for as much noise as batches of 50 make, they would need a rate of \(short(Double(bare.rate ?? 0) * sizes[1] / 50)), which was not tried.",
        withinChance: "So what they lacked was mostly steps, and this comparison shows no gain from the noise itself.")
  }

  private static func spelled(_ count: Int) -> String { count == 5 ? "five" : "\(count)" }
}

extension Scoreboard {
  func has(_ name: String) -> Bool { entries.contains { $0.name == name } }
  /// The name of the mean of several nets, if it was measured.
  var ensemble: String? { entries.first { $0.kind == .ensemble }?.name }

  /// `saves 0.9 points`; whether that is chance by the interval that decides.
  fileprivate func saved(_ name: String, isPlural: Bool = false) -> String {
    let gain = gain(name)
    let verb = (gain.mean < 0 ? "cost" : "save") + (isPlural ? "" : "s")
    let points = "\(verb) \(fixed(abs(gain.mean), 1)) points"
    return verdict(index(name)) == .undecided ? "\(points), which may be chance" : points
  }

  /// That a training fits its own digits no worse than the bare net; empty where it does.
  fileprivate func losses(_ name: String) -> String {
    guard let own = ownLoss(index(name))?.mean, let bare = ownLoss(0)?.mean, own < bare else { return "" }
    return "They even fit their own digits better (loss \(short(own)), the bare net \(short(bare))). "
  }

  /// The mean of several nets, where it helps.
  var ensembleLesson: [String] {
    guard let ensemble, verdict(index(ensemble)) == .helps else { return [] }
    return ["the \(ensemble)"]
  }
}
