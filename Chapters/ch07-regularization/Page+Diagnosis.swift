// The section of chapter 7 that tells whether a net overfits at all.

import Workbook

extension Regularization {
  /// Training against validation error, and what to do where.
  ///
  /// - Parameter isRecorded: whether these findings are the record's, on the page of another run.
  static func addDiagnosis(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    let clean = findings.stopping.clean
    guard clean.allSatisfy({ $0.training.count == $0.validation.count }) else { return }
    page.prose(
      """
      ## Is my net overfitting?

      Keep some examples out of training: the *validation* set. After each epoch compare two numbers, the share of the training set that the net gets wrong and that of the validation set. **If the first is low and the second much higher, the net overfits:** \
      it has learned its own examples by heart.\
      \(isRecorded ? "\n\nAll figures and numbers in the text are those of the recorded run." : "")
      """)
    page.figure(Charts.diagnosis(clean, digits: findings.trainingCount, data: findings.data))
    page.project(
      "Training error low, validation error high: overfitting",
      notes: "From which epoch on does training teach this net nothing about new digits?")
    page.table(
      Table(
        "What the two errors say",
        columns: ["training error", "validation error", "the net", "what to do first"],
        rows: [
          ["low", "much higher", "overfits", "more data or changed pictures; then limits on the weights"],
          [
            "high", "about as high", "fits too little",
            "no regularizer: train longer, tune the rate, take a larger net",
          ],
          ["high", "much higher", "both", "mend the fit first, then the gap"],
          ["low", "about as low", "is fine", "nothing"],
        ]))
    page.prose(
      """
      The gap itself is not the goal: a net that only guesses has none. **The goal is a small validation error.** \
      So this page compares errors on examples that no net has seen.
      """)
  }
}

extension Charts {
  /// The errors of digits with right labels, epoch by epoch, as far as they change.
  static func diagnosis(_ runs: [LearningCurve], digits: Int, data: String) -> Figure {
    let shown = min(20, runs[0].epochs)
    func mean(_ values: (LearningCurve) -> [Double]) -> [Double] {
      (0..<shown).map { epoch in rounded(Summary(runs.map { 100 * values($0)[epoch] }).mean, decimals: 2) }
    }
    let (training, validation) = (mean(\.training), mean(\.validation))
    let (own, new) = (training[shown - 1], validation[shown - 1])
    let epochs = (1...shown).map(Double.init)
    let top = max(10, 5 * (max(training[0], validation[0]) / 5).rounded(.up))
    return Figure(
      "After \(counted(shown, "epoch")) this net gets \(fixed(own, 1)) % of its own digits wrong, and \(fixed(new, 1)) % of the validation set",
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("error (%)", range: 0...top),
          [
            Series("validation", x: epochs, y: validation, style: .line, isEmphasized: true, color: 0),
            Series("training", x: epochs, y: training, style: .line, color: 2),
          ])),
      caption: """
        A dense net without a regularizer learns \(grouped(digits)) digits (\(data)); each training digit is counted at the moment when it is used. Means of \(counted(runs.count, "seed")).
        """,
      name: "diagnosis")
  }
}
