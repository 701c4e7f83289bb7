// The page of chapter 6: what to keep, exercises, further reading.

import Workbook

extension Dropouts {
  /// What to do, the takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ told: Findings) {
    addAdvice(to: &page, told)
    page.callout(
      .takeaway,
      ([shareAdvice(told), reasonInShort(told), whenAdvice(told), wrongAdvice(told)].filter { !$0.isEmpty }
        + ["Divide by $1 - p$ in training, and change nothing at test time."]).map { "- \($0)" }
        .joined(separator: "\n"))
    page.slide(
      told.gainsAlone == nil ? "Dropout in short" : "In a dense net on digits, dropped pixels pay more",
      """
      - Wide dense net, few images: pixels first on digits, hidden units on photographs.
      - \(told.noiseIsAsGood ? "Of pixels nothing need be missing: noise saves as much." : "Noise does not save as much.")
      - Divide by $1 - p$ in training, and leave the test untouched.
      """)
    page.exercises()
    addPython(to: &page, told)
    page.furtherReading([
      "Hinton et al. 2012, *Improving neural networks by preventing co-adaptation of feature detectors*, arXiv:1207.0580",
      "Srivastava et al. 2014, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15: section 10 is noise in the place of masks, appendix A a practical guide",
      "Arpit et al. 2017, *A closer look at memorization in deep networks*, arXiv:1706.05394: dropout and labels learned by heart",
      "Wan et al. 2013, *Regularization of neural networks using DropConnect*, ICML",
      "Baldi and Sadowski 2013, *Understanding dropout*, NeurIPS: the geometric mean",
      "Tompson et al. 2015, *Efficient object localization using convolutional networks*, arXiv:1411.4280: whole maps left out",
      "Gal and Ghahramani 2016, *Dropout as a Bayesian approximation*, arXiv:1506.02142: thinned nets that disagree show how unsure a net is",
    ])
  }

  /// What to do in a net of one's own: each row with its reason and its line.
  private static func addAdvice(to page: inout Page, _ told: Findings) {
    guard told.gainsAlone != nil, let alone = told.bestAlone else { return }
    func save(_ gain: Summary) -> String { saves(gain) ? "saved \(fixed(gain.mean, 1)) points" : "no gain seen" }
    func drop(_ share: Double) -> String { "`nn.Dropout(\(short(share)))`" }
    var rows: [[TableCell]] = []
    let isPixels = saves(alone.pixels.gain - alone.units.gain)
    rows.append([
      "dense net, few digits: drop \(isPixels ? "pixels" : "hidden units")",
      TableCell(save(isPixels ? alone.pixels.gain : alone.units.gain)),
      TableCell(
        isPixels
          ? "\(drop(alone.pixels.share)) before the first `nn.Linear`"
          : "\(drop(alone.units.share)) after each `nn.ReLU`"),
    ])
    if let photographs = told.onPhotographs, saves(photographs.units.gain - photographs.pixels.gain) {
      rows.append([
        "dense net, few photographs: drop hidden units",
        TableCell("\(save(photographs.units.gain)) of \(fixed(told.settings.last?.error.mean ?? .nan, 0))"),
        TableCell("\(drop(photographs.units.share)) after each `nn.ReLU`"),
      ])
    }
    if let narrow = told.narrowUnits, let half = told.halfOfUnits, costs(half.narrow),
      let width = told.controls?.apart?.widths.first
    {
      rows.append([
        "narrow layers: drop few units",
        TableCell(
          "half of \(width) units cost \(fixed(-half.narrow.mean, 1)) points; \(short(narrow.share)) saved \(spread(narrow.gain))"
        ),
        TableCell(drop(narrow.share)),
      ])
    }
    rows.append([
      "choose share and learning rate on validation images",
      TableCell(
        "with wrong labels the best rate was \(rate(told.noisy.nets[0])) without and \(rate(told.noisy.nets[1])) with dropout"
      ),
      "`SGD(model.parameters(), lr=…, momentum=0.9)`",
    ])
    if let apart = told.onTopApart, apart.count == 2, saves(apart[0]), !saves(apart[1]) {
      rows.append([
        "with batch norm: pixels alone", TableCell("pixels \(save(apart[0])), hidden units: no difference seen"),
        TableCell(drop(Double("\(ApartFindings.pixels.inputDropout)") ?? 0.2)),
      ])
    }
    let more = told.overSampled { $0.singleError - $0.scaledError }
    rows.append([
      "call `eval()` before a test",
      TableCell(
        saves(more) ? "forgotten, it costs \(fixed(more.mean, 1)) points (\(srivastava))" : "else masks stay on"),
      "`model.eval()`",
    ])
    page.prose("## What to do")
    page.table(Table("What to do, and why: our numbers", columns: ["do this", "why", "in PyTorch"], rows: rows))
  }

  /// For those who know no Swift: an exercise that checks itself, and two experiments.
  private static func addPython(to page: inout Page, _ told: Findings) {
    page.callout(
      .note,
      """
      **Without Swift:** exercises 6.1 and 6.4 in NumPy (below), and an experiment in PyTorch. Train the net of “The question” on \(grouped(told.few)) digits in batches of \(batchSize) for \(grouped(told.steps)) steps, with momentum 0.9 and a rate that falls from \(rate(told.contest[0])) to 0, then without its dropout line, then with the noise of “Must anything be missing?” in its place. Expect about \(fixed(told.contest[0].testErrors.mean, 1)) % of errors without dropout\(told.bestAlone.map { ", \(fixed((told.contest[0].testErrors - $0.pixels.gain).mean, 1)) % with it" } ?? "").
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
      "In our wide dense net with \(grouped(told.few)) digits, dropped \(saved("pixels", alone.pixels)), \(saved("hidden units", alone.units))."
      + (told.onPhotographs.map { found in
        (found.units.gain - found.pixels.gain).worded(
          above: " On as many photographs hidden units save more.",
          below: " On as many photographs, too, pixels save more.",
          withinChance: "")
      } ?? "")
  }

  /// `pixels save 1.2 points (share 0.2)`.
  private static func saved(_ name: String, _ alone: Alone) -> String {
    "\(name) \(plural(alone.gain)) (share \(short(alone.share)))"
  }

  /// In which nets it pays.
  private static func whenAdvice(_ told: Findings) -> String {
    guard let half = told.halfOfUnits, costs(half.narrow) else { return "" }
    return
      "Drop hidden units where layers are wide. Choose the share on validation images, and the learning rate with it."
  }

  /// What dropout adds to the best rate where labels are wrong; empty where it adds nothing.
  private static func wrongAdvice(_ told: Findings) -> String {
    guard saves(told.noisy.gain) else { return "" }
    return
      "With \(percent(Double(wrongShare))) of the labels wrong, a small learning rate protects much, and dropout adds \(fixed(told.noisy.gain.mean, 1)) points to that."
  }

  /// Why it helps, as far as the main comparison says.
  private static func reasonInShort(_ told: Findings) -> String {
    told.noiseIsAsGood
      ? "Of the pixels nothing need be missing: random factors of the same mean and variance save about as much as dropping."
      : ""
  }
}
