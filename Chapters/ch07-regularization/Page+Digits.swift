// Chapter 7: whether the reason found on the moons holds for the convolutional net, and a few regularizers on photographs.

import Foundation
import Workbook

extension Regularization {
  /// Bias and variance on the digits.
  static func addDigitParts(to page: inout Page, _ findings: Findings) {
    guard let parts = findings.digitParts else { return }
    page.prose(
      """
      ### Why do they help on digits?

      Bias and variance can be measured here as well, as sums over the ten numbers of an answer. (A digit has one right label, so the unavoidable part is nearly 0.) \
      Nets that learn the same digits still differ by what is random in training: initial weights, the order of the digits, masks, shifts. So part of the variance is by the training alone.
      """)
    page.table(
      Table(
        "The parts of the squared error on new digits, times 100: \(parts.starts) nets on each of \(parts.draws) sets of digits.\(parts.precision)",
        columns: [
          "training", .init("bias²", digits: 1), .init("variance", digits: 1), .init("by training alone", digits: 1),
          .init("sum", digits: 1),
        ],
        rows: parts.entries.sorted { $0.error < $1.error }.map {
          [
            TableCell($0.name + ($0.setting.isEmpty ? "" : " (\($0.setting))")), TableCell($0.bias),
            TableCell($0.variance), TableCell($0.ofStarts), TableCell($0.error),
          ]
        }))
    page.prose(parts.words(onMoons: shareOfStartsOnMoons(findings)))
  }

  /// Photographs, of which a mirror keeps the label.
  static func addPhotographs(to page: inout Page, _ findings: Findings) {
    guard let board = findings.photographs else { return }
    page.prose(
      """
      ### And on photographs?

      A mirrored cat is still a cat. So we train the same net, with colours and twice the kernels, on \(grouped(board.count)) photographs of animals and vehicles (\(board.data), from JPEG copies). \
      Without a regularizer it gets \(fixed(Summary(board.entries[0].testErrors).mean, 1)) % of new ones wrong.
      """)
    page.figure(Charts.photographs(board))
    page.prose(board.words)
  }
}

extension Charts {
  /// What some regularizers take off the test error on photographs.
  static func photographs(_ board: PhotographBoard) -> Figure {
    let order = board.entries.indices.dropFirst().sorted { board.gain($0).mean > board.gain($1).mean }
    let helping = order.filter { board.verdict($0) == .above }
    return Figure(
      "On photographs \(helping.count) of \(order.count) trainings with a regularizer save more than chance",
      .bars(
        BarChart(
          categories: order.map {
            "\(board.entries[$0].name)\(board.entries[$0].setting.isEmpty ? "" : " (\(board.entries[$0].setting))")"
          }, y: Axis("points of test error saved, ± 95 % interval"),
          [
            .init(
              "points saved", order.map { rounded(board.gain($0).mean, decimals: 1) },
              deviation: order.map { board.gain($0).count < 2 ? 0 : board.gain($0).uncertainty }, color: 2)
          ])),
      caption: """
        Mean of \(counted(board.entries[0].testErrors.count, "seed")), each with its own photographs; \(grouped(board.testCount)) new ones. Each has the best of \
        \(board.rates.count) rates or more, L2 of two strengths. \(grouped(board.steps)) steps.
        """,
      name: "photographs")
  }
}

extension PhotographBoard {
  func verdict(_ index: Int) -> Summary.Direction { gain(index).direction(beyond: 0.5, among: comparisons) }

  /// What flips do, and which training is the best.
  fileprivate var words: String {
    let flips = entries.firstIndex { $0.name == "flip" }.map { place in
      switch verdict(place) {
      case .above: "**Flips, which hurt on digits, save \(fixed(gain(place).mean, 1)) points here.** "
      case .below: "Flips hurt here, too. "
      case .withinChance: "Flips, which hurt on digits, make no difference beyond chance here. "
      }
    }
    let left = strongest.map { entries[$0] }.flatMap { best in
      best.trainingError > 5
        ? " After these \(grouped(steps)) steps the net with \(spoken(best.name)) still gets \(fixed(best.trainingError, 0)) % of its own photographs wrong. A longer training may change the order."
        : nil
    }
    return """
      \(flips ?? "")So the order depends on the pictures: measure it on yours.\(left ?? "")
      """
  }

  /// The training that saves most, if it is more than chance.
  private var strongest: Int? {
    entries.indices.dropFirst().filter { verdict($0) == .above }.max { gain($0).mean < gain($1).mean }
  }

  /// What changed photographs save, for the takeaway.
  var lesson: (best: String, flips: String) {
    let flip = entries.firstIndex { $0.name == "flip" }.flatMap { verdict($0) == .above ? gain($0).mean : nil }
    return (
      strongest.map {
        ", \(spoken(entries[$0].name)) \(fixed(gain($0).mean, 1)) on photographs, in \(grouped(steps)) steps"
      } ?? "",
      flip.map { " and saved \(fixed($0, 1)) on photographs" } ?? ""
    )
  }
}

extension DigitParts {
  private func variance(_ entry: Entry) -> Summary.Direction {
    let change = entry.variance - bare.variance
    return abs(change) <= entry.uncertainties[1] ? .withinChance : change > 0 ? .above : .below
  }
  private func bias(_ entry: Entry) -> Summary.Direction {
    let change = entry.bias - bare.bias
    return abs(change) <= entry.uncertainties[0] ? .withinChance : change > 0 ? .above : .below
  }
  /// How well the differences from the net without a regularizer are known.
  fileprivate var precision: String {
    func widest(_ place: Int) -> String {
      fixed(entries.dropFirst().map { place < $0.uncertainties.count ? $0.uncertainties[place] : 0 }.max() ?? 0, 1)
    }
    guard draws > 2 else { return "" }
    return
      " Differences from “nothing” are known to ± \(widest(0)) (bias²), ± \(widest(1)) (variance) and ± \(widest(2)) (sum) or better, widened for all comparisons"
  }
  private func isBetter(_ entry: Entry) -> Bool { bare.error - entry.error > entry.uncertainties[2] }

  /// Which share of the bare net's variance is by its initial weights.
  var shareOfStarts: Double { bare.ofStarts / bare.variance }

  /// Those that lower the squared error by more than chance, and whether all of them lower the variance by more than they add
  /// bias.
  var better: [Entry] { entries.dropFirst().filter(isBetter) }
  var helpsThroughVariance: Bool { draws > 2 && !better.isEmpty && better.allSatisfy { variance($0) == .below } }

  /// What the table says, in sentences that hold for it.
  ///
  /// - Parameter share: that of the initial weights in the moons' variance, where it was measured.
  fileprivate func words(onMoons share: Double?) -> String {
    func listed(_ entries: [Entry]) -> String { Regularization.listed(entries.map { spoken($0.name) }) }
    let others = entries.dropFirst().filter { !isBetter($0) }
    let (less, rest) = (better.filter { variance($0) == .below }, better.filter { variance($0) != .below })
    let lessBias = better.filter { bias($0) == .below }
    var sentences: [String] = []
    sentences.append(
      bare.variance > bare.bias
        ? "\(bare.variance > 2 * bare.bias ? "Most" : "About half") of the bare net's error is variance, and \(percent(shareOfStarts)) of that is by the training alone\(share.map { " (on the moons, measured in the same way, \(percent($0)))" } ?? "")."
        : "Here most of the bare net's error is bias, so the moons were not like the digits in this.")
    if !less.isEmpty {
      let isByStarts = less.allSatisfy { bare.ofStarts - $0.ofStarts > abs(bare.ofDigits - $0.ofDigits) }
      sentences.append(
        "**\(capitalized(listed(less))) \(less.count == 1 ? "lowers" : "lower") the variance\(isByStarts ? ", mostly this part" : "").**"
      )
      if isByStarts, let share, share < 0.5 {
        sentences.append(
          "So these make nets agree more that were trained twice on the *same* digits."
        )
      }
    }
    if !rest.isEmpty {
      sentences.append("\(capitalized(listed(rest))) \(rest.count == 1 ? "helps" : "help") without less variance.")
    }
    if !lessBias.isEmpty {
      let even = lessBias.filter { $0.variance < bare.variance && bare.bias - $0.bias >= bare.variance - $0.variance }
      sentences.append(
        "\(capitalized(listed(lessBias))) \(lessBias.count == 1 ? "lowers" : "lower") the bias as well\(even.isEmpty ? "" : ", \(listed(even)) as much as the variance or more")."
      )
    }
    for entry in others {
      let name = capitalized(spoken(entry.name))
      switch (bias(entry), variance(entry)) {
      case (.above, .above): sentences.append("\(name) adds both.")
      case (.above, .below): sentences.append("\(name) lowers the variance, but adds as much bias or more.")
      case (.above, .withinChance): sentences.append("\(name) adds bias.")
      case (_, .above): sentences.append("\(name) adds variance.")
      default: sentences.append("\(name) lowers the sum by no more than chance.")
      }
    }
    return sentences.joined(separator: " ")
  }
}
