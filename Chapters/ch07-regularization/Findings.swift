// What chapter 7 measures.

import Workbook

/// Restraints against overfitting, one by one: what each does to the weights, and whether it helps on data never seen.
enum Regularization: ChapterProgram {
  typealias Options = RegularizationOptions
  static let number = 7
  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    /// The digits to learn from (one restraint is more of them), and those to choose by.
    var trainingCount: Int
    var validationCount: Int
    /// The seed of the pictures.
    var seed: UInt64
    /// Two moons under L2 and L1 of many strengths, all at one rate, so that only the strength differs.
    var sweep: PenaltySweep
    /// Two moons with inputs of noise, under each penalty.
    var selection: InputSelection
    var stopping: StoppingExperiment
    var pictures: PictureFindings
    var board: Scoreboard
    var descent: DoubleDescent
    var growth: GradientGrowth
    /// Measured by a full run, in others what it recorded.
    var clipping: ClippingExperiment
    /// Every restraint at its own learning rate, on digits that all seeds share; and mirrored digits where a mirror keeps
    /// the label.
    var ownRates: Scoreboard?
    var mirror: MirrorFindings?
    /// Every restraint on digits that each seed draws for itself, and what joined that comparison later.
    var ownDigits: OwnDigits?
    var later: [OwnDigits.Entry]?
    /// The bare net on digits at larger rates than its own, and every training at the rate that all seeds choose.
    var bareRates: [OwnDigits.Entry]?
    var tuned: [TunedTraining]?
    /// Bias and variance on digits; and photographs.
    var digitParts: DigitParts?
    var photographs: PhotographBoard?
    /// The moons, and wrong labels of two shares, each training at its own rate; and Adam and AdamW on the board's digits.
    var moonRates: MoonRates?
    var labelRates: [LabelRates]?
    var adam: [AdamTraining]?
    /// The board's net without a regularizer in other widths.
    var widths: [WidthTraining]?
    /// How many digits the recorded full run learned from, where something of it stands among the findings.
    var recordedCount: Int?
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// A digit of each of some classes, to be changed before the reader's eyes.
struct PictureFindings: Codable, Sendable {
  /// The classes shown, and the first digit of each: pixels 0 … 255, digit after digit.
  var labels: [UInt8]
  var pixels: [UInt8]

  /// The digits as a data set.
  var digits: Dataset {
    Dataset(name: "", pixels: pixels, labels: labels, imageShape: [1, 28, 28], classCount: 10)
  }
}

extension Regularization.Findings {
  /// The restraints as the page shows them: each at its own rate, and each seed with its own digits, where that was
  /// measured; the bare net at the rate that suits it best, so that nothing wins by its rate alone.
  var shown: Scoreboard {
    guard var all = ownDigits else { return ownRates ?? board }
    all.entries += later ?? []
    if let tuned, let bare = tuned.first?.entry(all.entries[0]) {
      all.entries = all.entries.map { entry in tuned.first { $0.name == entry.name }?.entry(entry) ?? entry }
      all.entries += tuned.filter { $0.name == TunedTraining.constantRate }.compactMap { $0.entry(nil) }
      all.entries[0] = bare
    } else {
      all.entries[0] = bareNets.min { Summary($0.testErrors).mean < Summary($1.testErrors).mean } ?? all.entries[0]
    }
    // The mean of several nets at the rate at which bias and variance were measured, if that is another.
    if let digitParts, let place = all.entries.firstIndex(where: { $0.kind == .ensemble }),
      all.entries[place].rate != digitParts.bare.rate
    {
      all.entries[place].rate = digitParts.bare.rate
      all.entries[place].testErrors = digitParts.errorsOfMean
      all.entries[place].trainingLosses = digitParts.errorsOfMean.map { _ in .nan }
    }
    return all.board
  }
  /// The same with the bare net at the rate that few seeds chose; nil where it was tried at no other.
  var asChosen: Scoreboard? {
    guard bareRates != nil, var all = ownDigits else { return nil }
    all.entries += later ?? []
    return all.board
  }
  /// The bare net on digits that each seed draws, at its own rate and at others.
  var bareNets: [OwnDigits.Entry] { ownDigits.map { [$0.entries[0]] + (bareRates ?? []) } ?? [] }
  /// Wrong labels of the share of the figure, each training at its own rate.
  var tunedLabels: LabelRates? {
    labelRates?.first { abs($0.share - Double(StoppingExperiment.wrongLabels)) < 1e-4 }
  }
  /// The restraints on the same digits for all seeds, of which is known which digits they miss.
  var sameDigits: Scoreboard { ownRates ?? board }
  /// How many digits they learn from.
  var boardDigits: Int { shown.digits ?? trainingCount }
  /// The mean test error of the last and the best epoch: early with wrong labels, last; the same with right ones.
  var stops: (noisyEarly: Summary, noisyLast: Summary, cleanEarly: Summary, cleanLast: Summary) {
    (
      StoppingExperiment.stoppedError(stopping.noisy), StoppingExperiment.lastError(stopping.noisy),
      StoppingExperiment.stoppedError(stopping.clean), StoppingExperiment.lastError(stopping.clean)
    )
  }
}
