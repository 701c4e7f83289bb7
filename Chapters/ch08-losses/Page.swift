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
        Squared error hardly moves a sigmoid that is badly wrong; cross-entropy moves it with the whole error.\(raced.nets.leadOfRaces(paces))
        """)
    addQuestion(to: &page, neuron)
    addDerivation(to: &page, neuron)
    addCrossEntropy(to: &page, neuron)
    // What hangs on long trainings is told from the record where the run just made has none.
    addSoftmax(
      to: &page, findings.softmax,
      doubled: (raced.nets.doubled.map { raced.nets.costOfDoubled($0) + (isRecorded ? " (Recorded run.)" : "") }) ?? "")
    addOutliers(to: &page, findings.outliers)
    addSameNet(to: &page, raced, paces: paces ?? findings.nets.sprints, today: isRecorded ? findings : nil)
    addWrongDerivative(to: &page, findings, raced: raced)
    // One run for all numbers of this section, too: the recorded one where it has everything.
    let isToldRecorded = findings.nets.endings == nil && told?.endings != nil && told?.calibration.crossed != nil
    addCalibration(to: &page, isToldRecorded ? recorded?.findings ?? findings : findings)
    addTopK(to: &page, raced.nets.young[1])
    page.reportsRecord = isRecorded
    claims(findings).forEach { page.claim($0) }
    addEnding(
      to: &page, findings, lesson: raced.nets.lesson(paces: paces), bestOutputs: raced.nets.softmaxLesson)
    return page
  }

  /// What the sources have wrong.
  private static func addErrata(to page: inout Page) {
    page.callout(
      .erratum("S0"),
      """
      S0 compares several LeNet-5s in a table, and its program has the wrong derivative of *A wrong derivative that helped*. So the first row of the source's table, *LeNet-5: tanh, sigmoid, MSE* (mean squared error), if it \
      comes from that program, was not trained with the squared error whose slowness its section 3.2 explains, but with a relative of the cross-entropy that its section 4.2 \
      recommends. Chapter 10 trains LeNet-5 both ways.
      """)
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
  static func addEnding(
    to page: inout Page, _ findings: Findings, lesson: String, bestOutputs: String
  ) {
    page.callout(
      .takeaway,
      """
      - Choose loss and last activation together, so that the gradient is the error. `BCEWithLogitsLoss` for yes or no, `CrossEntropyLoss` for one of many.
      \(lesson.isEmpty ? "" : "- \(lesson)\n")\
      \(bestOutputs.isEmpty ? "" : "- \(bestOutputs)\n")\
      - Before you trust a softmax's probability, test it on new data.
      - Check every derivative against differences: a net can train with a wrong one.
      """)
    page.slide(
      "Choose loss and last activation together",
      """
      - Sigmoid with binary cross-entropy, softmax with cross-entropy: the slope cancels, and the gradient is the error, $p - y$.
      - Give the loss the logits, and let it subtract their maximum.
      - Trust a softmax's probability only after measuring it on new data.
      - Check every derivative against differences: a net can train with a wrong one, too.
      """)
    page.fold("Errors found in the sources", addErrata)
    page.exercises()
    page.furtherReading([
      "Nielsen 2015, *Neural Networks and Deep Learning*, chapter 3: the neuron that is badly wrong",
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*: plateaus of the squared error beside those of cross-entropy",
      "Bridle 1990, *Probabilistic interpretation of feedforward classification network outputs*: where softmax got its name",
      "Szegedy et al. 2016, arXiv:1512.00567, section 7: label smoothing",
      "Hui and Belkin 2021, arXiv:2006.07322: squared error on bare outputs holds its own on large benchmarks",
      "Lin et al. 2017, *Focal loss for dense object detection*, arXiv:1708.02002, section 4.1: outputs that begin at the share of a rare class",
      "Wightman, Touvron and Jégou 2021, *ResNet strikes back*, arXiv:2110.00476: sigmoids and cross-entropy on ImageNet",
      "Guo et al. 2017, *On calibration of modern neural networks*, arXiv:1706.04599",
      "Müller, Kornblith and Hinton 2019, *When does label smoothing help?*, arXiv:1906.02629",
      "S0: *Understanding and Improving Convolutional Neural Networks*, sections 3.2 and 4.2",
    ])
  }
}
