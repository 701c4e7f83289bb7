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
    func percent(_ value: Double) -> String { "\(fixed(value, 1)) %" }
    var text = """
      Read the figure from left to right. Without a penalty the net knows its own points (\(percent(training)) errors) and not \
      the rule (\(percent(test.mean)) on new ones).
      """
    guard curve.training[last] > training, least < last else { return text }
    text += " As λ grows, the training error rises, because the net gives single points up."
    if curve.test[least] < test.mean, curve.test[last] > curve.test[least] {
      text += """
         The test error with L2 first falls, to \(percent(curve.test[least])) at λ = \(short(curve.lambdas[least])). Then it rises \
        again, because the penalty begins to cost the shape of the moons itself.
        """
    }
    if let guessing = curves[1].test.last, guessing > 40 {
      text += """
         L1 of \(short(curves[1].lambdas.last ?? 0)) has pulled nearly all weights next to 0, and the net guesses (\(percent(guessing))). There the gap \
        between the two errors is nearly gone. So a small gap is not the goal; a small test error is.
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
  static func addAnswer(to page: inout Page, _ moons: MoonBoard) {
    let comparisons = moons.entries.count - 1
    page.prose(
      """
      ## Every regularizer on the moons

      A penalty is not the only regularizer. We can also end the training early, train with *dropout* (chapter 6: in each \
      step a random share of the hidden units is switched off), or with *max-norm* (whenever the incoming weights of a unit have a norm above a limit, they \
      are scaled down to it). We can add fresh noise to the points in every step, or take fewer units. We try each at several strengths, and keep the strength with the fewest \
      errors on 1000 *validation* points, which are used for nothing else. Twice as many points is no regularizer, but shows what more data would do.
      """)
    page.figure(Charts.moonBoard(moons))
    page.project(
      moons.helping.isEmpty
        ? "Which regularizer helps on the moons?"
        : "On the moons \(moons.helping.count) of \(moons.restraints.count) regularizers help",
      notes: "How far is it from the best net to the best rule?")
    page.prose(answerWords(moons))
    if let noise = moons.helping.first(where: { $0.name == "noise on the points" }) {
      page.prose(
        """
        Why does noise help? With noise of variance $\\sigma^2$ on a point $x$, the squared error of an output $f$ is on average about $(f(x) - y)^2 + \\sigma^2 \\|\\partial f/\\partial x\\|^2$ (for small \
        $\\sigma$ and a nearly straight $f$; Bishop 1995). So noise is a penalty, too, on outputs that change steeply near the points. The best strength here, \(noise.setting), is close to the blur of the moons \
        themselves, \(short(Double(Moon.noise))).
        """)
    }
    addTheory(to: &page, moons)
    page.fold("How each is trained, and each regularizer's strength, errors and loss") {
      $0.prose(
        """
        Two hidden layers of 64 ReLU units with He's initialization, \(moons.epochs) epochs of batches of 20 points, gradient descent with a constant rate of \(short(moons.rate)) and a \
        momentum of \(short(moons.momentum)). Rate, batch and epochs are the same for all (with twice the points half of the epochs, so that the steps are as many).
        """)
      $0.table(
        Table(
          "Means over \(counted(moons.seeds, "seed")): errors in % on a net's own points and on new ones, the loss on its own, and the points saved ± half of the interval, which is widened for \(comparisons) comparisons at once (\(fixed(100 - 5 / Double(comparisons), 1)) %)",
          columns: [
            "regularizer", .init("own errors", digits: 1), .init("own loss", digits: 2), .init("new errors", digits: 1),
            "saved",
          ],
          rows: moons.entries.enumerated().map { place, entry in
            let gain = moons.gain(entry)
            let setting = entry.setting + (entry.isAtAnEnd ? ", an end of those tried" : "")
            return [
              TableCell(entry.name + (setting.isEmpty ? "" : " (\(setting))")), TableCell(entry.trainingErrors.mean),
              TableCell(entry.trainingLosses.mean), TableCell(entry.testErrors.mean),
              .text(
                place == 0
                  ? "–"
                  : "\(fixed(gain.mean, 1))\(gain.count < 3 ? "" : " ± \(fixed(gain.uncertainty(among: comparisons), 1))")"
              ),
            ]
          }))
    }
  }

  /// The answer in sentences.
  static func answerWords(_ moons: MoonBoard) -> String {
    let (helping, comparisons) = (moons.helping, moons.entries.count - 1)
    guard let best = helping.first else {
      return "With \(counted(moons.seeds, "seed")) no regularizer lowers the error by more than chance."
    }
    func points(_ entry: MoonBoard.Entry) -> String { fixed(moons.gain(entry).mean, 1) }
    let others = moons.restraints.filter { entry in !helping.contains { $0.name == entry.name } }
    let gap = moons.bare.testErrors.mean - 100 * Moon.leastError
    var text = """
      So \(helping.count) of \(moons.restraints.count) regularizers lower the \(fixed(moons.bare.testErrors.mean, 1)) % by more than chance: \
      \(listed(helping.map { "\($0.name) by \(points($0))" })) points.\
      \(others.isEmpty ? "" : " No gain beyond chance: \(listed(others.map(\.name))).") \
      The best of them, \(best.name), ends at \(fixed(best.testErrors.mean, 1)) %. That closes \(percent(moons.gain(best).mean / gap)) of the gap to the best rule.
      """
    let rivals = helping.dropFirst().filter { entry in
      (entry.testErrors - best.testErrors).direction(beyond: 0, among: comparisons) == .withinChance
    }
    if !rivals.isEmpty {
      text +=
        " But \(counted(moons.seeds, "seed")) cannot tell \(listed([best.name] + rivals.map(\.name))) apart."
    }
    if let more = moons.entry(MoonBoard.morePoints) {
      text += " For comparison, twice the points save \(points(more)) points."
    }
    let losses = (moons.bare.trainingLosses.mean, helping.map(\.trainingLosses.mean).min() ?? 0)
    if losses.1 > losses.0 {
      text +=
        " All regularizers that help leave a larger loss on the net's own points (\(fixed(losses.1, 2)) or more, against \(fixed(losses.0, 2))): here a worse fit does go with a better guess."
    }
    return text
  }

  /// Whether stopping is nearly L2, as the theory says.
  private static func addTheory(to page: inout Page, _ moons: MoonBoard) {
    guard let stop = StopCurve(moons) else { return }
    let l2 = moons.entry("L2")
    let gap = stop.entry.testErrors - (l2?.testErrors ?? stop.entry.testErrors)
    page.prose(
      """
      Is stopping nearly L2, as figure 4 says? We can test the formula $\\lambda = 1/(\\eta t)$. An epoch has two steps, and the rate is \
      \(short(moons.rate)). The momentum of \(short(moons.momentum)) (each step is \(short(moons.momentum)) times the step before plus the new gradient step) adds up to about \
      \(fixed(1 / (1 - moons.momentum), 0)) times the rate, so $\\eta$ is about \(short(stop.rate)). Therefore a net that is stopped after $t$ steps should make as many errors as \
      a net with L2 of $1/(\\eta t)$:
      """)
    page.figure(Charts.stopping(stop, beside: StrengthCurves.Curve(l2, on: moons), moons))
    page.project("Is stopping nearly L2? Put both on one axis", notes: "Stopping after t steps stands at 1/(ηt).")
    page.prose(
      """
      In order of magnitude it is: the best stop, after \(fixed(stop.bestSteps, 0)) steps, stands at \
      \(short(stop.best, digits: 2)), and the best λ of L2 is \(short(stop.lambda, digits: 2)), which is a factor of \(fixed(stop.factor, factorDigits(stop.factor))). \
      \(gap.worded(
        above: "At their best, stopping makes \(fixed(gap.mean, 1)) points more errors\(gap.intervalNote()).",
        below: "At their best, stopping makes \(fixed(-gap.mean, 1)) points fewer errors\(gap.magnitude.intervalNote()).",
        withinChance: "At their best, chance cannot tell the two apart (\(gap.interval()) points between them).")) \
      More cannot be expected. First, the derivation starts from weights of 0, but a net starts from random weights. So stopping holds it near *those*, and L2 holds it near 0. \
      Second, the loss of a net is no simple bowl.
      """)
  }

  private static func factorDigits(_ factor: Double) -> Int { factor < 10 ? 1 : 0 }
}

/// Early stopping as L2: the errors at the λ that the theory gives.
struct StopCurve {
  var entry: MoonBoard.Entry
  /// The rate with the momentum in it.
  var rate: Double
  /// 1/(ηt) of each trial.
  var lambdas: [Double]
  /// How many steps the best has, what λ that is, and the best λ of L2.
  var bestSteps: Double
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
    (self.entry, self.rate, self.lambda, bestSteps) = (entry, rate, lambda, best)
    lambdas = all.map { 1 / (rate * $0) }
    self.best = 1 / (rate * best)
  }
}
