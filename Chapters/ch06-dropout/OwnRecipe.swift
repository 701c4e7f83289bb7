// The recipe of the page: both dropped at the shares that are best for each alone.

import Workbook

/// The shares that the page recommends.
struct OwnRecipe {
  var pixels: Double
  var units: Double

  /// `half of the pixels and a fifth of the hidden units`.
  var words: String { "\(Self.part(pixels)) of the pixels and \(Self.part(units)) of the hidden units" }
  /// `half of the pixels`.
  var pixelWords: String { "\(Self.part(pixels)) of the pixels" }
  /// `half`, `a fifth`, `30 %`.
  private static func part(_ share: Double) -> String {
    [0.5: "half", 0.2: "a fifth", 0.1: "a tenth"][share] ?? percent(share)
  }
}

extension Dropouts.Findings {
  /// The recipe, where the shares have been searched.
  var recipe: OwnRecipe? {
    guard gainsAlone != nil, bothAtBest != nil, let best = bestAlone else { return nil }
    return OwnRecipe(pixels: best.pixels.share, units: best.units.share)
  }
  /// What was measured with it.
  var ours: OurShares? { controls?.apart?.ours.flatMap { $0.sampled.isEmpty ? nil : $0 } }

  /// Thinned nets of the recipe, where they were asked, else of Srivastava's shares; a run that is not the recorded one has
  /// its own.
  var votes: [SampledEnsemble] { (recordedSeeds == nil ? ours?.sampled : nil) ?? sampled }
  func overVotes(_ value: (SampledEnsemble) -> Double) -> Summary { Summary(votes.map(value)) }
  var hasOwnVotes: Bool { recordedSeeds == nil && ours != nil && recipe != nil }
  /// What was dropped in them: `half of the pixels and a fifth of the hidden units dropped`.
  var votesShares: String {
    hasOwnVotes ? "\(recipe?.words ?? "") dropped" : Dropouts.authorsShares
  }

  /// The errors with pixels dropped, of noise in its place, and of nothing; without a recipe of nothing alone.
  var expectedErrors: [Double] {
    guard recipe != nil, let pixels = controls?.apart?.sharesAlone?.best?.pixels.net else {
      return [contest[0].testErrors.mean]
    }
    return [pixels.testErrors.mean] + (lengthRows.dropFirst().first?.noise.first.map { [$0.mean] } ?? []) + [
      contest[0].testErrors.mean
    ]
  }

  /// Wrong labels with nothing dropped and with the recipe, where that was measured, else with Srivastava's shares.
  var ownNoisy: NoisyFindings {
    guard let heart = ours?.byHeart, recipe != nil else { return noisy }
    var own = noisy
    own.nets[1] = heart
    return own
  }
  var hasOwnNoisy: Bool { ours?.byHeart != nil && recipe != nil }
  var noisyShares: String { hasOwnNoisy ? "our shares" : Dropouts.srivastava }
  /// Nothing dropped, at the best rate of the recipe; and the recipe, stopped early.
  var plainAtOurRate: Tuned? { hasOwnNoisy ? ours?.plainAtItsRate : nil }
  var stoppedNoisy: Tuned? {
    hasOwnNoisy ? ours?.stopped : controls?.wrong.flatMap { $0.stopped.count > 1 ? $0.stopped[1] : nil }
  }

  /// For what more steps are more gain, beyond chance: `pixels`, `both at our shares`.
  var wantsTime: [String] {
    let rows = lengthRows
    guard rows.count == 4 else { return [] }
    let kinds = ["pixels", "hidden units", "both"]
    return kinds.indices.filter { saves(gain(rows, $0 + 1, 1) - gain(rows, $0 + 1, 0)) }.map { kinds[$0] }
  }
  /// What dropping saves in one row, after few steps or after many.
  func gain(_ rows: [LengthRow], _ row: Int, _ length: Int) -> Summary {
    rows[0].dropped[length] - rows[row].dropped[length]
  }

  /// The share of its rightly labelled images, in per cent, that a net misses which has learned wrong labels.
  func missed(_ net: Tuned) -> Summary? {
    guard let counts = controls?.wrong?.counts, counts.count >= net.runs.count else { return nil }
    return Summary(
      zip(net.runs, counts).map { run, wrong in
        let wrongMissed = Double(wrong) * (1 - (run.learnedByHeart ?? 0))
        return 100 * (run.trainingError / 100 * Double(few) - wrongMissed) / Double(few - wrong)
      })
  }

  /// Pixels of one setting at the best of the shares tried.
  func bestPixels(_ setting: SharesElsewhere.Setting, _ usual: Tuned?) -> (share: Float, net: Tuned)? {
    let others = controls?.apart?.sharesElsewhere?.nets.filter { $0.setting == setting && $0.units == 0 } ?? []
    return ShareChoice(
      [(ApartFindings.pixels.inputDropout, usual)] + others.filter { $0.pixels > 0 }.map { ($0.pixels, $0.net) }
    ).best
  }
  /// Nothing dropped in one setting, where that was trained for itself.
  func plain(_ setting: SharesElsewhere.Setting) -> Tuned? {
    controls?.apart?.sharesElsewhere?.net(setting, pixels: 0, units: 0)
  }
}
