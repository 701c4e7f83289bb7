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
    let points = [shareAdvice(told), imageAdvice(told), reasonInShort(told)].filter { !$0.isEmpty }
    page.callout(
      .takeaway,
      (points + ["Divide by $1 - p$ in training, and change nothing at test time."]).map { "- \($0)" }
        .joined(separator: "\n"))
    page.slide(
      told.apartGains == nil ? "Dropout in short" : "In a dense net on digits, dropped pixels pay more",
      """
      - Dense net: pixels first on digits, hidden units where there are units to spare.\(valuesFirst(told) ? " LeNet: single values of the maps." : "")
      - \(noiseIsAsGood(told) ? "No unit need be missing: noise saves as much." : "Noise does not save as much.")
      - Divide by $1 - p$ in training, and leave the test untouched.
      """)
    page.exercises()
    addPython(to: &page)
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

  /// For those who know no Swift: an exercise that checks itself, and two experiments.
  private static func addPython(to page: inout Page) {
    page.callout(
      .note,
      """
      **Without Swift: exercise 6.4 in NumPy (below), and two experiments in PyTorch**

      - Train the net of “The two forms” on 1000 digits with masks on pixels alone, then on hidden units alone. Which share is best?
      - Put the noise of “Must anything be missing?” in their place. Does it save as much?
      """)
    page.fold("Exercise 6.4 in NumPy, with its check") {
      $0.prose(
        """
        ```python
        softmax = lambda z: np.exp(z) / np.exp(z).sum(-1, keepdims=True)
        rng, M, p = np.random.default_rng(1), 6, 0.3
        h, W = rng.random(M), rng.normal(size=(3, M))            # 3 classes, b = 0
        kept = (np.arange(2**M)[:, None] >> np.arange(M)) & 1    # a row for each mask
        # yours: the probability of each row, the softmax of each net, both means
        average, geometric = ..., ...
        assert np.isclose(average.sum(), 1)
        assert np.allclose(geometric, softmax(W @ h))            # one pass
        ```
        """)
    }
  }

  /// When and how much to drop; without pixels and hidden units apart, what both do.
  private static func shareAdvice(_ told: Findings) -> String {
    guard let rows = told.apartGains, let alone = told.bestAlone else {
      return
        "In layers of \(told.wide), dropping half of the hidden units and a fifth of the pixels \(effectOrNone(told.contestGains[Place.dropout], size))."
    }
    func saved(_ name: String, _ alone: Alone) -> String {
      "\(name) \(plural(alone.gain)) (share \(short(alone.share)))"
    }
    return
      "Where a wide net fits few images, drop values; choose the share on validation images. On digits dropped \(saved("pixels", alone.pixels)), \(saved("hidden units", alone.units))."
      + (costs(rows[1].first) ? " Narrow layers have no units to spare." : "")
  }

  /// What to drop on other images, and in a convolutional net.
  private static func imageAdvice(_ told: Findings) -> String {
    let photographs = told.photographGains.map { gains in
      "On colour photographs dropped hidden units \(plural(gains[1])), pixels \(plural(gains[0]))."
    }
    return [photographs, mapAdvice(told)].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What helps most in a convolutional net; empty where nothing does.
  private static func mapAdvice(_ told: Findings) -> String {
    guard let found = told.controls?.maps else { return "" }
    let saving = found.kinds.dropFirst().filter { $0.recipe != .valueNoise && saves(found.gain($0.recipe)) }
    guard let most = saving.max(by: { found.gain($0.recipe).mean < found.gain($1.recipe).mean }) else { return "" }
    return "In a small LeNet dropped \(most.recipe.name) save most, \(fixed(found.gain(most.recipe).mean, 1)) points."
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
      "No unit need be missing: noise of the same variance saves as much.\(told.lessonOfPrice == nil ? " Why noise helps is open." : "")\(told.leavesReasonOpen ? " Dropped units do without each other better; whether that is why a net errs less is open." : "")"
  }
}
