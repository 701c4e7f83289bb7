// The page of chapter 7, from its findings alone.

import Foundation
import Workbook

extension Regularization {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    // Text and figures are those of the recorded run, which has more seeds; the claims are this run's.
    let told = recorded.map(\.findings).flatMap { $0.data == findings.data ? $0 : nil } ?? findings
    var page = page(
      lead: """
        A network with more weights than examples can fit all of them and still get new ones wrong: it *overfits*. Methods against this \
        are called *regularization*, and each of them a *regularizer*. Their aim is *generalization*: few errors on data never seen. Which of \
        them help, and why?
        """)
    let isRecorded = recorded != nil && recorded?.findings.data == findings.data
    // The moons: why. Least squares: how many weights. Digits: which.
    addQuestion(to: &page, told, isRecorded: isRecorded)
    addPenalties(to: &page, told)
    addDescent(to: &page, told)
    addStopping(to: &page, told)
    addAugmentation(to: &page, told)
    addScoreboard(to: &page, told)
    page.reportsRecord = isRecorded
    // A run measures none of these anew: one from before they were recorded is judged by them as well.
    var judged = findings
    if findings.ownRates != nil {
      judged.ownDigits = findings.ownDigits ?? told.ownDigits
      judged.later = findings.later ?? told.later
    }
    claims(judged).forEach { page.claim($0) }
    page.fold("What S4 lists besides, and what it has wrong") { page in
      addOthers(to: &page, told)
      addErratum(to: &page)
    }
    addEnding(to: &page, told)
    return page
  }

  /// What the chapter comes to, as far as the findings go.
  static func lessons(_ findings: Findings) -> [String] {
    let (board, descent, selection) = (findings.shown, findings.descent, findings.inputs)
    let (change, data) = (board.strongest(.augmentation), board.gain(Restraint.moreData))
    let onMoons =
      findings.moons.flatMap { moons in moons.entry("L2").map { moons.gain($0) } } ?? findings.sweep.gain(0)
    let onDigits = board.gain("L2")
    let isSure = board.verdict(board.index("L2")) == .helps
    let took = [(onMoons, "moons", true), (onDigits, "digits", isSure)]
      .filter { $0.2 && $0.0.direction(beyond: 0.5) == .above }
      .map { "\(fixed($0.0.mean, 1)) points off on the \($0.1)" }
    let doubt = board.doubtful.contains("L2") ? "; its \(fixed(onDigits.mean, 1)) on the digits may be chance" : ""
    // At the edge of chance is not in the takeaway.
    let unchanged = board.helping.filter {
      board.entries[$0].kind.isSingle && board.entries[$0].kind != .augmentation
    }
    let sure = unchanged.filter { !board.isAtTheEdge($0) }.map { spoken(board.entries[$0].name) } + board.ensembleLesson
    let nothing = "Nothing else helped \(unchanged.isEmpty ? "by more than chance" : "clearly")."
    let errors = descent.testErrors(descent.bare)
    let ridge = descent.testErrors(descent.ridge)
    let isMended =
      isClear(errors[descent.peak] - ridge[descent.peak])
      && ridge[descent.peak].mean < errors[descent.bestNarrow].mean
    let hurting = board.entries.indices.filter { board.verdict($0) == .hurts && board.entries[$0].kind.isSingle }.map {
      spoken(board.entries[$0].name)
    }
    return [
      """
      Get more data first, real or made: on \(grouped(findings.boardDigits)) digits \(spoken(change.name)) took \(fixed(change.gain.mean, 1)) points off, twice the digits \(fixed(data.mean, 1)).\
      \(board.seeds < 3 ? "" : sure.isEmpty ? " " + nothing : " Besides, \(listed(sure)) helped by more than chance.")\
      \(hurting.isEmpty ? "" : " \(capitalized(listed(hurting))) made things worse.")
      """,
      """
      Then put a penalty on the weights: L2 took \(took.isEmpty ? "nothing off beyond chance" : took.joined(separator: " and "))\(doubt). \(board.togetherLesson)L1 \
      \(selection.nearZero(2).mean > 0.5 ? "drives most weights next to 0" : "drives weights towards 0").\(variance(findings.spread))
      """,
      stopLesson(findings),
      descent.lesson(isMended: isMended),
    ].filter { !$0.isEmpty }
  }

  /// How L2 helps, where its parts were measured.
  private static func variance(_ kinds: [MoonSpread]?) -> String {
    guard let kinds, kinds.count > 2 else { return "" }
    let (wide, price) = (kinds[kinds.count - 2], kinds[kinds.count - 1])
    guard wide.variance - price.variance > abs(wide.bias - price.bias) else { return "" }
    let added = 100 * (price.bias - wide.bias)
    return
      " On the moons L2 takes the variance from \(fixed(100 * wide.variance, 1)) to \(fixed(100 * price.variance, 1))\(added > 0 ? " and adds \(fixed(added, 1)) of bias²" : "")."
  }

  /// What stopping gains: with wrong labels, where classes overlap, and on digits with right labels.
  private static func stopLesson(_ findings: Findings) -> String {
    let (wrong, right) = (
      findings.stops.noisyLast - findings.stops.noisyEarly, findings.stops.cleanLast - findings.stops.cleanEarly
    )
    let onMoons = findings.moons.flatMap { moons in
      moons.helping.first { $0.name == "early stopping" }.map { moons.gain($0) }
    }
    let gains = [
      wrong.direction(beyond: 0.5) == .above
        ? "where training labels are wrong (\(fixed(wrong.mean, 1)) points saved, validation labels right)"
        : "",
      onMoons.map { "where classes overlap (\(fixed($0.mean, 1)) on the moons)" } ?? "",
    ].filter { !$0.isEmpty }
    guard !gains.isEmpty else {
      return "If you stop early, go back to the best weights."
    }
    return """
      Stop early \(gains.joined(separator: " or ")), and go back to the best weights.\
      \(right.direction(beyond: 0.5) == .above ? "" : " On digits with right labels, which hardly overlap, it gained nothing.")
      """
  }

  /// `L2, max-norm and dropout`.
  static func listed(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    page.callout(.takeaway, lessons(findings).map { "- \($0)" }.joined(separator: "\n"))
    page.slide(
      "Ask for data, change pictures, then penalize weights",
      """
      - More data first, real or made: change pictures so that the label survives.
      - L2 takes a share of every weight, L1 a fixed amount. Only L1 reaches 0, with a soft threshold.
      - Stop by a validation set, and go back to the best weights.
      - Measure every regularizer on your own data: one that helped elsewhere may do harm.
      """)
    page.exercises()
    page.furtherReading([
      "Tibshirani 1996, *Regression shrinkage and selection via the lasso*, Journal of the Royal Statistical Society B 58",
      "Ng 2004, *Feature selection, L1 vs. L2 regularization, and rotational invariance*, ICML",
      "Bishop 1995, *Training with noise is equivalent to Tikhonov regularization*, Neural Computation 7",
      "Prechelt 1998, *Early stopping: but when?*, doi:10.1007/3-540-49430-8_3",
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, section 4.1",
      "Cubuk et al. 2019, *AutoAugment*, arXiv:1805.09501: the list of operations",
      "Zeiler and Fergus 2013, *Stochastic pooling*, arXiv:1301.3557",
      "Zhang et al. 2017, *Understanding deep learning requires rethinking generalization*, arXiv:1611.03530: networks that learn random labels",
      "Belkin et al. 2019, *Reconciling modern machine learning practice and the bias-variance trade-off*, arXiv:1812.11118: double descent",
      "Loshchilov and Hutter 2019, *Decoupled weight decay regularization*, arXiv:1711.05101: AdamW",
      "Zhang et al. 2018, *mixup: Beyond empirical risk minimization*, arXiv:1710.09412",
      "Müller, Kornblith and Hinton 2019, *When does label smoothing help?*, arXiv:1906.02629",
      "Keskar et al. 2017, *On large-batch training for deep learning*, arXiv:1609.04836: what small batches do",
      "Lakshminarayanan et al. 2017, *Simple and scalable predictive uncertainty estimation using deep ensembles*, arXiv:1612.01474",
      "Nakkiran et al. 2020, *Optimal regularization can mitigate double descent*, arXiv:2003.01897",
      "Pascanu, Mikolov and Bengio 2013, *On the difficulty of training recurrent neural networks*, arXiv:1211.5063: clipping",
    ])
  }
}
