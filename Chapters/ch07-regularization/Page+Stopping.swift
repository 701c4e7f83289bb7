// The section of chapter 7 about stopping in time.

import Foundation
import Workbook

extension Regularization {
  /// Wrong labels learned by heart.
  static func addStopping(to page: inout Page, _ findings: Findings) {
    let (data, stopping) = (findings.data, findings.stopping)
    let learned = stopping.learned
    page.prose(
      """
      ## Stop in time

      \(oneKnob(findings))*Early stopping* looks at examples of the *validation* set. Training ends when their error has not fallen for some epochs; \
      their number is called the *patience*. Then **the net goes back to the weights of its best epoch**.

      It should help most where labels are wrong. We replace \(percent(Double(StoppingExperiment.wrongLabels))) of the labels of \(findings.trainingCount) \
      digits (\(data)), and a net with one hidden layer learns them for many epochs at a constant rate, which is too large for this job (the table below has tuned ones).
      """)
    let byHeart =
      learned.mean == 0
      ? "all of them"
      : learned.mean < 0.05 ? "nearly all of them" : learned.mean < 0.3 ? "most of them" : "far from all of them"
    page.predict(
      "40 % of the labels are wrong. In the last epoch, what share of the training set, wrong labels included, does the net still miss?",
      choices: ["about 60 %", "about 40 %", "about 20 %", "less than 10 %"],
      answer: learned.mean < 0.1 ? 3 : learned.mean < 0.3 ? 2 : learned.mean < 0.5 ? 1 : 0,
      "It misses \(fixed(100 * learned.mean, 1)) %. So it has learned \(byHeart) by heart, right labels and wrong ones."
    )
    page.project("40 % of the labels are wrong: can they be learned?")
    page.figure(Charts.stopping(stopping, digits: data))
    page.project(stopping.title, notes: "Which labels has the net learned at the best epoch, and which at the end?")
    if !stopping.order.isEmpty { page.prose(stopping.order) }
    addOwnRates(to: &page, findings)
    page.fold("In Python, and how this net is trained") {
      $0.prose(stopScript)
      let words = lossWords(findings)
      if !words.isEmpty { $0.prose(words) }
      $0.prose(
        """
        784 inputs, 128 ReLU units with He's initialization, 10 outputs; plain gradient descent, batches of 20 digits, \(stopping.noisy[0].epochs) epochs, in the figure a learning rate of 0.05.\(labelRateWords(findings))
        """)
    }
  }

  private static let stopScript = """
    ```python
    best, wait = float("inf"), 0
    for epoch in range(epochs):
        train(net, training_set)
        err = error(net, validation_set)
        if err < best:
            best, wait = err, 0
            keep = copy.deepcopy(net.state_dict())
        else:
            wait += 1
            if wait == patience: break
    net.load_state_dict(keep)       # back to the best epoch
    ```
    """

  /// That the epoch and the rate are one knob, where the net at its own best rate gains nothing by stopping; empty else.
  private static func oneKnob(_ findings: Findings) -> String {
    guard let saved = findings.tunedLabels?.saved(.stopped), saved.direction(beyond: 0.5) == .withinChance else {
      return ""
    }
    return
      "**To stop at the right epoch and to tune the learning rate both set how far a net gets. Here stopping saved nothing beyond chance once the rate was tuned.** "
  }

  /// Wrong labels, each training at its own best rate.
  private static func addOwnRates(to page: inout Page, _ findings: Findings) {
    guard let jobs = findings.labelRates, let first = jobs.first, let words = tunedWords(findings) else { return }
    page.prose(
      "Now each training gets its own best rate. In the rows “to the end” it falls to 0; where training stops early it is constant."
    )
    let rows: [(name: String, kind: LabelRates.Kind)] = [
      ("to the end", .falling), ("stopped early", .stopped), ("L2, to the end", .l2),
    ]
    page.table(
      Table(
        "Test errors in % with wrong labels, and points saved, ± 95 % interval (\(counted(first.ways[0].errors.count, "seed")))",
        columns: ["training"]
          + jobs.flatMap { job in
            [Table.Column("\(percent(job.share)) wrong", digits: 1), .init("saved")]
          },
        rows: rows.map { row in
          [TableCell(row.name)]
            + jobs.flatMap { job -> [TableCell] in
              let saved = job.saved(row.kind) ?? Summary([])
              return [
                TableCell(job.way(row.kind)?.errors.mean ?? .nan),
                row.kind == .falling ? "–" : TableCell(interval(saved)),
              ]
            }
        }))
    page.prose(words)
  }

  /// How the trainings at their own rates are trained.
  private static func labelRateWords(_ findings: Findings) -> String {
    guard let first = findings.labelRates?.first else { return "" }
    return " In the table \(first.choosing) seeds chose rates and λ on validation digits."
  }

  /// What stopping and L2 save where each has its own rate.
  private static func tunedWords(_ findings: Findings) -> String? {
    guard let job = findings.tunedLabels, let stopped = job.saved(.stopped), let l2 = job.saved(.l2) else { return nil }
    let price = l2.worded(
      beyond: 0.5, above: "L2 saves \(fixed(l2.mean, 1)) points.", below: "L2 costs \(fixed(-l2.mean, 1)) points.",
      withinChance: "L2 saves nothing either.")
    let missed = job.way(.falling)?.missed
    let isNothing = stopped.direction(beyond: 0.5) == .withinChance
    return """
      **Against the net at its own best rate stopping saves \
      \(stopped.worded(beyond: 0.5, above: "\(fixed(stopped.mean, 1)) points.", below: "nothing: it costs \(fixed(-stopped.mean, 1)).", withinChance: "nothing beyond chance.")) \(price)** \
      \(missed.map { $0 > 100 * job.share - 5 ? "A small rate does the same as stopping: trained to the end at its best rate, this net still misses \(fixed($0, 0)) % of its labels." : "" } ?? "")\
      \(isNothing && l2.direction(beyond: 0.5) == .above ? " Stopping does not replace L2." : "")
      """
  }

  /// That a rising loss is no rising error, where it was kept and rose; empty else.
  private static func lossWords(_ findings: Findings) -> String {
    let clean = findings.stopping.clean
    let losses = clean.compactMap(\.testLoss)
    let rise = Summary(losses.map { ($0.last ?? 0) / ($0.min() ?? 1) - 1 })
    let errors = Summary(clean.map { 100 * (($0.test.last ?? 0) - ($0.test.min() ?? 0)) })
    guard losses.count == clean.count, rise.direction(beyond: 0.05) == .above, errors.mean < 0.5 else { return "" }
    return
      "Watch the validation *error* if errors count: with right labels the *loss* on new digits rises again, but the error does not. The net becomes surer of its wrong answers without making more of them (chapter 8)."
  }
}

extension StoppingExperiment {
  /// Where the curves of the figure, those of the first seed, have their best epoch.
  fileprivate var title: String {
    let curve = noisy[0]
    let best = curve.stop(patience: curve.epochs).best
    return 2 * best <= curve.epochs
      ? "With wrong labels the best epoch comes early" : "With wrong labels the best epoch comes late"
  }

  /// `After epoch 3 …`: which labels are learned first, as far as it was measured.
  fileprivate var order: String {
    let place = min(3, noisy[0].epochs) - 1
    let missed = noisy.compactMap { curve -> (right: Double, wrong: Double)? in
      guard let right = curve.missedRight, let wrong = curve.missedWrong, wrong.count > place else { return nil }
      return (right[place], wrong[place])
    }
    guard missed.count == noisy.count else { return "" }
    let (right, wrong) = (Summary(missed.map { 1 - $0.right }), Summary(missed.map { 1 - $0.wrong }))
    let isOrdered = isClear(right - wrong, beyond: 0.1) && right.mean > wrong.mean
    return """
      After epoch \(place + 1) the net has learned \(percent(right.mean)) of the right labels and \(percent(wrong.mean)) of the \
      wrong ones\(isOrdered ? ". **What the digits have in common is learned first.** Wrong labels have nothing in common, so each must be learned by heart" : "").
      """
  }
}
