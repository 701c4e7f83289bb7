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
    addQuestion(to: &page, findings)
    addPenalties(to: &page, findings)
    addInputs(to: &page, findings)
    addStopping(to: &page, findings)
    addAugmentation(to: &page, findings)
    addPooling(to: &page, findings)
    addScoreboard(to: &page, findings)
    addExplosion(to: &page, findings)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, findings)
    return page
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings) {
    let board = findings.board
    let (bestChange, bestPrice) = (board.strongest(.augmentation), board.strongest(.weights))
    let hurting = board.entries.indices.filter { board.verdict($0) == .hurts }.map { board.entries[$0].name }
    page.callout(
      .takeaway,
      """
      Ask first for more data, and if there is none, for changes under which the label survives: the best of them, \
      \(spoken(bestChange.name)), \(change(bestChange.gain, "the test error")) here, the best price on weights, \(bestPrice.name), \(change(bestPrice.gain)). L2 keeps \
      all weights small; L1 brings \(percent(findings.nearZero.mean)) of them within 0.01 of 0, and with the soft threshold \
      \(percent(findings.zeros[3].mean)) to exactly 0 (two moons with inputs of noise). Set a validation set aside, stop on it, and put the \
      best weights back. Clip by norm where a gradient may explode. And measure each restraint\
      \(hurting.isEmpty ? "" : ": \(hurting.joined(separator: ", ")) made things worse on these digits").
      """)
    page.exercises()
    page.furtherReading([
      "Prechelt 1998, *Early stopping: but when?*, doi:10.1007/3-540-49430-8_3",
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, section 4.1",
      "Cubuk et al. 2019, *AutoAugment*, arXiv:1805.09501: the list of operations",
      "Zeiler and Fergus 2013, *Stochastic pooling*, arXiv:1301.3557",
      "Pascanu, Mikolov and Bengio 2013, *On the difficulty of training recurrent neural networks*, arXiv:1211.5063",
      "Zhang et al. 2017, *Understanding deep learning requires rethinking generalization*, arXiv:1611.03530: networks that learn random labels",
    ])
  }
}
