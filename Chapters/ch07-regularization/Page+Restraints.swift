// The section of chapter 7 in which all regularizers meet on digits.

import Foundation
import Workbook

extension Regularization {
  /// The scoreboard: the answer, then the reasons, then where it is another.
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
        board, data: data, count: findings.boardDigits, drawsOwn: findings.ownDigits != nil,
        tuned: findings.tuned?.map(\.name) ?? []))
    page.project(
      board.title,
      notes: "Many comparisons at once: only a wider interval that leaves out 0 is a finding.")
    page.prose(
      """
      \(board.isLedByChanges ? "**Changed pictures do most.** Real digits differ by shifts and small turns, so each changed picture could be a new digit. Then come limits on the weights." : "")\
      \(findings.photographs == nil ? " Photographs may have another order: a mirrored cat is still a cat." : "")

      \(board.togetherWords)
      """)
    if !board.fitWords.isEmpty { page.prose(board.fitWords) }
    addDigitParts(to: &page, findings)
    addPhotographs(to: &page, findings)
    addFlips(to: &page, findings)
  }

  /// How the board was made, and all of it, for a second reading.
  static func addDetails(to page: inout Page, _ findings: Findings) {
    let board = findings.shown
    page.prose("### Details")
    addTraining(to: &page, findings, board)
    addPython(to: &page)
    page.fold("All regularizers: errors and loss") { page in
      page.prose(
        """
        \(board.steps == nil ? "L2, L1 and max-norm were tuned, the others have one setting each" : "Each change of pictures has one setting"), so one that ends near 0 may be useful at another. \
        \(board.edge)\(board.chanceWords)Not measured: random erasing, CutMix, the mean of the weights of many steps, and a net trained on other data before.
        """)
      let ensemble = (findings.digitParts?.shareOfStarts ?? 0) > 0.5 ? ensembleWords(board) : ""
      if !ensemble.isEmpty { page.prose(ensemble) }
      addTable(to: &page, board, findings.adam ?? [])
    }
    addBatches(to: &page, board)
  }

  /// What a better rate of the bare net leaves of the gains, and which trainings kept the old one; empty where it was not
  /// tried.
  private static func baselineWords(_ findings: Findings, _ board: Scoreboard) -> String {
    guard let before = findings.asChosen, before.rate != board.rate else { return "" }
    func helping(_ board: Scoreboard) -> Int { board.helping.count { board.entries[$0].isSingle } }
    let kept = findings.unmoved
    let by = findings.tuned == nil ? "by the test errors of all" : "by the validation errors of all"
    return """


      **Tune the baseline as carefully as what you compare with it.** Two seeds had given the bare net a rate of \(short(Double(before.rate))), with \(fixed(before.testError(0).mean, 1)) % errors; \(by) \(board.seeds) seeds it is better at \(short(Double(board.rate))). \
      Against the first, \(helping(before)) regularizers would have seemed to help.\
      \(kept.isEmpty ? "" : " The old rate was kept by \(kept.count > 3 ? "\(kept.count) trainings" : listed(kept)); at a larger one they may save more, which was not measured.")
      """
  }

  /// Early stopping at a rate that does not fall, against that rate alone; empty where it was not measured.
  private static func stoppingWords(_ board: Scoreboard) -> String {
    guard board.has(TunedTraining.constantRate), board.has("early stopping") else { return "" }
    let (stopped, constant) = (board.gain("early stopping"), board.gain(TunedTraining.constantRate))
    let saved = stopped - constant
    return """


      With a rate that falls, early stopping would end before the fall. So it has a constant rate here. Against that rate without stopping it \
      \(saved.worded(beyond: 0.5, above: "saves \(fixed(saved.mean, 1)) points", below: "costs \(fixed(-saved.mean, 1)) points", withinChance: "makes no difference beyond chance")).
      """
  }

  /// The regularizers that have had no line of Python yet.
  private static func addPython(to page: inout Page) {
    page.fold("The others in PyTorch") {
      $0.prose(
        """
        ```python
        loss = nn.CrossEntropyLoss(label_smoothing=0.1)
        drop = nn.Dropout(0.25)             # behind a hidden layer's ReLU
        c = 1                               # max-norm of a dense layer, after each step
        with torch.no_grad():
            w = layer.weight
            w *= (c / w.norm(dim=1, keepdim=True)).clamp(max=1)
        # mixup, for each batch
        s = np.random.beta(0.2, 0.2)
        other = torch.randperm(len(x))
        out = net(s * x + (1 - s) * x[other])
        cost = s * loss(out, y) + (1 - s) * loss(out, y[other])
        ```
        """)
    }
  }

  /// Which digits suffer from flips, and why.
  private static func addFlips(to page: inout Page, _ findings: Findings) {
    let board = findings.sameDigits
    page.prose(
      """
      ### Why flips hurt

      Which digits suffer from flips?\(findings.ownDigits == nil ? "" : " (Here all nets learn the same digits.)")
      """)
    page.figure(Charts.flipped(board, data: findings.data))
    page.project(board.flipTitle, notes: "Which mirrored digit looks like another digit?")
    if !board.flipWords.isEmpty { page.prose(board.flipWords) }
    let control = [board.sparedWords, findings.mirror.map(mirrorWords) ?? ""].filter { !$0.isEmpty }
    if !control.isEmpty { page.fold("Digits that a mirror spares") { $0.prose(control.joined(separator: "\n\n")) } }
  }

  /// Where a mirror keeps the label.
  static func mirrorWords(_ mirror: MirrorFindings) -> String {
    "As a control we train on digits that stay themselves in a mirror: 0, 1 and 8 alone. "
      + mirror.gain.worded(
        above: "There flips help, by \(fixed(mirror.gain.mean, 1)) points.",
        below:
          "They hurt there as well, by \(fixed(-mirror.gain.mean, 1)) points: a mirrored 1 leans the other way, as no 1 of the test does.",
        withinChance:
          "There flips make no difference beyond chance: \(fixed(mirror.errors[0].mean, 1)) % errors without, \(fixed(mirror.errors[1].mean, 1)) % with (\(interval(mirror.gain)) saved)."
      )
  }

  /// The job, and what is new in its figure.
  private static func addJob(to page: inout Page, _ findings: Findings, _ board: Scoreboard) {
    let own = Summary(board.entries[0].runs.map { 100 * $0.trainingError })
    page.prose(
      """
      ## Which regularizer helps?

      Now all regularizers get the same job: \(grouped(findings.boardDigits)) digits to learn from (\(findings.data)), and a small convolutional net (chapter 9).\
      \(findings.ownDigits == nil ? "" : " Each of \(counted(board.seeds, "seed")) draws its own digits.") \
      \(board.steps != nil ? "**Each regularizer has its own best learning rate, and its best strength where it has one** (chosen on validation digits); a change of pictures has one setting. " : "")\
      Without a regularizer the net gets \(fixed(board.testError(0).mean, 1)) % of new digits wrong\(own.mean < 0.1 ? ", although it has learned its own digits by heart" : "").\
      \(board.has("label smoothing") && board.has("mixup") ? labelWords : "")
      """)
  }

  /// What label smoothing and mixup are.
  private static var labelWords: String {
    """


    Two are new. *Label smoothing* spreads the share $\\varepsilon$ of each label over all classes. \
    *Mixup* adds two digits with random weights, $s$ and $1 - s$, and their labels with the same weights (Zhang and others 2018).
    """
  }

  /// How each is trained, and at which rate the net without a regularizer: for a second reading.
  private static func addTraining(to page: inout Page, _ findings: Findings, _ board: Scoreboard) {
    let digits = findings.boardDigits
    page.fold("How each is trained, and how the baseline was tuned") { page in
      if let steps = board.steps {
        page.prose(
          """
          One convolution with 6 kernels of 5×5 that move by 2 pixels at a time, a max pooling, a dense layer of 48 ReLU units, 10 outputs. \(grouped(steps)) steps of 50 digits are \
          \(counted(max(1, steps * 50 / digits), "epoch")), with a momentum of 0.9. The learning rate falls to 0 like the first half of a cosine wave. Two seeds chose rates and strengths\(findings.ownDigits == nil ? "" : ", on one set of \(grouped(digits)) digits"). \
          \(findings.sameDigits.ratesTried)\(bareRates(findings)) L2, L1, max-norm, dropout, label smoothing and mixup have the best of several strengths\(board.atAnEnd.isEmpty ? "" : "; for \(board.atAnEnd.joined(separator: " and ")) that is an end of them, so there may be a better one beyond").

          “Half” changes half of the pictures. *Dropout* has only 48 units to drop from here. Early stopping has a patience of a fifth of the epochs\(board.has(TunedTraining.constantRate) ? " and a rate that stays as it is" : "; when it stops, the learning rate has not yet fallen to 0"). *Stochastic pooling* is in the fold on S4; “pooling to the expectation” draws nothing. Other batch sizes see each digit as often, in more or fewer steps.\
          \(baselineWords(findings, board))\(stoppingWords(board))
          """)
      } else {
        page.prose(
          """
          The same number of steps for all, and a learning rate that falls to 0 like the first half of a cosine wave. The rate and the strengths of L2, L1 and max-norm are \
          each chosen among five or more on \(board.tuning.map { $0.digits == findings.trainingCount } ?? true ? "\(grouped(findings.validationCount)) validation digits" : "validation digits, by the recorded full run, which learns from \(grouped(board.tuning?.digits ?? 0))")\
          \(board.atAnEnd.isEmpty ? "" : "; for \(board.atAnEnd.joined(separator: " and ")) the best is an end of those tried, so that there may be a better one beyond").\
          \(board.isRateAtAnEnd ? " The bare net may have a better rate beyond \(short(Double(board.rate))); part of every gain could be made up by it." : "")

          *Brightness* is AlexNet's random colour on grey pictures.
          """)
      }
      page.code("trainRestrained", in: "Restraints.swift")
    }
  }

  /// The bare net's errors at all rates that were tried with all seeds; empty where it was tried at one.
  private static func bareRates(_ findings: Findings) -> String {
    let nets = findings.bareNets
    guard nets.count > 1 else { return "" }
    let errors = nets.map { "\(fixed(100 * Summary($0.testErrors).mean, 1)) % at \(short(Double($0.rate)))" }
    let tail =
      findings.tuned.map { tuned in
        "and has the one with the fewest validation errors. So have \(listed(tuned.map(\.name).filter { !["nothing", TunedTraining.constantRate].contains($0) }))."
          + " The mean of several nets has a rate of \(short(Double(findings.shown.entries.first { $0.kind == .ensemble }?.rate ?? 0))). All others have the rate of the two seeds."
      }
      ?? "and has the best of them by these test errors, which can only favour it. All other bars have the rate of the two seeds."
    return
      " The bare net was trained with all seeds at \(spelled(nets.count)) rates (errors: \(listed(errors))), \(tail)"
  }

  private static func spelled(_ count: Int) -> String { count == 4 ? "four" : "\(count)" }

  /// Strengths, errors and losses of each.
  private static func addTable(to page: inout Page, _ board: Scoreboard, _ adam: [AdamTraining]) {
    let hasLosses = board.ownLoss(0) != nil
    let order = [0] + board.entries.indices.dropFirst().sorted { board.gain($0).mean > board.gain($1).mean }
    page.table(
      Table(
        "Each at its own best rate, \(counted(board.seeds, "seed")): errors in % on its own digits (unchanged, with nothing dropped) and on new ones, the loss on its own, and the points saved, ± 95 % interval",
        columns: ["training", .init("own errors", digits: 1)] + (hasLosses ? ["own loss"] : [])
          + [.init("new errors", digits: 1), "saved"],
        rows: order.map { index in
          let entry = board.entries[index]
          let gain = board.gain(index)
          return [
            TableCell(entry.name + (entry.setting.isEmpty ? "" : " (\(entry.setting))")),
            TableCell(board.ownError(index).mean),
          ]
            + (hasLosses
              ? [.text(board.ownLoss(index).map { $0.mean.isNaN ? "–" : short($0.mean, digits: 2) } ?? "–")] : []) + [
              TableCell(board.testError(index).mean),
              index == 0
                ? "–"
                : TableCell("\(fixed(gain.mean, 1))\(gain.count < 3 ? "" : " ± \(fixed(gain.uncertainty, 1))")"),
            ]
        }
          + adam.map { training in
            let errors = Summary(training.errors)
            return [TableCell(training.name + (training.setting.isEmpty ? "" : " (\(training.setting))")), "–"]
              + (hasLosses ? ["–"] : [])
              + [TableCell(errors.mean), TableCell(interval(board.testError(0) - errors))]
          }))
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
    return " Shifts save more here than twice as many real digits."
  }

  /// Whether changed pictures or penalties on weights take more off the test error, the best of each, seed by seed.
  fileprivate var title: String {
    guard seeds >= 3 else { return "What each regularizer takes off the test error" }
    return leadOfChanges.worded(
      above: "Changed pictures help more than penalties on weights",
      below: "Penalties on weights help more than changed pictures",
      withinChance: "Neither changed pictures nor penalties are ahead")
  }

  /// Which digits are missed more often with flips, as a slide says it.
  fileprivate var flipTitle: String {
    guard seeds >= 3 else { return "With flips: how many more of each digit are missed?" }
    let suffering = suffersFromFlips.sorted()
    return suffering.isEmpty
      ? "With flips no digit is missed more, beyond chance"
      : "With flips \(suffering.count > 5 ? "most digits" : Charts.listed(suffering)) are missed more often"
  }
}
