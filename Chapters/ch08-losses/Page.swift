// The page of chapter 8, from its findings alone.

import Foundation
import Workbook

extension Losses {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    let neuron = findings.neuron
    let told = recorded?.findings.nets
    // One run for all numbers of the five endings: the recorded one where it has counted steps with patience; else today's.
    let isRecorded = findings.nets.paces == nil && told?.paces != nil && told?.bare != nil
    let raced = isRecorded ? recorded?.findings ?? findings : findings
    let paces = raced.nets.paces
    var page = page(
      lead: """
        A loss turns an answer into one number, and its gradient into a push. Two losses can agree on which answer is \
        right and push differently.
        """)
    addQuestion(to: &page, neuron)
    addDerivation(to: &page, neuron)
    addCrossEntropy(to: &page, neuron)
    addWrongDerivative(to: &page, findings)
    addSoftmax(to: &page, findings.softmax)
    addSameNet(to: &page, raced, paces: paces ?? findings.nets.sprints, today: isRecorded ? findings : nil)
    addBadStarts(to: &page, findings)
    addCalibration(
      to: &page, findings, endings: findings.nets.endings ?? told?.endings, isRecorded: findings.nets.endings == nil)
    addTopK(to: &page, findings)
    page.fold("Errors found in the sources", addErrata)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, findings, lesson: raced.nets.lesson(paces: paces, stuck: findings.nets.stuck))
    return page
  }

  /// What the sources have wrong beside the wrong derivative.
  private static func addErrata(to page: inout Page) {
    page.callout(
      .erratum("S0"),
      """
      The source writes the second factor of the push as $\\hat{y} / z^l$: the two ∂ are missing. For the identity the quotient and \
      the derivative are the same; for a sigmoid the quotient has a pole at $z = 0$. Its next line has the right factor, $\\sigma'(z)$.
      """)
    page.callout(
      .erratum("S4"),
      """
      The source says that for classification the output layer has a sigmoid or tanh. A tanh answers between −1 and 1, which \
      is no probability, and has no logarithm where it is negative; a sigmoid is right for yes or no, or for several labels that \
      do not exclude each other. For one of many it is the softmax. Before 2000 tanh outputs with targets ±1 and squared error were \
      common.
      """)
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings, lesson: String) {
    page.callout(
      .takeaway,
      """
      - Choose the loss and the last activation together, so that the slope cancels: sigmoid with binary cross-entropy for \
      yes or no, softmax with cross-entropy for one of many. The push is then the error, $p - y$.
      \(lesson.isEmpty ? "" : "- \(lesson)\n")\
      - Hand the loss the logits, and let it shift them by their maximum.
      - A softmax's number is a probability only where it has been measured against new data.
      - Check every derivative against differences: a wrong one can train, and even faster at one rate.
      """)
    page.slide(
      "Choose loss and last activation together",
      """
      - Sigmoid with binary cross-entropy, softmax with cross-entropy: the slope cancels, and the push is the error, $p - y$.
      - Hand the loss the logits, and let it shift them by their maximum.
      - A softmax's number is a probability only where it was measured on new data.
      - Check every derivative against differences: a wrong one can train, too.
      """)
    page.exercises()
    page.furtherReading([
      "Nielsen 2015, *Neural Networks and Deep Learning*, chapter 3: the neuron that is badly wrong",
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*: plateaus of the squared error beside those of cross-entropy",
      "Bridle 1990, *Probabilistic interpretation of feedforward classification network outputs*: where softmax got its name",
      "Szegedy et al. 2016, arXiv:1512.00567, section 7: label smoothing",
      "Hui and Belkin 2021, arXiv:2006.07322: squared error on bare outputs holds its own on large benchmarks",
      "Lin et al. 2017, *Focal loss for dense object detection*, arXiv:1708.02002, section 4.1: outputs that begin at the share of a rare class",
      "Guo et al. 2017, *On calibration of modern neural networks*, arXiv:1706.04599",
      "Müller, Kornblith and Hinton 2019, *When does label smoothing help?*, arXiv:1906.02629",
      "S0: *Understanding and Improving Convolutional Neural Networks*, sections 3.2 and 4.2",
    ])
  }
}
