// The page of chapter 7, from its findings alone.

import Foundation
import Workbook

extension Regularization {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // Text and figures are those of the recorded run, which has more seeds; the claims are this run's.
    let told = recorded.map(\.findings).flatMap { $0.data == findings.data ? $0 : nil } ?? findings
    var page = page(lead: lead(told))
    let isRecorded = recorded != nil && recorded?.findings.data == findings.data
    // Does it overfit? Then what helps, how each works, and why.
    addDiagnosis(to: &page, told, isRecorded: isRecorded)
    addScoreboard(to: &page, told)
    addAugmentation(to: &page, told)
    addPenalties(to: &page, told)
    addStopping(to: &page, told)
    addWhy(to: &page, told)
    addDescent(to: &page, told)
    page.reportsRecord = isRecorded
    // A run measures none of these anew: one from before they were recorded is judged by them as well.
    var judged = findings
    if findings.ownRates != nil {
      judged.ownDigits = findings.ownDigits ?? told.ownDigits
      judged.later = findings.later ?? told.later
      judged.bareRates = findings.bareRates ?? told.bareRates
      judged.tuned = findings.tuned ?? told.tuned
      judged.digitParts = findings.digitParts ?? told.digitParts
      judged.photographs = findings.photographs ?? told.photographs
    }
    judged.labelRates = findings.labelRates ?? told.labelRates
    claims(judged).forEach { page.claim($0) }
    addLessons(to: &page, told)
    page.fold("What S4 lists besides, and what it has wrong") { page in
      addCatalogue(to: &page, told)
      addErratum(to: &page)
    }
    page.callout(
      .note,
      """
      **Without Swift:** write exercises 7.1 and 7.6 in NumPy. `torch.autograd.grad` and `nn.utils.clip_grad_norm_` check them.
      """)
    addEnding(to: &page)
    return page
  }

  /// The question, and how much there is to win; not by what, which the page asks first.
  private static func lead(_ findings: Findings) -> String {
    let board = findings.shown
    let best = board.helping.first { board.entries[$0].isSingle }
    let share = best.map { percent(board.gain($0).mean / board.testError(0).mean) }
    let common = Charts.common(board)
    let idle = common.contains { board.verdict($0) == .undecided } ? ", others nothing beyond chance" : ""
    let flips =
      board.verdict(board.index("flip")) == .hurts
      ? findings.photographs?.gain("flip")?.worded(
        above: ", and one that helps on photographs does harm", below: ", and one does harm",
        withinChance: ", and one does harm") ?? ""
      : ""
    return """
      A net with more weights than examples can fit them all and still get new ones wrong: it *overfits*. What helps?\
      \(share.map { " On the same digits the best single regularizer takes \($0) of the errors away\(idle)\(flips)." } ?? "")
      """
  }

  /// What the chapter comes to, as far as the findings go.
  static func lessons(_ findings: Findings) -> [String] {
    let board = findings.shown
    let change = board.strongest(.augmentation)
    let onDigits = board.gain("L2")
    let digits = board.steps == nil ? "" : " with \(grouped(findings.boardDigits)) digits"
    // At the edge of chance is not in the takeaway.
    let common = Charts.common(board)
    let unchanged = board.helping.filter { common.contains($0) && board.entries[$0].kind != .augmentation }
    let sure = unchanged.filter { !board.isAtTheEdge($0) }.map { spoken(board.entries[$0].name) } + board.ensembleLesson
    let others = board.seeds < 3 ? [] : sure.filter { $0 != "L2" }
    let hurting = board.entries.indices.filter {
      board.verdict($0) == .hurts && board.entries[$0].kind == .augmentation
    }.map {
      "\(spoken(board.entries[$0].name)) cost \(fixed(-board.gain($0).mean, 1)) points"
    }
    let price =
      board.verdict(board.index("L2")) == .helps && onDigits.direction(beyond: 0.5) == .above
      ? "L2 took \(fixed(onDigits.mean, 1)) points off\(digits)."
      : "What L2 does on the digits may be chance."
    let photographs = findings.photographs?.lesson
    return [
      "**Training error low, validation error much higher:** the net overfits.",
      """
      **Then get more data, real or made.** \(capitalized(spoken(change.name))) took \(fixed(change.gain.mean, 1)) points off the error\(digits)\(photographs?.best ?? ""). \
      A change must keep the label readable\(hurting.isEmpty ? "" : ": \(listed(hurting)) on digits\(photographs?.flips ?? "")").
      """,
      """
      **Then limit the size of the weights, not their number**, with a λ chosen on validation data. \(price)\
      \(others.isEmpty ? "" : " These helped, too: \(listed(others)).")\(narrowLesson(findings))
      """,
      stopLesson(findings),
    ].filter { !$0.isEmpty }
  }

  /// What half the width costs; empty where it was not measured or may be chance.
  private static func narrowLesson(_ findings: Findings) -> String {
    guard let net = findings.widths?.first(where: { $0.width == 0.5 }) else { return "" }
    let lost = Summary(net.testErrors) - findings.shown.testError(0)
    return lost.direction(beyond: 0.5) == .above
      ? " Half as many kernels and units cost \(fixed(lost.mean, 1)) points\(savedByWidth(findings).map { ", twice as many saved \(fixed($0.mean, 1))" } ?? "")."
      : ""
  }

  /// What stopping gains over a net at its own best rate, where that was measured.
  private static func stopLesson(_ findings: Findings) -> String {
    guard let tuned = findings.tunedLabels, let saved = tuned.saved(.stopped), let price = tuned.saved(.l2) else {
      return "**If you stop early, go back to the best weights.**"
    }
    let share = percent(tuned.share)
    return """
      **Tune the learning rate of the net without a regularizer as well.** \
      \(saved.worded(beyond: 0.5, above: "Where \(share) of the labels were wrong, stopping early still saved \(fixed(saved.mean, 1)) points.", below: "Stopping early then cost points.", withinChance: "Where \(share) of the labels were wrong, stopping early then saved nothing beyond chance\(price.direction(beyond: 0.5) == .above ? "; L2 saved \(fixed(price.mean, 1)) points" : "").") as String)
      """
  }

  /// What to try first, and the takeaway.
  static func addLessons(to page: inout Page, _ findings: Findings) {
    addFirstTries(to: &page, findings)
    page.callout(.takeaway, lessons(findings).map { "- \($0)" }.joined(separator: "\n"))
    page.slide(
      "Ask for data, change pictures, then penalize weights",
      """
      - More data first, real or made: change pictures so that the label survives.
      - L2 takes a share of every weight, L1 a fixed amount. Only L1 reaches 0, with a soft threshold.
      - Choose rate and λ on validation data, also for the net without a regularizer.
      - Measure every regularizer on your own data: one that helped elsewhere may do harm.
      """)
  }

  /// Exercises, further reading.
  static func addEnding(to page: inout Page) {
    page.exercises()
    page.furtherReading([
      "Tibshirani 1996, *Regression shrinkage and selection via the lasso*, Journal of the Royal Statistical Society B 58",
      "Ng 2004, *Feature selection, L1 vs. L2 regularization, and rotational invariance*, ICML",
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, section 4.1",
      "Zeiler and Fergus 2013, *Stochastic pooling*, arXiv:1301.3557",
      "Zhang et al. 2017, *Understanding deep learning requires rethinking generalization*, arXiv:1611.03530",
      "Belkin et al. 2019, *Reconciling modern machine learning practice and the bias-variance trade-off*, arXiv:1812.11118: double descent",
      "Loshchilov and Hutter 2019, *Decoupled weight decay regularization*, arXiv:1711.05101: AdamW",
      "Zhang et al. 2018, *mixup: Beyond empirical risk minimization*, arXiv:1710.09412",
      "Pascanu, Mikolov and Bengio 2013, *On the difficulty of training recurrent neural networks*, arXiv:1211.5063: clipping",
    ])
  }
}
