// The section of chapter 7 about stopping in time.

import Foundation
import Workbook

extension Regularization {
  /// Wrong labels learned by heart.
  static func addStopping(to page: inout Page, _ findings: Findings) {
    let (data, stopping) = (findings.data, findings.heldOut)
    let (learned, stopEpochs) = (stopping.learned, stopping.noisy[0].epochs)
    page.prose(
      """
      ## Stop in time

      The cheapest regularizer is to stop in time. Is it worth it? The third job should show it at its best: we replace \(percent(Double(StoppingExperiment.wrongLabels))) of the labels of \(findings.trainingCount) \
      digits (\(data)) by wrong ones. A net with one hidden layer then learns for many epochs, at a rate that is tuned only below.

      *Early stopping* looks at digits that are held out of training, the *validation* set. Training ends when their error has not fallen for some epochs; \
      their number is called the *patience*. Then **the net goes back to the weights of its best epoch**.
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
    let summary = stopWords(findings)
    let words = [stopping.order, summary.isEmpty ? stopping.price : ""].filter { !$0.isEmpty }
    if !words.isEmpty { page.prose(words.joined(separator: "\n\n")) }
    addOwnRates(to: &page, findings)
    if !summary.isEmpty { page.prose(summary) }
    page.fold("In Python, and what to watch") {
      $0.prose(stopScript)
      let words = validationWords(findings)
      if !words.isEmpty { $0.prose(words) }
    }
    if let moons = findings.moons { addTheory(to: &page, moons) }
    page.fold("How this net is trained") {
      $0.prose(
        """
        784 inputs, 128 ReLU units with He's initialization, 10 outputs. Plain gradient descent without momentum, with a learning rate of 0.05, batches of 20 digits and \(stopEpochs) epochs. \
        Means of \(counted(stopping.noisy.count, "seed")). The error on the validation digits decides when to stop, the test digits are only counted.\(labelRateWords(findings))
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

  /// Wrong labels, each training at its own best rate.
  private static func addOwnRates(to page: inout Page, _ findings: Findings) {
    guard let jobs = findings.labelRates, let first = jobs.first, findings.tunedLabels != nil else { return }
    page.prose(
      "Now each training gets its own best rate. To the end and with L2 the rate falls to 0; where training stops early it is constant."
    )
    let rows: [(name: String, kind: LabelRates.Kind)] = [
      ("to the end", .falling), ("stopped early", .stopped), ("L2, to the end", .l2),
    ]
    page.table(
      Table(
        "Test errors in % with wrong labels, and points saved, ± 95 % interval (\(counted(first.ways[0].errors.count, "seed"))); λ of L2: the best from \(short(Double(LabelRates.lambdas[0]))) to \(short(Double(LabelRates.lambdas[LabelRates.lambdas.count - 1])))",
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
  }

  /// How the trainings at their own rates are trained.
  private static func labelRateWords(_ findings: Findings) -> String {
    guard let jobs = findings.labelRates, let first = jobs.first else { return "" }
    func chosen(_ job: LabelRates) -> String {
      let rates = job.ways.map { way in
        short(Double(way.rate)) + (way.lambda > 0 ? " with λ = \(way.lambda)" : "")
      }
      return "\(percent(job.share)) wrong: \(rates.joined(separator: ", "))"
    }
    return """


      In the table each training has the rate (and λ) with the fewest validation errors of \(first.choosing) seeds: tried were rates of \(listed(LabelRates.firstRates.map { short(Double($0)) })), and on by steps of about 2 wherever an end was the best. \
      A falling rate falls like half a cosine wave. Chosen were, in the order of the rows, \(jobs.map(chosen).joined(separator: "; ")).
      """
  }

  /// What stopping and L2 save where each has its own rate.
  private static func tunedWords(_ findings: Findings) -> String? {
    guard let jobs = findings.labelRates, let job = findings.tunedLabels, let stopped = job.saved(.stopped),
      let l2 = job.saved(.l2)
    else { return nil }
    let untuned = findings.stops.noisyLast - findings.stops.noisyEarly
    let share = percent(job.share)
    func isNothing(_ job: LabelRates) -> Bool { job.saved(.stopped)?.direction(beyond: 0.5) == .withinChance }
    let price = l2.worded(
      beyond: 0.5, above: "L2 saves \(fixed(l2.mean, 1)).", below: "L2 costs \(fixed(-l2.mean, 1)).",
      withinChance: "L2 saves nothing either.")
    let onMoons = findings.tunedMoons.flatMap { moons in moons.entry("early stopping").map { moons.gain($0) } }
    let elsewhere = [
      onMoons.map { $0.direction(beyond: 0.5) == .withinChance ? "on the moons" : "" } ?? "",
      (findings.stops.cleanLast - findings.stops.cleanEarly).direction(beyond: 0.5) != .above
        ? "on digits with right labels" : "",
    ].filter { !$0.isEmpty }
    let missed = job.way(.falling)?.missed
    return """
      **With \(share) wrong labels stopping saves \(fixed(untuned.mean, 1)) points against the net of the figure. Against the same net at its own best rate it saves \
      \(stopped.worded(beyond: 0.5, above: "\(fixed(stopped.mean, 1)).", below: "nothing: it costs \(fixed(-stopped.mean, 1)).", withinChance: "nothing beyond chance.")) \(price)** \
      \(jobs.allSatisfy(isNothing) && !elsewhere.isEmpty ? "Stopping saves nothing \(listed(elsewhere)) either, nor did it in chapter 6, where a fifth of the labels was wrong. " : "")\
      \(missed.map { $0 > 100 * job.share - 5 ? "The reason: a small rate does the same as stopping. Trained to the end at its best rate, this net still misses \(fixed($0, 0)) % of its labels. " : "" } ?? "")\
      \(stopped.direction(beyond: 0.5) == .above ? "" : "\n\n**If the rate falls, train to its end** (to stop under a falling rate was not run). **If it is constant and you have no time to tune it, stop early.** ")\
      \(l2.direction(beyond: 0.5) == .above && stopped.direction(beyond: 0.5) == .withinChance ? "Stopping does not replace L2. (In chapter 6 L2 saved less with wrong labels; why is open. Stopping with L2 was not tried.)" : "")
      """
  }

  /// What stopping saves in all jobs, where it was measured in all; empty else.
  private static func stopWords(_ findings: Findings) -> String {
    if let words = tunedWords(findings) { return words }
    let (wrong, right) = (
      findings.stops.noisyLast - findings.stops.noisyEarly, findings.stops.cleanLast - findings.stops.cleanEarly
    )
    guard let moons = findings.moons, let overlap = moons.helping.first(where: { $0.name == "early stopping" }),
      wrong.direction(beyond: 0.5) == .above, right.direction(beyond: 0.5) != .above
    else { return "" }
    return """
      **So early stopping saves \(fixed(wrong.mean, 1)) points where labels are wrong, \(fixed(moons.gain(overlap).mean, 1)) on the moons, where classes overlap, and nothing on digits with right labels.** \
      A likely reason is that these digits hardly overlap.
      """
  }

  /// What wrong validation labels do to the gain, where that was measured; and that a rising loss is no rising error.
  private static func validationWords(_ findings: Findings) -> String {
    var text = ""
    if let checks = findings.digitChecks, checks.wronglyStopped.count == findings.stops.noisyLast.count {
      let saved = findings.stops.noisyLast - checks.wronglyStopped
      text = """
        In practice validation labels may be wrong, too. \
        With \(percent(Double(StoppingExperiment.wrongLabels))) of the validation labels wrong as well, stopping \
        \(saved.worded(beyond: 0.5, above: "still saves \(fixed(saved.mean, 1)) points", below: "costs \(fixed(-saved.mean, 1)) points", withinChance: "saves nothing beyond chance")).
        """
    }
    let clean = findings.heldOut.clean
    let losses = clean.compactMap(\.testLoss)
    let rise = Summary(losses.map { ($0.last ?? 0) / ($0.min() ?? 1) - 1 })
    let errors = Summary(clean.map { 100 * (($0.test.last ?? 0) - ($0.test.min() ?? 0)) })
    guard losses.count == clean.count, rise.direction(beyond: 0.05) == .above, errors.mean < 0.5 else { return text }
    return text
      + " Watch the validation *error* if errors count: with right labels the *loss* on new digits rises again, but the error does not: the net becomes surer of its wrong answers without making more of them (chapter 8)."
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

  /// What stopping does where all labels are right, in points, seed by seed.
  fileprivate var price: String {
    let cost = Self.stoppedError(clean) - Self.lastError(clean)
    return cost.worded(
      beyond: 0.5, above: "With right labels stopping costs \(fixed(cost.mean, 1)) points.",
      below: "With right labels, too, stopping gains: \(fixed(-cost.mean, 1)) points.",
      withinChance: "With right labels stopping gains nothing here."
    )
  }
}
