// The page of chapter 8, from its findings alone.

import Foundation
import Workbook

extension Losses {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    let neuron = findings.neuron
    // One run for all numbers of the nets: the recorded one where it has raced them at rates of their own; else today's.
    let isRecorded = findings.nets.race == nil && recorded?.findings.nets.race != nil
    let told = isRecorded ? recorded?.findings ?? findings : findings
    var page = page(
      lead: """
        Squared error hardly moves a sigmoid that is badly wrong; cross-entropy moves it with the whole error.\(told.nets.race == nil ? "" : " What is left of this in a net depends on the learning rate and on where its outputs begin.")
        """)
    addQuestion(to: &page, neuron, told.nets)
    addDerivation(to: &page, neuron)
    addCrossEntropy(to: &page, neuron)
    addSoftmax(to: &page, findings.softmax, doubled: told.nets.costOfDoubled)
    addSameNet(to: &page, told, isRecorded: isRecorded)
    addRareClass(to: &page, told.nets.rare, testCount: told.nets.same[0].testCount)
    addCalibration(to: &page, told)
    addTopK(to: &page, told.nets.young)
    addOutliers(to: &page, told.outliers)
    addWrongDerivative(to: &page, neuron)
    page.reportsRecord = isRecorded
    addAdvice(to: &page, told)
    claims(findings).forEach { page.claim($0) }
    addEnding(to: &page, told.nets)
    return page
  }

  /// What the sources have wrong.
  private static func addErrata(to page: inout Page) {
    page.callout(
      .erratum("S0"),
      """
      S0 compares several LeNet-5s in a table, and its program has the wrong derivative of *A wrong derivative that helped*. So the first row of the source's table, *LeNet-5: tanh, sigmoid, MSE* (mean squared error), if it \
      comes from that program, was trained with a relative of the cross-entropy, not with squared error. Chapter 10 trains LeNet-5 both ways.
      """)
    page.callout(
      .erratum("S0"),
      """
      The source writes the second factor of the push as $\\hat{y} / z^l$: the two ∂ are missing. Its next line has the right factor, $\\sigma'(z)$.
      """)
    page.callout(
      .erratum("S4"),
      """
      The source says that for classification the output layer has a sigmoid or tanh. A tanh answers between −1 and 1, which \
      is no probability, and has no logarithm where it is negative; a sigmoid is right for yes or no, or for several labels that \
      do not exclude each other. For one of many it is the softmax.
      """)
  }

  /// What to do in a net of one's own.
  private static func addAdvice(to page: inout Page, _ findings: Findings) {
    let nets = findings.nets
    var rows: [[TableCell]] = [
      [
        "one of many: logits into cross-entropy", "the gradient is the error, $p - y$",
        "`nn.CrossEntropyLoss()(net(x), t)`",
      ],
      ["yes or no, or several labels: the same with sigmoids", "as above, $\\hat{y} - y$", "`nn.BCEWithLogitsLoss()`"],
    ]
    if let outliers = findings.outliers, outliers.isPulledMost {
      rows.append([
        "a number, some targets may be wrong: Huber; `s` is the usual error",
        TableCell(
          "off by \(fixed(outliers.spoilt[2].mean, 2)) instead of \(fixed(outliers.spoilt[0].mean, 2)) with \(outliers.outliers) outliers"
        ),
        "`nn.HuberLoss(delta=3 * s)`",
      ])
    }
    if let rare = nets.rare, rare.isFoundMore, let none = rare.result(.none), let weighted = rare.result(.weighted) {
      rows.append([
        "a rare class must be found with few false alarms: a weight",
        TableCell("found \(fixed(weighted.found.mean, 0)) instead of \(fixed(none.found.mean, 0)) % of it"),
        "`nn.CrossEntropyLoss(weight=w)`",
      ])
      if rare.isShiftBest, let shifted = rare.result(.shifted) {
        rows.append([
          "a class rare in training alone: a larger logit",
          TableCell("error \(fixed(shifted.even.mean, 1)) instead of \(fixed(none.even.mean, 1)) %"),
          "`logits[:, c] += math.log(k)`",
        ])
      }
    }
    rows.append([
      "compare the first loss with guessing", "far above it, the start or the labels are wrong", "`math.log(classes)`",
    ])
    let (before, after) = (nets.calibration.error(0), nets.calibration.scaled.error)
    if (before - after).direction() == .above {
      rows.append([
        "a probability is used: a temperature from validation data",
        TableCell("calibration error \(fixed(after.mean, 1)) instead of \(fixed(before.mean, 1)) points"),
        "`logits / T`",
      ])
    }
    rows.append([
      "a derivative of your own: check it", "a net learns with a wrong one, too", "`torch.autograd.gradcheck(f, z)`",
    ])
    page.prose("## What to do")
    page.table(Table("What to do, and why", columns: ["do this", "why", "in PyTorch"], rows: rows))
  }

  /// The takeaway, exercises, further reading.
  private static func addEnding(to page: inout Page, _ nets: NetFindings) {
    page.callout(
      .takeaway,
      """
      - For classes take cross-entropy, and give it the logits: its gradient is the error.
      - A single sigmoid that is badly wrong is stuck with squared error. \(nets.lessonOfRaces)\(nets.race?.lessonOfEndings ?? "")
      \(nets.race?.lessonOfStarts ?? "")\
      \(nets.rare?.isFoundMore == true ? "- A weight in the loss or a larger logit finds more of a rare class, and costs false alarms.\(nets.rare?.lesson ?? "")\n" : "")\
      - Before you use a softmax's probability, fit a temperature on validation data.
      """)
    page.slide(
      "Choose loss and last layer together",
      """
      - Sigmoid with binary cross-entropy, softmax with cross-entropy: the slope cancels, and the gradient is the error, $p - y$.
      - Give the loss the logits, and let it subtract their maximum.
      - Use a softmax's probability only with a temperature from validation data.
      - Check every derivative against differences: a net can train with a wrong one, too.
      """)
    page.callout(
      .note,
      """
      **Without Swift:** write exercises 8.2 and 8.3 in NumPy. `torch.softmax`, and `F.cross_entropy` with `backward()`, check them; adding 1000 to all logits must change nothing.
      """)
    page.fold("Errors found in the sources", addErrata)
    page.exercises()
    page.furtherReading([
      "Nielsen 2015, *Neural Networks and Deep Learning*, chapter 3: the neuron that is badly wrong",
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*: plateaus of the squared error beside those of cross-entropy",
      "Bridle 1990, *Probabilistic interpretation of feedforward classification network outputs*: where softmax got its name",
      "Menon et al. 2021, *Long-tail learning via logit adjustment*, arXiv:2007.07314: a number added to the logits of rare classes",
      "Szegedy et al. 2016, arXiv:1512.00567, section 7: label smoothing",
      "Hui and Belkin 2021, arXiv:2006.07322: squared error on bare outputs holds its own on large benchmarks",
      "Guo et al. 2017, *On calibration of modern neural networks*, arXiv:1706.04599",
      "Müller, Kornblith and Hinton 2019, *When does label smoothing help?*, arXiv:1906.02629",
    ])
  }
}
