// The page of chapter 7, from its findings alone.

import Foundation
import Workbook

extension Regularization {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    var page = page(
      lead: """
        A network with more weights than examples can learn all of them by heart, the wrong ones too. This chapter takes the \
        restraints one by one: what each does to the weights, and whether it helps on data never seen.
        """)
    addPenalties(to: &page, findings)
    addInputs(to: &page, findings)
    addStopping(to: &page, findings)
    addAugmentation(to: &page, findings)
    addPooling(to: &page, findings)
    addScoreboard(to: &page, findings)
    addDescent(to: &page, findings)
    addClipping(to: &page, findings)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, findings)
    return page
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    let board = findings.board
    let (change, penalty) = (board.strongest(.augmentation), board.strongest(.weights))
    let hurting = board.entries.indices.filter { board.verdict($0) == .hurts }.map { board.entries[$0].name }
    page.callout(
      .takeaway,
      """
      Twice the digits took \(interval(board.gain(Restraint.moreData))) points off the test error, the best change of the \
      pictures (\(spoken(change.name))) \(interval(change.gain)), the best restraint on the weights (\(penalty.name)) \
      \(interval(penalty.gain)) (±: 95 % intervals). L2 keeps all weights small; L1 brings most of them next to 0, and with a soft threshold to exactly 0. Stop on a \
      validation set and put the best weights back. Measure each restraint\
      \(hurting.isEmpty ? "" : ": \(hurting.joined(separator: " and ")) made things worse on these digits, in this many steps").
      """)
    page.project("Ask for data, change pictures, then price weights")
    page.exercises()
    page.furtherReading([
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
