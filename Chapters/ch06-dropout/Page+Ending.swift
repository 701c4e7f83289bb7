// The page of chapter 6: what to keep, exercises, further reading.

import Workbook

extension Dropouts {
  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ told: Findings) {
    let advice = rateAdvice(told)
    if !advice.isEmpty { page.callout(.note, "**In your net,** \(advice)") }
    page.callout(
      .note,
      """
      **Today** most convolutional layers have batch norm (chapter 5) and no dropout. The first transformers dropped a tenth; large language models, \
      which see most texts only once, mostly drop nothing.
      """)
    let points = [shareAdvice(told), imageAdvice(told), wrongAdvice(told), reasonInShort(told)].filter { !$0.isEmpty }
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
    addPython(to: &page, told)
    page.furtherReading([
      "Hinton et al. 2012, *Improving neural networks by preventing co-adaptation of feature detectors*, arXiv:1207.0580",
      "Srivastava et al. 2014, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15: section 10 is the noise, appendix A a practical guide",
      "Arpit et al. 2017, *A closer look at memorization in deep networks*, arXiv:1706.05394: dropout and labels learned by heart",
      "Wan et al. 2013, *Regularization of neural networks using DropConnect*, ICML",
      "Baldi and Sadowski 2013, *Understanding dropout*, NeurIPS: the geometric mean",
      "Wager et al. 2013, *Dropout training as adaptive regularization*, arXiv:1307.1493: the price for cross-entropy",
      "Tompson et al. 2015, *Efficient object localization using convolutional networks*, arXiv:1411.4280: whole maps left out",
      "Li et al. 2019, *Understanding the disharmony between dropout and batch normalization by variance shift*, arXiv:1801.05134: masks in front of a norm raise the variance in training alone",
      "Gal and Ghahramani 2016, *Dropout as a Bayesian approximation*, arXiv:1506.02142",
    ])
  }

  /// For those who know no Swift: an exercise that checks itself, and two experiments.
  private static func addPython(to page: inout Page, _ told: Findings) {
    page.callout(
      .note,
      """
      **Without Swift:** exercises 6.1 and 6.4 in NumPy (below), and an experiment in PyTorch. Train the net of “The two forms” on \(grouped(told.few)) digits in batches of \(batchSize) for \(grouped(told.steps)) steps, with momentum 0.9 and a rate that falls from \(rate(told.contest[0])) to 0, then with the noise of “Must anything be missing?” in the place of masks. Expect about \(fixed(told.contest[0].testErrors.mean, 1)) % of errors without either\(told.bestAlone.map { ", \(fixed((told.contest[0].testErrors - $0.pixels.gain).mean, 1)) % with masks on the pixels" } ?? "").
      """)
    page.fold("Exercises 6.1 and 6.4 in NumPy, with their checks") {
      $0.prose(
        """
        Dropout has no fixed output, so its gradient is checked with the same mask in every pass: the generator gets the same seed each time.

        ```python
        import numpy as np

        def forward(h, p, rng, training=True): ...    # yours: the output and the mask
        def backward(dy, mask): ...                   # yours: the gradient for h

        p, rng = 0.3, np.random.default_rng(1)
        h, dy = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
        again = lambda h: forward(h, p, np.random.default_rng(2))
        loss = lambda h: (dy * again(h)[0]).sum()     # its gradient at the output is dy
        numeric, step = np.zeros_like(h), 1e-6
        for i in np.ndindex(*h.shape):
            e = np.zeros_like(h)
            e[i] = step
            numeric[i] = (loss(h + e) - loss(h - e)) / (2 * step)
        assert np.allclose(backward(dy, again(h)[1]), numeric)
        y, _ = forward(np.ones(100_000), p, rng)
        assert abs(y.mean() - 1) < 0.02 and abs((y == 0).mean() - p) < 0.02
        assert (forward(h, p, rng, training=False)[0] == h).all()
        ```

        Exercise 6.4:

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
    guard let alone = told.bestAlone else {
      return
        "In layers of \(told.wide), dropping half of the hidden units and a fifth of the pixels \(effectOrNone(told.contestGains[Place.dropout], size))."
    }
    return
      "Choose the share on validation images. In a dense net on digits dropped \(saved("pixels", alone.pixels)), \(saved("hidden units", alone.units))."
      + (told.narrowAdvice.map { " \($0.prefix(1).uppercased() + $0.dropFirst())." } ?? "")
  }

  /// `pixels save 1.2 points (share 0.2)`.
  private static func saved(_ name: String, _ alone: Alone) -> String {
    "\(name) \(plural(alone.gain)) (share \(short(alone.share)))"
  }

  /// What dropout adds to the best rate where labels are wrong, and its rival; empty where it adds nothing.
  private static func wrongAdvice(_ told: Findings) -> String {
    guard saves(told.noisy.gain) else { return "" }
    let decay = told.decayOfWrong.map { ", L2 \(effectOrNone($0, size))" } ?? ""
    return
      "With \(percent(Double(wrongShare))) of the labels wrong, dropping both \(size(told.noisy.gain))\(decay), each net at its best rate."
  }

  /// Which learning rates were best, with and without dropout.
  private static func rateAdvice(_ told: Findings) -> String {
    guard told.gainsAlone != nil, let best = told.controls?.apart?.sharesAlone?.best else { return "" }
    let usual = told.contest[0]
    let isSame = best.pixels.net.rate == usual.rate && best.units.net.rate == usual.rate
    let digits =
      isSame
      ? "the best was \(rate(usual)) with and without dropout"
      : "the best was \(rate(usual)) without dropout, \(rate(best.pixels.net)) with pixels dropped, \(rate(best.units.net)) with hidden units"
    return
      "search the learning rate anew when you drop something. On digits \(digits); with \(percent(Double(wrongShare))) of the labels wrong, \(rate(told.noisy.nets[0])) without and \(rate(told.noisy.nets[1])) with both dropped."
  }

  /// What to drop on other images, and in a convolutional net.
  private static func imageAdvice(_ told: Findings) -> String {
    let photographs = told.onPhotographs.map { found in
      "In a dense net on colour photographs dropped \(saved("hidden units", found.units)), \(saved("pixels", found.pixels))."
    }
    return [photographs, mapAdvice(told)].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What helps most in a convolutional net; empty where nothing does.
  private static func mapAdvice(_ told: Findings) -> String {
    guard let found = told.controls?.maps else { return "" }
    let saving = found.kinds.dropFirst().filter { $0.recipe != .valueNoise && saves(found.gain($0.recipe)) }
    guard let most = saving.max(by: { found.gain($0.recipe).mean < found.gain($1.recipe).mean }) else { return "" }
    return """
      In a small LeNet on digits dropped \(most.recipe.name) save most, \(fixed(found.gain(most.recipe).mean, 1)) points\(told.controls?.photographMaps.map { shortly($0, after: most.recipe) } ?? "").
      """
  }

  /// What helps in it on photographs.
  private static func shortly(_ found: PhotographMaps, after onDigits: MapRecipe) -> String {
    found.best.map {
      "; on photographs \($0.kind.recipe == onDigits ? "too" : "\($0.kind.recipe.name) do"), \(fixed($0.gain.mean, 1)) points"
    } ?? "; on photographs nothing that was tried saves anything beyond chance"
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
      "No unit need be missing: noise of the same variance saves as much\(told.gainsAlone == nil ? "" : " at the authors' shares").\(told.lessonOfPrice == nil ? " Why noise helps is open." : "")\(told.leavesReasonOpen ? " Dropped units do without each other better; whether that is why a net errs less is open." : "")"
  }
}
