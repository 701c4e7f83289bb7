// The page of chapter 5: why it works.

import Foundation
import Workbook

extension Norms {
  /// Covariate shift against smoothness.
  static func addDispute(to page: inout Page, _ findings: Findings) {
    let (stability, meanErrors, movements) = (findings.stability, findings.meanErrors, findings.movements)
    let (gap, noiseMovesMore) = (findings.lostLead, findings.noiseMovesMore)
    func overRuns(_ runs: [StabilityRun], _ value: (StabilityRun) -> [Double]) -> [Summary] {
      runs[0].steps.indices.map { i in Summary(runs.map { value($0)[i] }) }
    }
    func chart(_ label: String, log isLogarithmic: Bool = false, _ variants: [Int], _ value: (StabilityRun) -> [Double])
      -> Plot
    {
      .lines(
        LineChart(
          x: Axis("step"), y: Axis(label, log: isLogarithmic),
          variants.map { i in
            let summaries = overRuns(stability[i], value)
            return Series(
              StabilityVariant.allCases[i].rawValue, x: stability[i][0].steps.map(Double.init),
              y: summaries.map(\.mean),
              deviation: summaries.map(\.deviation), isEmphasized: i == 1, color: i)
          }))
    }
    page.prose(
      """
      ## Why does it work? A dispute

      The sources give Ioffe and Szegedy's reason: *internal covariate shift*. Each layer's input distribution moves while the \
      layers before it learn, and batch norm stops that. In 2018 Santurkar, Tsipras, Ilyas and Madry put it to the test: they \
      added noise *behind* batch norm, so that the distributions moved more than without any norm, and the net still trained \
      fast. Their own explanation: the loss becomes smoother. Along a step the loss and the gradient change less, so a \
      gradient stays true for longer and a larger step is safe.

      Both parts can be repeated in small: three hidden layers of 100 ReLU units, He's weights, learning rate 0.2, batches of \
      60. The noise behind the norm scales and shifts every unit anew in every step.
      """)
    page.predict(
      "Batch norm with noise behind it that shakes every distribution in every step: its test error, averaged over the run, will be",
      choices: [
        "near that of plain batch norm", "half-way between", "near that of no norm", "worse than no norm",
      ],
      answer: meanErrors[2].mean > meanErrors[0].mean ? 3 : gap < 0.33 ? 0 : gap < 0.67 ? 1 : 2,
      "Averaged over the run: \(percentage(meanErrors[0])) without, \(percentage(meanErrors[1])) with, \(percentage(meanErrors[2])) with noise."
    )
    page.figure(
      Figure(
        gap < 0.5
          ? "Shaken by noise in every step, batch norm still learns faster than no norm"
          : "With noise behind it batch norm loses \(percent(gap)) of its lead",
        chart("test error (%)", [0, 1, 2], \.errors),
        caption: "Mean and deviation of \(findings.seedWords), \(findings.data).", name: "noisy-errors"))
    page.figure(
      Figure(
        noiseMovesMore
          ? "And its distributions move \(short(movements[2].mean / movements[0].mean)) times as much in a step as without any norm"
          : "The noise moves the distributions less (\(short(movements[2].mean / movements[0].mean)) times) than training without a norm does",
        chart("movement in one step, in units of σ", log: true, [0, 1, 2], \.drifts),
        caption:
          "(|change of mean| + |change of deviation|)/deviation from one step to the next, inputs of the last hidden activation, average over the units; without a norm it includes the change of batch.",
        name: "noisy-drift"))
    page.prose(
      """
      \(noiseMovesMore && meanErrors[2].mean < meanErrors[0].mean
        ? "The noise costs something, and yet a net whose distributions are shaken harder than those of the plain net learns faster than it: stable distributions are not what is needed."
        : "In this run the noise experiment does not decide.") And smoothness? From each probed point we walk up to four steps along the \
      negative gradient, and note the range of losses met and the largest relative change of the gradient.
      """)
    page.code("probe", in: "Landscape.swift")
    let (changes, ranges) = (findings.gradientChanges, findings.lossRanges)
    page.figure(
      Figure(
        ranges[1].mean < ranges[0].mean
          ? "Along the step the loss varies by \(short(ranges[1].mean)) with batch norm, by \(short(ranges[0].mean)) without"
          : "Along the step the loss varies more with batch norm (\(short(ranges[1].mean))) than without (\(short(ranges[0].mean)))",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("loss along the step"),
            [0, 1].flatMap { i -> [Series] in
              [("highest", \StabilityRun.highest), ("lowest", \StabilityRun.lowest)].map { name, path in
                let summaries = overRuns(stability[i]) { $0[keyPath: path] }
                return Series(
                  "\(StabilityVariant.allCases[i].rawValue), \(name)", x: stability[i][0].steps.map(Double.init),
                  y: summaries.map(\.mean), style: .line, isEmphasized: name == "highest", color: i)
              }
            })),
        caption: "Mean of \(findings.seedWords). \(findings.data).", name: "loss-range"))
    let smoother = changes[1].mean < changes[0].mean
    page.figure(
      Figure(
        smoother
          ? "The gradient changes less with batch norm: by \(short(changes[1].mean)) of its own size, without by \(short(changes[0].mean))"
          : "In this net the gradient changes more with batch norm (\(short(changes[1].mean)) of itself) than without (\(short(changes[0].mean)))",
        chart("relative change of the gradient within four steps", [0, 1], \.gradientChanges),
        caption:
          "Largest ‖g′ − g‖/‖g‖ 1, 2 and 4 steps ahead on the same batch. Mean and deviation of \(findings.seedWords), \(findings.data).",
        name: "gradient-change"))
    page.callout(
      .note,
      """
      **Disputed.** That batch norm helps is not in doubt; why it helps is. "Less internal covariate shift" is the reason its \
      authors gave and our sources repeat. The noise experiment speaks against it as *the* reason. Smoothness is the rival \
      explanation, itself only part of the story: scale invariance alone changes the effective learning rate, and the noise of \
      the batch may regularize. Read both papers, and distrust any page that states one reason as a fact.
      """)
  }
}
