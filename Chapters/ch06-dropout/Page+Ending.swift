// The page of chapter 6: what to keep, exercises, further reading.

import Workbook

extension Dropouts {
  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ told: Findings) {
    page.callout(
      .note,
      """
      **Today** most convolutional layers have batch norm (chapter 5) and no dropout. The first transformers dropped a tenth; large language models, \
      which see most texts only once, mostly drop nothing. Newer kinds drop \
      patches of a map (DropBlock) or whole layers (stochastic depth).
      """)
    let points = [pixelAdvice(told), unitAdvice(told), mapAdvice(told), reasonInShort(told)].filter { !$0.isEmpty }
    page.callout(
      .takeaway,
      (points + [
        "Divide by $1 - p$ in training, and change nothing at test time."
      ]).map { "- \($0)" }.joined(separator: "\n"))
    page.slide(
      told.apartGains == nil ? "Dropout in short" : "In a dense net on digits, dropped pixels pay more",
      """
      - Dense net: pixels first, hidden units where there are units to spare.\(valuesFirst(told) ? " LeNet: single values of the maps." : "")
      - \(noiseIsAsGood(told) ? "No unit need be missing: noise saves as much." : "Noise does not save as much.")
      - Divide by $1 - p$ in training, and leave the test untouched.
      """)
    page.exercises()
    page.furtherReading([
      "Hinton et al. 2012, *Improving neural networks by preventing co-adaptation of feature detectors*, arXiv:1207.0580",
      "Srivastava et al. 2014, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15: section 10 is the noise, appendix A a practical guide",
      "Arpit et al. 2017, *A closer look at memorization in deep networks*, arXiv:1706.05394: dropout and labels learned by heart",
      "Wan et al. 2013, *Regularization of neural networks using DropConnect*, ICML",
      "Baldi and Sadowski 2013, *Understanding dropout*, NeurIPS: the geometric mean",
      "Wager et al. 2013, *Dropout training as adaptive regularization*, arXiv:1307.1493: the price for cross-entropy",
      "Tompson et al. 2015, *Efficient object localization using convolutional networks*, arXiv:1411.4280: whole maps left out",
      "Li et al. 2019, *Understanding the disharmony between dropout and batch normalization by variance shift*, arXiv:1801.05134",
      "Gal and Ghahramani 2016, *Dropout as a Bayesian approximation*, arXiv:1506.02142",
    ])
  }

  /// Which dropping to try first; without pixels and hidden units apart, what both do.
  private static func pixelAdvice(_ told: Findings) -> String {
    guard let rows = told.apartGains else {
      return
        "In layers of \(told.wide), dropping half of the hidden units and a fifth of the pixels \(effectOrNone(told.contestGains[Place.dropout], size))."
    }
    let photographs = told.photographGains.map { gains in
      let words = zip(["pixels", "hidden units"], gains).map { "dropped \($0) \(plural($1))" }
      return " On colour photographs \(words.joined(separator: ", ")): try each."
    }
    return
      "In a dense net on digits, dropped pixels \(plural(rows[0].last))\((rows[0].last - rows[1].last).worded(above: ", more than dropped hidden units", below: ", less than dropped hidden units", withinChance: ""))."
      + (photographs ?? " Other images were not tried.")
  }

  /// When dropped hidden units pay.
  private static func unitAdvice(_ told: Findings) -> String {
    guard let rows = told.apartGains, let apart = told.controls?.apart, apart.wrong.count == 2 else { return "" }
    let onTop = (rows[2].last - rows[0].last).worded(
      above: "add something", below: "cost something", withinChance: "add nothing")
    let more = [
      saves(apart.wrong[0].testErrors - told.noisy.nets[1].testErrors) ? "where labels are wrong" : nil,
      told.authorsGains.map { saves($0[2] - $0[0]) } ?? false
        ? "in layers of \(ApartFindings.authorsWidth) with max-norm" : nil,
    ].compactMap(\.self)
    return
      "Dropped hidden units, half of them, need units to spare: they \(direction(rows[1].last)) in layers of \(told.wide), and \(direction(rows[1].first)) in layers of \(apart.widths[0]). On top of dropped pixels they \(onTop) in layers of \(told.wide)"
      + (more.isEmpty ? "." : ", but they do help \(more.joined(separator: " and ")).")
  }

  /// What helps in a convolutional net; empty where nothing does.
  private static func mapAdvice(_ told: Findings) -> String {
    guard let found = told.controls?.maps else { return "" }
    let saving = found.kinds.dropFirst().filter { $0.recipe != .valueNoise && saves(found.gain($0.recipe)) }
      .sorted { found.gain($0.recipe).mean > found.gain($1.recipe).mean }
    guard let most = saving.first else { return "" }
    func points(_ kind: MapFindings.Kind) -> String { fixed(found.gain(kind.recipe).mean, 1) }
    let others = saving.dropFirst().map { "\($0.recipe.name) \(points($0))" }
    return "In a small LeNet, dropped \(most.recipe.name) save \(points(most)) points"
      + (others.isEmpty ? "." : ", \(others.joined(separator: ", ")).")
  }

  /// Whether a convolutional net gains more from dropped values of its maps than from dropped pixels.
  static func valuesFirst(_ told: Findings) -> Bool {
    guard let found = told.controls?.maps, found.kinds.contains(where: { $0.recipe == .pixels }) else { return false }
    let others = found.kinds.dropFirst().map(\.recipe).filter { $0 != .values && $0 != .valueNoise }
    return others.allSatisfy { saves(found.gain(.values) - found.gain($0)) }
  }

  /// Why it helps, as far as the controls say.
  private static func reasonInShort(_ told: Findings) -> String {
    guard noiseIsAsGood(told) else { return "" }
    return
      "No unit need be missing: noise of the same variance saves as much. \(told.lessonOfPrice ?? "Why noise helps is open.")\(told.leavesReasonOpen ? " Dropped units do without each other better; whether that is why the net errs less is open." : "")"
  }
}
