// The answer to the chapter's question, and the errors of L1 and L2 by their strength.

import Foundation
import Workbook

/// The errors under L2 and L1 by their strength, from the run that has the most seeds.
struct StrengthCurves {
  struct Curve {
    var name: String
    var lambdas: [Double]
    /// In per cent: on a net's own points and on new ones, with half of the 95 % interval.
    var training: [Double]
    var test: [Double]
    var uncertainty: [Double]
    /// The place of the strength that errs least on validation points.
    var best: Int
    /// By how many points it lowers the test error.
    var gain: Summary
  }
  /// L2, L1.
  var curves: [Curve]
  var training: Double
  var test: Summary

  init(_ findings: Regularization.Findings) {
    if let moons = findings.moons, let l2 = moons.entry("L2"), let l1 = moons.entry("L1") {
      (training, test) = (moons.bare.trainingErrors.mean, moons.bare.testErrors)
      curves = [l2, l1].map { Curve($0, on: moons) }
      return
    }
    let sweep = findings.sweep
    (training, test) = (
      sweep.summaries(0, \.trainingError)[0].inPercent.mean, sweep.summaries(0, \.testError)[0].inPercent
    )
    curves = [0, 1].map { kind in
      let tested = sweep.summaries(kind, \.testError).dropFirst().map(\.inPercent)
      return Curve(
        name: ["L2", "L1"][kind], lambdas: sweep.lambdas.dropFirst().map { Double("\($0)") ?? .nan },
        training: sweep.summaries(kind, \.trainingError).dropFirst().map(\.inPercent.mean), test: tested.map(\.mean),
        uncertainty: tested.map { $0.count < 2 ? 0 : $0.uncertainty }, best: sweep.best(kind) - 1,
        gain: sweep.gain(kind))
    }
  }

  /// What the figure of the errors says from left to right, in sentences that the errors allow.
  var reading: String {
    let curve = curves[0]
    let (least, last) = (curve.best, curve.lambdas.count - 1)
    guard curve.training[last] > training, least < last else { return "" }
    var text = "As λ grows, the training error rises, because the net gives single points up."
    if curve.test[least] < test.mean, curve.test[last] > curve.test[least] {
      text += """
         The test error with L2 first falls, then rises again, because the penalty begins to cost the shape of the moons itself.
        """
    }
    if let guessing = curves[1].test.last, guessing > 40 {
      text += """
         With the strongest L1 the net only guesses. There the gap between the two errors is nearly gone: **a small gap is not the goal; a small test error is.**
        """
    }
    return text
  }
}

extension StrengthCurves.Curve {
  /// A penalty of a board.
  init(_ entry: MoonBoard.Entry?, on moons: MoonBoard) {
    let entry = entry ?? moons.bare
    self.init(
      name: entry.name, lambdas: entry.trials.map { Double($0.setting.dropFirst(4)) ?? .nan },
      training: entry.trials.map(\.trainingError), test: entry.trials.map(\.testError),
      uncertainty: entry.trials.map(\.uncertainty),
      best: entry.trials.firstIndex { $0.setting == entry.setting } ?? 0, gain: moons.gain(entry))
  }
}

extension Regularization {
  /// The moons under every regularizer.
  static func addAnswer(to page: inout Page, _ moons: MoonBoard, _ findings: Findings) {
    let tuned = findings.tunedMoons
    page.prose(
      """
      ## Every regularizer on the moons

      There are other regularizers:

      - *early stopping*: end the training early;
      - *dropout*: in each step switch off a random share of the hidden units (chapter 6);
      - *max-norm*: scale the incoming weights of a unit down whenever their norm is above a limit;
      - fresh noise on the points in every step; fewer units.

      Each has the strength with the fewest errors on validation points. Twice the points show what more data would do.
      """)
    let judged = tuned ?? moons
    page.figure(Charts.moonBoard(moons, tuned: tuned))
    page.project(
      judged.helping.isEmpty
        ? "Which regularizer helps on the moons?"
        : "On the moons \(judged.helping.count) of \(judged.restraints.count) regularizers help",
      notes: "How far is it from the best net to the best rule?")
    let isNoisy = judged.helping.contains { $0.name == "noise on the points" }
    page.prose(
      (tuned.map { tunedWords(moons, $0, findings.moonRates?.entries[0].own) } ?? answerWords(moons))
        + (isNoisy
          ? " Noise has an advantage: the points themselves are blurred in this way, so a shaken point is nearly a new one."
          : ""))
    page.fold("How each is trained, its errors and loss\(isNoisy ? ", and why noise is a penalty" : "")") {
      if isNoisy {
        $0.prose(
          """
          With noise of variance $\\sigma^2$ on a point $x$, the squared error of an output $f$ is on average about $(f(x) - y)^2 + \\sigma^2 \\|\\partial f/\\partial x\\|^2$ (for small \
          $\\sigma$ and a nearly straight $f$; Bishop 1995). So noise is a penalty, too: on outputs that change steeply near the points.
          """)
      }
      $0.prose(
        """
        Two hidden layers of 64 ReLU units with He's initialization, \(moons.epochs) epochs of batches of 20 points, gradient descent with a constant rate of \(short(moons.rate)) and a \
        momentum of \(short(moons.momentum)) (with twice the points half of the epochs, so that the steps are as many).\(findings.moonRates?.choiceWords ?? "")
        """)
      $0.table(
        Table(
          "The moons at this rate, means over \(counted(moons.seeds, "seed")): errors in % on a net's own points and on new ones, and the loss on its own\(tuned == nil ? "" : "; last, new errors at its own rate and strength")",
          columns: [
            "regularizer", .init("own errors", digits: 1), .init("own loss", digits: 2), .init("new errors", digits: 1),
          ] + (tuned == nil ? [] : [.init("at own rate", digits: 1)]),
          rows: moons.entries.map { entry in
            let setting = entry.setting + (entry.isAtAnEnd ? ", an end of those tried" : "")
            return [
              TableCell(entry.name + (setting.isEmpty ? "" : " (\(setting))")), TableCell(entry.trainingErrors.mean),
              TableCell(entry.trainingLosses.mean), TableCell(entry.testErrors.mean),
            ] + (tuned.map { [TableCell($0.entry(entry.name)?.testErrors.mean ?? .nan)] } ?? [])
          }))
    }
  }

  /// Why more than an interval of 95 % is asked where many are compared; the whiskers stay what they are.
  static func addManyAtOnce(to page: inout Page, _ findings: Findings) {
    let moons = findings.moons.map { $0.entries.count - 1 }
    let count = moons ?? findings.shown.comparisons
    func level(_ count: Int) -> String { fixed(100 - 5 / Double(count), 1) }
    let levels =
      moons.map {
        "\(level($0)) % for the \($0) trainings on the moons, and \(findings.shown.level) % for the \(findings.shown.comparisons) on the digits"
      }
      ?? "\(findings.shown.level) % for the \(count) trainings on the digits"
    page.prose(
      """
      Compare \(count) trainings with the net without a regularizer. Even if none of them changed anything, one whisker or more would leave out 0 in about \
      \(fixed(100 * (1 - pow(0.95, Double(count))), 0)) % of such experiments ($1 - 0.95^{\(count)}$, if the comparisons were independent). \
      So 0 has to stay outside a wider interval: that of \(levels).
      """)
  }

  /// The answer where each training has its own rate, and what one rate for all would have said.
  private static func tunedWords(_ moons: MoonBoard, _ tuned: MoonBoard, _ own: Double?) -> String {
    let (helping, all) = (tuned.helping, tuned.restraints.count)
    let slower = moons.bare.testErrors - tuned.bare.testErrors
    let stop = tuned.entry("early stopping").map { tuned.gain($0) }
    return """
      With the rate of figure 1 for all, \(short(moons.rate)), \(moons.helping.count) of \(all) regularizers help. But the net without a regularizer has a better rate: \
      at \(short(tuned.rate)) it makes \(fixed(tuned.bare.testErrors.mean, 1)) % errors\(isClear(slower) ? " instead of \(fixed(moons.bare.testErrors.mean, 1))" : ""). \
      **Against that net \(helping.isEmpty ? "none helps" : "\(helping.count) of \(all) \(helping.count == 1 ? "helps" : "help"): \(listed(helping.map(\.name)))").**\
      \(own.map { " A rate as small as that is early stopping by another name: in as many epochs the net still gets \(fixed($0, 1)) % of its own points wrong." } ?? "")\
      \(stop.map { $0.worded(above: "", below: "", withinChance: " So stopping saves nothing more.") } ?? "")
      """
  }

  /// The answer in sentences.
  static func answerWords(_ moons: MoonBoard) -> String {
    let helping = moons.helping
    guard let best = helping.first else {
      return "With \(counted(moons.seeds, "seed")) no regularizer lowers the error by more than chance."
    }
    let others = moons.restraints.filter { entry in !helping.contains { $0.name == entry.name } }
    let gap = moons.bare.testErrors.mean - 100 * Moon.leastError
    let comparisons = moons.entries.count - 1
    let leads = helping.dropFirst().map { entry in (entry.name, entry.testErrors - best.testErrors) }
    func isSettled(_ lead: Summary) -> Bool { lead.direction(beyond: 0, among: comparisons) == .above }
    let (close, far) = (leads.filter { !isSettled($0.1) }, leads.filter { isSettled($0.1) })
    return """
      **The best of them, \(best.name), closes \(percent(moons.gain(best).mean / gap)) of the gap to the best rule.**\
      \(close.isEmpty ? "" : " But \(counted(moons.seeds, "seed")) cannot tell it from \(far.isEmpty ? "any other that helps" : "\(close.count) of the other \(leads.count) that help").")\
      \(others.isEmpty ? "" : " Not shown to help: \(listed(others.map(\.name))).")
      """
  }

  /// Whether stopping is nearly L2, as the theory says: for a second reading.
  static func addTheory(to page: inout Page, _ moons: MoonBoard) {
    guard let stop = StopCurve(moons) else { return }
    page.fold("Why early stopping is nearly L2") {
      $0.prose(
        """
        In the bowl $\\frac{1}{2}h(w - w_0)^2$ each step of rate $\\eta$ leaves the share $1 - \\eta h$ of the way to $w_0$. So $t$ steps from 0 \
        arrive at $w_0 \\cdot (1 - (1 - \\eta h)^t)$. Where $h$ is small, that is about $w_0 \\cdot t\\eta h$, and L2 arrives at about \
        $w_0 \\cdot h/\\lambda$. The two are equal if $\\lambda = 1/(\\eta t)$: few steps act like a strong penalty (Goodfellow and others 2016, sections 7.1 and 7.8).
        """)
      $0.prose(
        """
        On the moons an epoch has two steps. The rate is \(short(moons.rate)), and a momentum of \(short(moons.momentum)) adds it up to about \(fixed(1 / (1 - moons.momentum), 0)) times as much, so $\\eta$ is about \(short(stop.rate)). \
        With this η the best stop lies within a factor of \(fixed(stop.factor, stop.factor < 10 ? 1 : 0)) of the best λ of L2.

        More cannot be expected: a net starts from random weights, so stopping holds it near *those*, L2 near 0, and its loss is no simple bowl.
        """)
    }
  }
}

/// Early stopping as L2: the errors at the λ that the theory gives.
struct StopCurve {
  var entry: MoonBoard.Entry
  /// The rate with the momentum in it.
  var rate: Double
  /// 1/(ηt) of each trial.
  var lambdas: [Double]
  /// What λ the best stop is, and the best λ of L2.
  var best: Double
  var lambda: Double

  /// How many times one is as large as the other.
  var factor: Double { max(best / lambda, lambda / best) }

  init?(_ moons: MoonBoard) {
    guard let entry = moons.entry("early stopping"), let l2 = moons.entry("L2"),
      let lambda = Double(l2.setting.dropFirst(4))
    else { return nil }
    let rate = moons.rate / (1 - moons.momentum)
    /// Two batches in an epoch.
    func steps(_ setting: String) -> Double? {
      setting.split(separator: " ").last.flatMap { Double($0) }.map { 2 * $0 }
    }
    let all = entry.trials.compactMap { steps($0.setting) }
    guard all.count == entry.trials.count, let best = steps(entry.setting) else { return nil }
    (self.entry, self.rate, self.lambda) = (entry, rate, lambda)
    lambdas = all.map { 1 / (rate * $0) }
    self.best = 1 / (rate * best)
  }
}
