// The section of chapter 7 in which all regularizers meet, on digits and on photographs.

import Foundation
import Workbook

extension Regularization {
  /// The scoreboard: the job, the answer, and what it says of the page's title.
  static func addScoreboard(to page: inout Page, _ findings: Findings) {
    let (data, board) = (findings.data, findings.shown)
    addJob(to: &page, findings, board)
    let offered = ["L2", "dropout", "shift", Restraint.moreData]
    let best = offered.indices.max { board.gain(offered[$0]).mean < board.gain(offered[$1]).mean } ?? 0
    page.predict(
      "Which lowers the test error most?",
      choices: [
        "L2 on the weights", "dropout", "shifting each digit by up to 2 pixels",
        "learning from twice as many digits",
      ],
      answer: best, "The figure has all of them.\(board.moreThanTwice)")
    page.project("Which regularizer helps most?")
    page.figure(
      Charts.scoreboard(
        board, data: data, count: findings.boardDigits, drawsOwn: findings.ownDigits != nil))
    page.project(
      board.title,
      notes: "Many comparisons at once: only a wider interval that leaves out 0 is a finding.")
    let words = [
      board.isLedByChanges
        ? "**Changed pictures do most.** Real digits differ by shifts and small turns, so each changed picture could be a new digit. \(board.limitWords)"
        : "",
      board.togetherWords, board.fitWords, baselineWords(findings, board),
    ].filter { !$0.isEmpty }
    if !words.isEmpty { page.prose(words.joined(separator: "\n\n")) }
    addDetails(to: &page, findings)
    addPhotographs(to: &page, findings)
  }

  /// What the best rate of the bare net leaves of the gains; empty where it was not tried at others.
  private static func baselineWords(_ findings: Findings, _ board: Scoreboard) -> String {
    guard let before = findings.asChosen, before.rate != board.rate else { return "" }
    func helping(_ board: Scoreboard) -> Int { Charts.common(board).count { board.verdict($0) == .helps } }
    return """
      **Tune the baseline as carefully as what you compare with it.** Two seeds had given the bare net a learning rate of \(short(Double(before.rate))), and \(fixed(before.testError(0).mean, 1)) % errors. \
      Against that net \(helping(before)) of the \(Charts.common(board).count) would have seemed to help. All \(board.seeds) seeds chose \(short(Double(board.rate))) (\(fixed(board.testError(0).mean, 1)) %).\(findings.tuned == nil ? "" : " “May be chance” does not mean “does not help”: some still have rates that two seeds chose.")
      """
  }

  /// The job, and what meets in its figure.
  private static func addJob(to page: inout Page, _ findings: Findings, _ board: Scoreboard) {
    let own = Summary(board.entries[0].runs.map { 100 * $0.trainingError })
    page.prose(
      """
      ## Which regularizer helps?

      A *regularizer* is whatever is done in training to get fewer errors on new examples. All of them get the same job: \(grouped(findings.boardDigits)) digits to learn from (\(findings.data)), and a small convolutional net (chapter 9).\
      \(findings.ownDigits == nil ? "" : " Each of \(counted(board.seeds, "seed")) draws its own digits.") \
      The *bare* net, without a regularizer, gets \(fixed(board.testError(0).mean, 1)) % of new digits wrong\(own.mean < 0.1 ? ", although it knows its own digits by heart" : "").\
      \(board.steps != nil ? " **Each training has its own best learning rate, and its best strength where it has one**, chosen on validation digits. A change of pictures has one setting." : "")

      - *Shift*, *rotate*, *flip*: each picture is changed a little every time it is used. A flip mirrors half of them.
      - *L2*, *L1*: every weight has a price. *Max-norm*: the weights into a unit are scaled down whenever their norm is above a limit.
      - *Dropout*: a random share of the hidden units is switched off in each step (chapter 6).
      - *Label smoothing*: a small share of each label is spread over all classes. *Mixup*: two digits, and their labels, are added with weights $s$ and $1 - s$.
      - *Early stopping*: training ends when the validation error no longer falls.
      """)
  }

  /// Photographs, of which a mirror keeps the label.
  private static func addPhotographs(to page: inout Page, _ findings: Findings) {
    guard let board = findings.photographs else { return }
    page.prose(
      """
      ### And on photographs?

      The order depends on the pictures. We train the same net, with colours and twice the kernels, on \(grouped(board.count)) photographs of animals and vehicles (\(board.data)). \
      Without a regularizer it gets \(fixed(Summary(board.entries[0].testErrors).mean, 0)) % of new ones wrong.
      """)
    page.figure(Charts.photographs(board))
    page.project(board.title, notes: "Why do flips help here, and not on digits?")
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
        \(board.rates.count) rates or more; L2 has the best of two or three strengths, the others have one, which may not be their best. \(grouped(board.steps)) steps\(board.entries.contains { $0.name.hasSuffix(PhotographBoard.longer) } ? ", or 3 times as many; not tried so long: no regularizer, or L2 alone" : "").
        """,
      name: "photographs")
  }
}

extension PhotographBoard {
  func verdict(_ index: Int) -> Summary.Direction { gain(index).direction(beyond: 0.5, among: comparisons) }

  /// The training of the usual length that saves most, if it is more than chance.
  private var strongest: Int? {
    entries.indices.dropFirst().filter { verdict($0) == .above && !entries[$0].name.hasSuffix(Self.longer) }.max {
      gain($0).mean < gain($1).mean
    }
  }
  /// `flip, shift and L2`.
  private func parts(of index: Int) -> String {
    listed(entries[index].name.components(separatedBy: ", "))
  }

  /// What comes first, as a slide says it.
  fileprivate var title: String {
    strongest.map { "On photographs \(parts(of: $0)) save most" } ?? "And on photographs?"
  }

  /// What flips do, and how far the nets have come.
  fileprivate var words: String {
    let flips = entries.firstIndex { $0.name == "flip" }.map { place in
      switch verdict(place) {
      case .above: "**Flips, which hurt on digits, help here:** a mirrored cat is still a cat."
      case .below: "Flips hurt here, too."
      case .withinChance: "Flips, which hurt on digits, make no difference beyond chance here."
      }
    }
    let changed = "flip, shift"
    /// What one training saves beyond another, in points.
    func more(_ name: String, _ other: String) -> Summary? {
      guard let first = gain(name), let second = gain(other) else { return nil }
      return first - second
    }
    let price = more("\(changed), L2", changed).map {
      $0.worded(
        above: " L2 on top of flip and shift saves \(fixed($0.mean, 1)) points more\($0.intervalNote()).",
        below: " L2 on top of flip and shift costs \(fixed(-$0.mean, 1)) points.",
        withinChance: " L2 on top of flip and shift makes no difference beyond chance.")
    }
    let left = entries.first { $0.name == changed }.map { changed in
      let longer = more("flip, shift, L2, \(Self.longer)", "flip, shift, L2").map {
        $0.worded(
          above:
            " So train longer, too: with L2, three times as many steps save \(fixed($0.mean, 1)) points more\($0.intervalNote()).",
          below: " With L2 as well, three times as many steps cost \(fixed(-$0.mean, 1)) points.",
          withinChance: " With L2 as well, three times as many steps make no difference beyond chance.")
      }
      return changed.trainingError > 5
        ? " With flip and shift the net still gets \(fixed(changed.trainingError, 0)) % of its own photographs wrong: by the table of the first section it has both faults.\(longer ?? "")"
        : ""
    }
    return "\(flips ?? "")\(price ?? "")\(left ?? "")"
  }

  /// What changed photographs save, for the takeaway.
  var lesson: (best: String, flips: String) {
    let flip = entries.firstIndex { $0.name == "flip" }.flatMap { verdict($0) == .above ? gain($0).mean : nil }
    return (
      strongest.map {
        ", \(parts(of: $0)) \(fixed(gain($0).mean, 1)) on \(grouped(count)) photographs in \(grouped(steps)) steps"
      } ?? "",
      flip.map { " and saved \(fixed($0, 1)) on photographs" } ?? ""
    )
  }
}

extension Scoreboard {
  /// By how many points the best changed pictures save more than the best penalty on weights, seed by seed.
  private var leadOfChanges: Summary { strongest(.augmentation, alone: true).gain - strongest(.weights).gain }
  var isLedByChanges: Bool { seeds >= 3 && leadOfChanges.direction() == .above }

  /// That made digits save more than real ones, where they do.
  fileprivate var moreThanTwice: String {
    guard has("shift"), has(Restraint.moreData), seeds >= 3,
      isClear(gain("shift") - gain(Restraint.moreData), among: comparisons),
      gain("shift").mean > gain(Restraint.moreData).mean
    else { return "" }
    return " Shifts save more than doubling the number of digits does, in as many steps."
  }

  /// How limits on the weights and the mean of several nets compare with each other; empty where none helps.
  fileprivate var limitWords: String {
    let limits = helping.filter { entries[$0].kind == .weights }
    guard let first = limits.first else { return "" }
    let lead = limits.dropFirst().map { gain(first) - gain($0) }
    let names = listed(limits.map { entries[$0].name })
    let compared =
      lead.isEmpty
      ? "" : lead.allSatisfy { $0.direction() == .withinChance } ? " (no difference between them beyond chance)" : ""
    let mean =
      ensembleLesson.isEmpty
      ? "" : " The mean answer of \(OwnDigits.ensemble) nets helps as well, at \(OwnDigits.ensemble) times the cost."
    return "Limits on the weights help, too: \(names)\(compared).\(mean)"
  }

  /// Whether changed pictures or penalties on weights take more off the test error, the best of each, seed by seed.
  fileprivate var title: String {
    guard seeds >= 3 else { return "What each regularizer takes off the test error" }
    return leadOfChanges.worded(
      above: "Changed pictures help more than penalties on weights",
      below: "Penalties on weights help more than changed pictures",
      withinChance: "Neither changed pictures nor penalties are ahead")
  }

  func has(_ name: String) -> Bool { entries.contains { $0.name == name } }
  /// The mean of several nets, where it helps.
  var ensembleLesson: [String] {
    guard let name = entries.first(where: { $0.kind == .ensemble })?.name, verdict(index(name)) == .helps else {
      return []
    }
    return ["the \(name)"]
  }
}
