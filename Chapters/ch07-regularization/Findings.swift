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
    /// Two moons under L2 and L1 of many strengths.
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
    /// The moons under narrower nets; and the inputs of noise under more strengths, where the record was made with few.
    var widths: WidthSweep?
    var wider: InputSelection?
    /// Every restraint at its own learning rate, and some of them again by this run; wrong and right labels with validation
    /// and test digits from one file; mirrored digits where a mirror keeps the label; the lines of several nets.
    var ownRates: Scoreboard?
    var again: Scoreboard?
    var stoppingAlike: StoppingExperiment?
    var mirror: MirrorFindings?
    var lines: [MoonLines]?
    /// Bias and variance of the moons' nets, by the full run.
    var spread: [MoonSpread]?
    /// Every restraint on the moons; and every restraint on digits that each seed draws for itself.
    var moons: MoonBoard?
    var ownDigits: OwnDigits?
    /// What joined that comparison later; and zeros and initial weights on the moons.
    var later: [OwnDigits.Entry]?
    var moonChecks: MoonChecks?
    /// Initial weights on digits, and wrong validation labels.
    var digitChecks: DigitChecks?
    /// Bias and variance under every restraint on the moons; and the bare net on digits at larger rates than its own.
    var parts: MoonParts?
    var bareRates: [OwnDigits.Entry]?
    /// Every training at the rate that all seeds choose; bias and variance on digits; and photographs.
    var tuned: [TunedTraining]?
    var digitParts: DigitParts?
    var photographs: PhotographBoard?
    /// The moons, and wrong labels of two shares, each training at its own rate; and Adam and AdamW on the board's digits.
    var moonRates: MoonRates?
    var labelRates: [LabelRates]?
    var adam: [AdamTraining]?
    /// Bias and variance of the moons' nets, each training at its own rate.
    var ownParts: MoonParts?
    /// How many digits the recorded full run learned from, where something of it stands among the findings.
    var recordedCount: Int?
  }

  static func data(_ findings: Findings) -> String { findings.data }
}

/// A few digits, to be changed before the reader's eyes, and what was fitted to all of them.
struct PictureFindings: Codable, Sendable {
  /// The classes shown, and the first digit of each: pixels 0 … 255, digit after digit.
  var labels: [UInt8]
  var pixels: [UInt8]
  /// What AlexNet's jitter adds to each of them.
  var brightness: [Float]
  /// The share of black pixels.
  var black: Double
  /// A coloured digit as planes of red, green and blue, and what the jitter adds to each plane:
  /// [published strength, ten times that][draw].
  var colored: [UInt8]
  var colorChanges: [[[Float]]]
  /// The largest eigenvalue of the colours' covariance, and the σ of the published jitter.
  var eigenvalue: Double
  var jitter: Double

  /// The digits as a data set.
  var digits: Dataset {
    Dataset(name: "", pixels: pixels, labels: labels, imageShape: [1, 28, 28], classCount: 10)
  }
  /// By how much the published jitter changes a colour, 0 … 1.
  var visible: Double { jitter * eigenvalue }
}

extension Regularization.Findings {
  /// The inputs of noise under the most strengths that were tried.
  var inputs: InputSelection { wider ?? selection }

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
  /// What kept the rate that the bare net gave up with all seeds: at a larger one it may save more.
  var unmoved: [String] {
    guard let before = asChosen, before.rate != shown.rate else { return [] }
    let tried = (tuned ?? []).map(\.name)
    return shown.entries.dropFirst().filter { $0.rate == before.rate && !tried.contains($0.name) }.map(\.name)
  }
  /// The bare net on digits that each seed draws, at its own rate and at others.
  var bareNets: [OwnDigits.Entry] { ownDigits.map { [$0.entries[0]] + (bareRates ?? []) } ?? [] }
  /// The moons' board, each training at its own rate, where that was measured.
  var tunedMoons: MoonBoard? { moons.flatMap { moons in moonRates.map { $0.board(like: moons) } } }
  /// Wrong labels of the share of the figure, each training at its own rate.
  var tunedLabels: LabelRates? {
    labelRates?.first { abs($0.share - Double(StoppingExperiment.wrongLabels)) < 1e-4 }
  }
  /// The restraints on the same digits for all seeds, of which is known which digits they miss.
  var sameDigits: Scoreboard { ownRates ?? board }
  /// How many digits they learn from.
  var boardDigits: Int { shown.digits ?? trainingCount }
  /// Stopping with validation and test digits from one file, where that was measured apart.
  var heldOut: StoppingExperiment { stoppingAlike ?? stopping }

  /// The mean test error of the last and the best epoch: early with wrong labels, last; the same with right ones.
  var stops: (noisyEarly: Summary, noisyLast: Summary, cleanEarly: Summary, cleanLast: Summary) {
    (
      StoppingExperiment.stoppedError(heldOut.noisy), StoppingExperiment.lastError(heldOut.noisy),
      StoppingExperiment.stoppedError(heldOut.clean), StoppingExperiment.lastError(heldOut.clean)
    )
  }
}
