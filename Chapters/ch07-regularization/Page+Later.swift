// Chapter 7: softer labels; and what is no single regularizer: more data, mixtures, several nets, other batches.

import Foundation
import Workbook

extension Regularization {
  /// What stands beside the figure of all regularizers.
  static func addLater(to page: inout Page, _ findings: Findings, _ board: Scoreboard) {
    if board.has("label smoothing"), board.has("mixup") {
      page.prose("### Softer labels\n\n" + labelWords(board))
    }
    guard let figure = Charts.others(board) else { return }
    page.prose(
      """
      ### More data, several regularizers, several nets

      Beside single regularizers the same net was trained in these ways:
      """)
    page.figure(figure)
    let words = [board.togetherWords, ensembleWords(findings, board)].filter { !$0.isEmpty }
    if !words.isEmpty { page.prose(words.joined(separator: "\n\n")) }
  }

  private static func labelWords(_ board: Scoreboard) -> String {
    let lead = fixed(log((1 - 0.1 + 0.01) / 0.01), 1)
    return """
      *Label smoothing* takes the share $\\varepsilon$ of each label from its class and spreads it over all ten. Why should that help? With hard labels the loss falls as long as the output of \
      the right class grows away from the others. With smooth ones it is smallest where the right output is ahead by

      $$\\ln\\frac{1 - \\varepsilon + \\varepsilon/10}{\\varepsilon/10}$$

      That is \(lead) for $\\varepsilon = 0.1$, and a larger lead costs. With the best share (\(board.setting("label smoothing"))) label smoothing \(board.saved("label smoothing")).

      *Mixup* trains on means of two digits, $s x + (1 - s)x'$, whose label is the same mean of their labels (Zhang and others 2018). The share $s$ is drawn anew for each batch. So from one digit to \
      another the answer has to change evenly instead of jumping somewhere between. With the best strength (\(board.setting("mixup")), where $s$ comes from a Beta($\\alpha$, $\\alpha$) distribution) \
      mixup \(board.saved("mixup")).
      """
  }

  private static func ensembleWords(_ findings: Findings, _ board: Scoreboard) -> String {
    guard let name = board.ensemble else { return "" }
    let moons = findings.moonChecks.flatMap { checks in
      findings.spread.flatMap { $0.dropLast().last }.map {
        " On the moons that part is \(fixed(100 * checks.startVariance[0], 1)) of \(fixed(100 * $0.variance, 1)). On the digits it was not measured."
      }
    }
    return """
      **Several nets.** \(capitalized(spelled(OwnDigits.ensemble))) bare nets learn the same digits from other initial weights, and their probabilities are averaged. The mean of \(spelled(OwnDigits.ensemble)) independent errors has a \
      fifth of their variance. But these nets share their digits, so only the part of the variance that comes from the initial weights and the order of the batches is divided by \(spelled(OwnDigits.ensemble)).\(moons ?? "") \
      The \(name) \(board.saved(name)), at \(spelled(OwnDigits.ensemble)) times the cost.
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
    let all = [(sizes[0], others[0].rate), (50, bare.rate), (sizes[1], others[1].rate)]
    let rates = all.map { "\(short(Double($0.1 ?? 0))) for \(short($0.0))" }
    let ratios = all.map { short(1000 * Double($0.1 ?? 0) / $0.0, digits: 2) }
    let text = """
      **Other batches.** The mean gradient of $B$ digits differs from that of all digits by noise of variance $\\sigma^2/B$. So a step of rate $\\eta$ adds noise of variance $\\eta^2\\sigma^2/B$ to the weights. \
      A unit of training time (rate times steps) has $1/\\eta$ steps, so the noise grows like $\\eta/B$. The best rates are \(listed(rates)) digits, so $1000\\,\\eta/B$ is \(listed(ratios)): the smaller the batch, the more noise. With as many epochs, \(others[0].name) \(board.saved(others[0].name, isPlural: true)), and \
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
          "So steps are not all that they lacked. \(board.losses(others[2].name))The noise of small batches is the likely regularizer.",
        withinChance: "So what they lacked was mostly steps, and this comparison shows no gain from the noise itself.")
  }

  private static func spelled(_ count: Int) -> String { count == 5 ? "five" : "\(count)" }
}

extension Scoreboard {
  func has(_ name: String) -> Bool { entries.contains { $0.name == name } }
  /// The strength that was chosen, as it is written.
  fileprivate func setting(_ name: String) -> String { entries[index(name)].setting }
  /// The name of the mean of several nets, if it was measured.
  var ensemble: String? { entries.first { $0.kind == .ensemble }?.name }

  /// `saves 0.9 ± 0.4 points`, with the interval that decides.
  fileprivate func saved(_ name: String, isPlural: Bool = false) -> String {
    let gain = gain(name)
    let chance = gain.count < 3 ? "" : " ± \(fixed(gain.uncertainty(among: comparisons), 1))"
    let verb = (gain.mean < 0 ? "cost" : "save") + (isPlural ? "" : "s")
    let points = "\(verb) \(fixed(abs(gain.mean), 1))\(chance) points"
    return switch verdict(index(name)) {
    case .helps, .hurts: points
    case .undecided:
      "\(points), \(isClear(gain, beyond: 0, among: comparisons) ? "less than the half point that we ask for" : "which may be chance")"
    }
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
