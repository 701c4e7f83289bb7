// The page of chapter 7, from its findings alone.

import Foundation
import Workbook

extension Regularization {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    var page = page(
      lead: """
        A network with more weights than examples can fit them without having found the rule, and then it errs on others: \
        it *overfits*. This chapter takes the restraints one by one: what each does, and whether it helps on data never seen. \
        Its title, and this first sentence, turn out to be too simple.
        """)
    addPenalties(to: &page, findings)
    // Strengths of L2 are next to each other in errors and far apart in weights: the run with more seeds is shown.
    let told = recorded?.findings
    let isRecorded = (told?.inputs.runs[0].count ?? 0) > findings.inputs.runs[0].count
    addInputs(to: &page, isRecorded ? told?.inputs ?? findings.inputs : findings.inputs, isRecorded: isRecorded)
    addStopping(to: &page, findings)
    addAugmentation(to: &page, findings)
    addPooling(to: &page, findings)
    addScoreboard(to: &page, findings)
    addDescent(to: &page, findings)
    addClipping(to: &page, findings)
    claims(findings).forEach { page.claim($0) }
    page.fold("What S4 has wrong") { addErratum(to: &$0) }
    addEnding(to: &page, findings)
    return page
  }

  /// What the chapter comes to, as far as the findings go.
  static func lessons(_ findings: Findings) -> [String] {
    let (board, descent, selection) = (findings.shown, findings.descent, findings.inputs)
    let (change, data) = (board.strongest(.augmentation), board.gain(Restraint.moreData))
    let (onMoons, onDigits) = (findings.sweep.gain(0), board.gain("L2"))
    let isSure = board.verdict(board.index("L2")) == .helps
    let took = [(onMoons, "moons", true), (onDigits, "digits", isSure)]
      .filter { $0.2 && $0.0.direction(beyond: 0.5) == .above }
      .map { "\(fixed($0.0.mean, 1)) points off on the \($0.1)" }
    let doubt = board.doubtful.contains("L2") ? "; its \(fixed(onDigits.mean, 1)) on the digits may be chance" : ""
    // At the edge of chance is not in the takeaway.
    let unchanged = board.helping.filter { ![.augmentation, .data].contains(board.entries[$0].kind) }
    let sure = unchanged.filter { !board.isAtTheEdge($0) }.map { spoken(board.entries[$0].name) }
    let nothing = "Nothing else helped \(unchanged.isEmpty ? "by more than chance" : "clearly")."
    let price = findings.stops.cleanEarly - findings.stops.cleanLast
    let errors = descent.testErrors(descent.bare)
    let ridge = descent.testErrors(descent.ridge)
    let isMended =
      isClear(errors[descent.peak] - ridge[descent.peak])
      && ridge[descent.peak].mean < errors[descent.bestNarrow].mean
    let hurting = board.entries.indices.filter { board.verdict($0) == .hurts }.map { spoken(board.entries[$0].name) }
    return [
      """
      More data first, true or made: \(spoken(change.name)) took \(fixed(change.gain.mean, 1)) points off the test error, doubling \
      the digits \(fixed(data.mean, 1))\(board.steps == nil ? "" : ", each at its own learning rate"). \
      \(board.seeds < 3 || !board.fitLesson.isEmpty ? "" : sure.isEmpty ? nothing : "Besides, \(listed(sure)) helped by more than chance.")
      """,
      board.fitLesson,
      """
      Then a price on the weights: L2 took \(took.isEmpty ? "nothing off beyond chance" : took.joined(separator: " and "))\(doubt). L1 \
      \(selection.nearZero(2).mean > 0.5 ? "drives most weights next to 0" : "drives weights towards 0"), and exactly to 0 only with \
      a soft threshold.
      """,
      """
      Stop on a validation set and put the best weights back\(price.direction(beyond: 0.5) == .below ? "" : "; on these digits, which hardly overlap, it gains nothing where labels are right").
      """,
      descent.lesson(isMended: isMended),
      hurting.isEmpty
        ? ""
        : "Measure each change: here \(hurting.joined(separator: " and ")) made things worse\(hurting.contains("flip") ? ". A mirrored 5 is no 5" : "").",
    ].filter { !$0.isEmpty }
  }

  /// `L2, max-norm and dropout`.
  private static func listed(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    page.callout(.takeaway, lessons(findings).map { "- \($0)" }.joined(separator: "\n"))
    page.slide(
      "Ask for data, change pictures, then price weights",
      """
      - More data first, true or made: pictures that are changed so that the label survives.
      - L2 takes a share of every weight, L1 an amount; only L1 ends at 0, with a soft threshold.
      - Stop by a validation set, and put the best weights back.
      - Keep what helps here by more than chance: a restraint that helped elsewhere may do harm.
      """)
    page.exercises()
    page.furtherReading([
      "Tibshirani 1996, *Regression shrinkage and selection via the lasso*, Journal of the Royal Statistical Society B 58",
      "Ng 2004, *Feature selection, L1 vs. L2 regularization, and rotational invariance*, ICML",
      "Prechelt 1998, *Early stopping: but when?*, doi:10.1007/3-540-49430-8_3",
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, section 4.1",
      "Cubuk et al. 2019, *AutoAugment*, arXiv:1805.09501: the list of operations",
      "Zeiler and Fergus 2013, *Stochastic pooling*, arXiv:1301.3557",
      "Zhang et al. 2017, *Understanding deep learning requires rethinking generalization*, arXiv:1611.03530: networks that learn random labels",
      "Belkin et al. 2019, *Reconciling modern machine learning practice and the bias-variance trade-off*, arXiv:1812.11118: double descent",
      "Loshchilov and Hutter 2019, *Decoupled weight decay regularization*, arXiv:1711.05101: AdamW",
      "Zhang et al. 2018, *mixup: Beyond empirical risk minimization*, arXiv:1710.09412",
      "Nakkiran et al. 2020, *Optimal regularization can mitigate double descent*, arXiv:2003.01897",
      "Pascanu, Mikolov and Bengio 2013, *On the difficulty of training recurrent neural networks*, arXiv:1211.5063: clipping",
    ])
  }
}
